using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Partitions;
using Salus.Crypto;
using Salus.Protocol;

namespace Salus.Browser.Operations;

/// <summary>Registration, login, unlocking and what belongs to the account itself.</summary>
internal sealed class AccountOperations(Session session)
{
    private Account Account => session.Account;

    public static void AddTo(OperationTable table, Session session)
    {
        var (operations, json) = (new AccountOperations(session), AccountJson.Default);
        table.AddChange("start", json.StartArguments, json.ProfileState, operations.StartAsync);
        table.Add("register.start", json.MailArguments, json.PendingCode, operations.StartRegistrationAsync);
        table.AddChange("register.complete", json.RegisterArguments, json.Registered, operations.RegisterAsync);
        table.Add("login.start", json.MailArguments, json.PendingCode, operations.StartLoginAsync);
        table.AddChange("login.complete", json.LoginArguments, json.Identity, operations.LoginAsync);
        table.AddChange("recovery.restore", json.RestoreArguments, json.Identity, operations.RestoreAsync);
        table.AddChange("unlock", json.UnlockArguments, json.Identity, operations.UnlockAsync);
        table.AddChange("logout", json.LogoutArguments, json.Done, operations.LogoutAsync);
        table.Add("identity", json.Nothing, json.Identity, (_, _) => Task.FromResult(Identity.Of(session.Account)));
        table.Add("recovery.prove", json.KitArguments, json.Done, operations.ProveAsync);
        table.AddChange("recovery.renew", json.Nothing, json.Kit, operations.RenewAsync);
        table.AddChange("passphrase.set", json.PassphraseArguments, json.Done, operations.SetPassphraseAsync);
    }

    private async Task<ProfileState> StartAsync(StartArguments arguments, Call call)
    {
        if (!arguments.Cloud.IsAbsoluteUri)
            throw new CannotException($"{arguments.Cloud} is no address of a cloud.", Reasons.BadAddress);
        if (!session.Profile.Exists)
            session.Discovered = await Enrolment.DiscoverAsync(arguments.Cloud, null, call.Cancel);
        return new ProfileState(Known(), session.IsUnlocked, session.Parties.Cloud.Url.ToString(), session.Profile.Unfinished);
    }

    private async Task<PendingCode> StartRegistrationAsync(MailArguments arguments, Call call)
    {
        using var enrolment = new Enrolment(session.Profile, session.Parties);
        return await enrolment.StartRegistrationAsync(arguments.Mail, call.Cancel);
    }

    /// <summary>Once the account is there, the kit goes out whatever else fails: nobody could make it again.</summary>
    private async Task<Registered> RegisterAsync(RegisterArguments arguments, Call call)
    {
        using var enrolment = new Enrolment(session.Profile, session.Parties);
        var passphrase = arguments.Passphrase?.Secret ?? throw new CannotException("Choose a passphrase.", Reasons.WeakPassphrase);
        using var kit = await enrolment.CompleteRegistrationAsync(arguments.Pending, arguments.Code, passphrase, arguments.Organisation, call.Cancel);
        await session.UnlockAsync(await Account.UnlockAsync(session.Profile, passphrase, session.Clock));
        session.Later("register.complete", (account, ended) => new PartitionKeys(account).EnsureStandardAsync(ended));
        return new Registered(Identity.Of(Account), kit.Reveal());
    }

    private async Task<PendingCode> StartLoginAsync(MailArguments arguments, Call call)
    {
        using var enrolment = new Enrolment(session.Profile, session.Parties);
        return await enrolment.StartLoginAsync(arguments.Mail, call.Cancel);
    }

    private async Task<Identity> LoginAsync(LoginArguments arguments, Call call)
    {
        using var enrolment = new Enrolment(session.Profile, session.Parties);
        await enrolment.CompleteLoginAsync(arguments.Pending, arguments.Code, arguments.Passphrase.Secret, call.Cancel);
        return await UnlockAsync(arguments.Passphrase.Secret);
    }

    private async Task<Identity> RestoreAsync(RestoreArguments arguments, Call call)
    {
        using var kit = RecoveryKit.Parse(arguments.Kit);
        using var enrolment = new Enrolment(session.Profile, session.Parties);
        await enrolment.RestoreAsync(arguments.Pending, arguments.Code, kit, arguments.Passphrase.Secret, call.Cancel);
        return await UnlockAsync(arguments.Passphrase.Secret);
    }

    private Task<Identity> UnlockAsync(UnlockArguments arguments, Call call) =>
        UnlockAsync(arguments.Passphrase?.Secret ?? throw new CannotException("The passphrase is empty.", Reasons.WrongPassphrase));

    private async Task<Identity> UnlockAsync(Secret passphrase)
    {
        await session.UnlockAsync(await Account.UnlockAsync(session.Profile, passphrase, session.Clock));
        return Identity.Of(Account);
    }

    private async Task<Done> LogoutAsync(LogoutArguments arguments, Call call)
    {
        if (!arguments.Forget || (session.Profile.Exists && session.Profile.Load().Token is not null))
            await Account.LogoutAsync(session.Profile, arguments.Everywhere, call.Cancel);
        session.Lock();
        if (arguments.Forget)
        {
            session.Discovered = session.Parties;
            session.Profile.Forget();
        }
        return new Done();
    }

    private async Task<Done> ProveAsync(KitArguments arguments, Call call)
    {
        using var kit = RecoveryKit.Parse(arguments.Kit);
        await Account.ProveKitAsync(kit, call.Cancel);
        return new Done();
    }

    private async Task<Kit> RenewAsync(Nothing arguments, Call call)
    {
        using var kit = await Account.RenewKitAsync(call.Cancel);
        return new Kit(kit.Reveal());
    }

    private async Task<Done> SetPassphraseAsync(PassphraseArguments arguments, Call call)
    {
        await Account.ChangePassphraseAsync(arguments.Passphrase.Secret, call.Cancel);
        return new Done();
    }

    private KnownProfile? Known()
    {
        if (!session.Profile.Exists)
            return null;
        var content = session.Profile.Load();
        return AccountCard.TryVerify(content.Card ?? [], out var card)
            ? new KnownProfile(content.Mail, content.Account, card.Organisation, content.OpensByPassphrase(), [], content.TokenExpires)
            : throw new CannotException("What this browser keeps of the account is damaged: forget it and log in again. The account itself is safe.", Reasons.DamagedProfile);
    }
}
