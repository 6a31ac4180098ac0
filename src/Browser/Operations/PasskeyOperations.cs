using System.Buffers.Text;
using System.Text.Json.Serialization;
using Salus.Client;
using Salus.Client.Accounts;

namespace Salus.Browser.Operations;

internal sealed record CredentialArguments(string Credential);

/// <param name="Prf">What the passkey's pseudorandom function gave.</param>
internal sealed record AddPasskeyArguments(string Credential, SecretArgument Prf, string Name);

/// <param name="Prf">What the passkey's pseudorandom function gave.</param>
internal sealed record PasskeyLoginArguments(string Credential, SecretArgument Prf, string Device);

internal sealed record DeviceArguments(string Id);

/// <summary>What a browser is to ask a passkey for.</summary>
internal sealed record PasskeyOptions(string Options, string PrfSalt);

internal sealed record PasskeySalt(string PrfSalt, IReadOnlyList<string> Credentials);

internal sealed record PasskeyDocument(string Credential, string Name, DateTimeOffset CreatedAt)
{
    public static PasskeyDocument Of(Passkey passkey) => new(passkey.Id, passkey.Name, passkey.CreatedAt);
}

/// <summary>Passkeys, which log in and open the account, and the devices that are logged in.</summary>
internal sealed class PasskeyOperations(Session session)
{
    private static readonly string Salt = Base64Url.EncodeToString(Passkeys.PrfSalt);

    private PendingPasskey? _creation;
    private PendingPasskey? _login;

    private Passkeys Passkeys => new(session.Account);

    private Devices Devices => new(session.Account);

    public static void AddTo(OperationTable table, Session session)
    {
        var (operations, json) = (new PasskeyOperations(session), PasskeyJson.Default);
        table.Add("passkey.create", json.Nothing, json.PasskeyOptions, operations.CreateAsync);
        table.AddChange("passkey.add", json.AddPasskeyArguments, json.PasskeyDocument, operations.AddAsync);
        table.Add("passkey.list", json.Nothing, json.IReadOnlyListPasskeyDocument, operations.ListAsync);
        table.AddChange("passkey.remove", json.CredentialArguments, json.Done, operations.RemoveAsync);
        table.Add("passkey.request", json.Nothing, json.PasskeyOptions, operations.RequestAsync);
        table.AddChange("passkey.login", json.PasskeyLoginArguments, json.Identity, operations.LoginAsync);
        table.Add("passkey.salt", json.Nothing, json.PasskeySalt, (_, _) => Task.FromResult(new PasskeySalt(Salt, session.Profile.Exists ? Passkeys.In(session.Profile) : [])));
        table.Add("devices.list", json.Nothing, json.IReadOnlyListDevice, (_, call) => operations.Devices.ListAsync(call.Cancel));
        table.AddChange("devices.end", json.DeviceArguments, json.Done, operations.EndAsync);
    }

    private async Task<PasskeyOptions> CreateAsync(Nothing arguments, Call call) => new((_creation = await Passkeys.CreationOptionsAsync(call.Cancel)).Options, Salt);

    private async Task<PasskeyDocument> AddAsync(AddPasskeyArguments arguments, Call call)
    {
        using var prf = call.Secret(arguments.Prf);
        var added = await Passkeys.AddAsync(_creation ?? throw NotAsked(), arguments.Credential, prf, arguments.Name, call.Cancel);
        _creation = null;
        return PasskeyDocument.Of(added);
    }

    private async Task<IReadOnlyList<PasskeyDocument>> ListAsync(Nothing arguments, Call call) => [.. (await Passkeys.ListAsync(call.Cancel)).Select(PasskeyDocument.Of)];

    private async Task<Done> RemoveAsync(CredentialArguments arguments, Call call)
    {
        await Passkeys.RemoveAsync(arguments.Credential, call.Cancel);
        return new Done();
    }

    private async Task<PasskeyOptions> RequestAsync(Nothing arguments, Call call)
    {
        using var enrolment = await session.EnrolAsync(null, "passkey.request", call.Cancel);
        return new PasskeyOptions((_login = await enrolment.StartPasskeyLoginAsync(call.Cancel)).Options, Salt);
    }

    private async Task<Identity> LoginAsync(PasskeyLoginArguments arguments, Call call)
    {
        using var prf = call.Secret(arguments.Prf);
        using var enrolment = await session.EnrolAsync(arguments.Device, "passkey.login", call.Cancel);
        var account = await enrolment.CompletePasskeyLoginAsync(_login ?? throw NotAsked(), arguments.Credential, prf, session.Clock, call.Cancel);
        _login = null;
        await session.UnlockAsync(account);
        return Identity.Of(account);
    }

    /// <summary>Ending the session of this browser locks nothing: what is kept here stays open until it is locked.</summary>
    private async Task<Done> EndAsync(DeviceArguments arguments, Call call)
    {
        await Devices.EndAsync(arguments.Id, call.Cancel);
        return new Done();
    }

    private static CannotException NotAsked() => new("No passkey was asked for in this session. Begin again.", Reasons.BadPasskey);
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(Done))]
[JsonSerializable(typeof(Identity))]
[JsonSerializable(typeof(CredentialArguments))]
[JsonSerializable(typeof(AddPasskeyArguments))]
[JsonSerializable(typeof(PasskeyLoginArguments))]
[JsonSerializable(typeof(DeviceArguments))]
[JsonSerializable(typeof(PasskeyOptions))]
[JsonSerializable(typeof(PasskeySalt))]
[JsonSerializable(typeof(PasskeyDocument))]
[JsonSerializable(typeof(IReadOnlyList<PasskeyDocument>))]
[JsonSerializable(typeof(IReadOnlyList<Device>))]
internal sealed partial class PasskeyJson : JsonSerializerContext;
