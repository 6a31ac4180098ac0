using System.Text.Json.Serialization;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Protocol;

namespace Salus.Browser.Operations;

internal sealed record StartArguments(Uri Cloud);

/// <summary>What is known before anything is unlocked.</summary>
internal sealed record ProfileState(KnownProfile? Profile, bool Unlocked, string Cloud, int Unfinished);

internal sealed record KnownProfile(
    string Mail, string Account, string? Organisation, bool HasPassphrase, IReadOnlyList<string> Passkeys, DateTimeOffset? SessionExpires);

/// <summary>Registration, login, unlocking and what belongs to the account itself.</summary>
internal sealed class AccountOperations(Session session)
{
    public static void AddTo(OperationTable table, Session session)
    {
        var operations = new AccountOperations(session);
        table.Add("start", AccountJson.Default.StartArguments, AccountJson.Default.ProfileState, operations.StartAsync);
    }

    private async Task<ProfileState> StartAsync(StartArguments arguments, Call call)
    {
        session.Cloud = arguments.Cloud;
        if (!session.Profile.Exists)
            session.Parties = await Enrolment.DiscoverAsync(arguments.Cloud, null, call.Cancel);
        return State(arguments.Cloud);
    }

    private ProfileState State(Uri cloud) => new(Known(), session.IsUnlocked, cloud.ToString(), session.Profile.Unfinished);

    private KnownProfile? Known()
    {
        if (!session.Profile.Exists)
            return null;
        var content = session.Profile.Load();
        if (!AccountCard.TryVerify(content.Card ?? [], out var card))
            throw new CannotException("What this browser keeps of the account is damaged: forget it and log in again. The account itself is safe.");
        return new KnownProfile(content.Mail, content.Account, card.Organisation, content.OpensByPassphrase(), [], content.TokenExpires);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StartArguments))]
[JsonSerializable(typeof(ProfileState))]
internal sealed partial class AccountJson : JsonSerializerContext;
