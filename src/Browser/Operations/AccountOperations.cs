using System.Text.Json;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Partitions;
using Salus.Protocol;

namespace Salus.Browser.Operations;

/// <summary>Registration, login, unlocking and what belongs to the account itself.</summary>
internal sealed class AccountOperations(Session session)
{
    /// <summary>How long forgetting waits for others.</summary>
    private static readonly TimeSpan Brief = TimeSpan.FromSeconds(10);

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
        table.Add("logout", json.LogoutArguments, json.Done, (arguments, call) =>
            arguments.Forget ? operations.ForgetAsync(arguments) : session.ChangeAsync(() => operations.LogoutAsync(arguments, call), call.Cancel));
        table.Add("identity", json.Nothing, json.Identity, (_, _) => Task.FromResult(Identity.Of(session.Account)));
        table.Add("account.warnings", json.Nothing, json.IReadOnlyListWarning, (_, _) => Task.FromResult<IReadOnlyList<Warning>>([.. session.Account.Warnings]));
        table.Add("recovery.prove", json.KitArguments, json.Done, operations.ProveAsync);
        table.AddChange("recovery.renew", json.Nothing, json.Kit, operations.RenewAsync);
        table.AddChange("recovery.adopt", json.KitArguments, json.Done, operations.AdoptAsync);
        table.AddChange("passphrase.set", json.PassphraseArguments, json.Done, operations.SetPassphraseAsync);
    }

    private async Task<ProfileState> StartAsync(StartArguments arguments, Call call)
    {
        if (!arguments.Cloud.IsAbsoluteUri)
            throw new CannotException($"{arguments.Cloud} is no address of a cloud.", Reasons.BadAddress);
        session.Cloud = arguments.Cloud;
        var parties = await session.PartiesAsync(call.Cancel);
        return new ProfileState(Known(), session.IsUnlocked, parties.Cloud.Url.ToString(), session.Profile.Unfinished);
    }

    private async Task<PendingCode> StartRegistrationAsync(MailArguments arguments, Call call)
    {
        using var enrolment = await session.EnrolAsync(null, "register.start", call.Cancel);
        return await enrolment.StartRegistrationAsync(arguments.Mail, call.Cancel);
    }

    /// <summary>Once the account is there, the kit goes out whatever else fails: nobody could make it again.</summary>
    private async Task<Registered> RegisterAsync(RegisterArguments arguments, Call call)
    {
        using var enrolment = await session.EnrolAsync(arguments.Device, "register.complete", call.Cancel);
        var (made, kit) = await enrolment.RegisterAsync(arguments.Pending, arguments.Code, arguments.Passphrase?.Secret, arguments.Organisation, session.Clock, call.Cancel);
        using (kit)
        {
            await session.UnlockAsync(made);
            session.Later("register.complete", async (account, ended) =>
            {
                await new PartitionKeys(account).EnsureStandardAsync(ended);
                await account.CheckCardAsync(ended);
            });
            return new Registered(Identity.Of(made), kit.Reveal());
        }
    }

    private async Task<PendingCode> StartLoginAsync(MailArguments arguments, Call call)
    {
        using var enrolment = await session.EnrolAsync(null, "login.start", call.Cancel);
        return await enrolment.StartLoginAsync(arguments.Mail, call.Cancel);
    }

    private async Task<Identity> LoginAsync(LoginArguments arguments, Call call)
    {
        using var enrolment = await session.EnrolAsync(arguments.Device, "login.complete", call.Cancel);
        return await OpenAsync(await enrolment.LogInAsync(arguments.Pending, arguments.Code, arguments.Passphrase.Secret, session.Clock, call.Cancel));
    }

    private async Task<Identity> RestoreAsync(RestoreArguments arguments, Call call)
    {
        using var kit = RecoveryKit.Parse(arguments.Kit);
        using var enrolment = await session.EnrolAsync(arguments.Device, "recovery.restore", call.Cancel);
        return await OpenAsync(await enrolment.RestoreAsync(arguments.Pending, arguments.Code, kit, arguments.Passphrase.Secret, session.Clock, call.Cancel));
    }

    /// <summary>With the passphrase, or with a passkey that this browser knows.</summary>
    private async Task<Identity> UnlockAsync(UnlockArguments arguments, Call call)
    {
        if (arguments.Passphrase is { } passphrase)
            return await OpenAsync(await Account.UnlockAsync(session.Profile, passphrase.Secret, session.Clock));
        using var prf = call.Secret(arguments.Prf);
        return await OpenAsync(await Account.UnlockAsync(session.Profile, arguments.Credential ?? throw new JsonException(), prf, session.Clock));
    }

    private async Task<Identity> OpenAsync(Account account)
    {
        await session.UnlockAsync(account);
        return Identity.Of(account);
    }

    private async Task<Done> LogoutAsync(LogoutArguments arguments, Call call)
    {
        await Account.LogoutAsync(session.Profile, arguments.Everywhere, call.Cancel);
        session.Lock();
        return new Done();
    }

    /// <summary>
    /// What is kept here is deleted whatever a server or another operation does. A cloud that does not answer keeps the session until it expires; what is still under way has
    /// been stopped, and has a little time to end so that it writes nothing afterwards.
    /// </summary>
    private async Task<Done> ForgetAsync(LogoutArguments arguments)
    {
        session.Lock();
        using var brief = new CancellationTokenSource(Brief);
        await Task.WhenAll(
            TryAsync(() => Account.LogoutAsync(session.Profile, arguments.Everywhere, brief.Token)),
            TryAsync(() => session.ChangeAsync(() => Task.FromResult(true), brief.Token)));
        await session.ForgetAsync();
        return new Done();
    }

    private static async Task TryAsync(Func<Task> attempt)
    {
        try
        {
            await attempt();
        }
        catch (Exception)
        {
            // Nothing is to keep anybody from forgetting.
        }
    }

    private async Task<Done> ProveAsync(KitArguments arguments, Call call)
    {
        using var kit = RecoveryKit.Parse(arguments.Kit);
        await Account.ProveKitAsync(kit, call.Cancel);
        return new Done();
    }

    private async Task<Kit> RenewAsync(Nothing arguments, Call call)
    {
        var renewal = await KitRenewal.BeginAsync(Account);
        session.Shown.Add(renewal);
        return new Kit(renewal.Kit.Reveal());
    }

    /// <summary>The kit stays shown: done again, it is the same one.</summary>
    private async Task<Done> AdoptAsync(KitArguments arguments, Call call)
    {
        using var kit = RecoveryKit.Parse(arguments.Kit);
        _ = Account;
        await session.Shown.Renewal(kit).AdoptAsync(call.Cancel);
        return new Done();
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
            ? new KnownProfile(content.Mail, content.Account, card.Organisation, content.OpensByPassphrase(), Passkeys.In(session.Profile), content.TokenExpires)
            : throw new CannotException("What this browser keeps of the account is damaged: forget it and log in again. The account itself is safe.", Reasons.DamagedProfile);
    }
}
