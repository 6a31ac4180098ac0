using System.Text.Json.Serialization;
using Salus.Client.Accounts;

namespace Salus.Browser.Operations;

// What the operations of the account take and answer, as web/src/core/api.ts says it.

/// <summary>No arguments.</summary>
internal sealed record Nothing;

/// <summary>It is done; `Missing`: who has not heard of it yet, because they were away.</summary>
internal sealed record MissingDocument(IReadOnlyList<string> Missing);

internal sealed record Done([property: JsonPropertyName("done")] bool IsDone = true);

internal sealed record StartArguments(Uri Cloud);

internal sealed record MailArguments(string Mail);

internal sealed record KitArguments(string Kit);

internal sealed record LogoutArguments(bool Everywhere, bool Forget);

internal sealed record PassphraseArguments(SecretText Passphrase) : IDisposable
{
    public void Dispose() => Passphrase.Dispose();
}

internal sealed record RegisterArguments(PendingCode Pending, string Code, string Device, string? Organisation = null,
    SecretText? Passphrase = null) : IDisposable
{
    public void Dispose() => Passphrase?.Dispose();
}

internal sealed record LoginArguments(PendingCode Pending, string Code, SecretText Passphrase, string Device) : IDisposable
{
    public void Dispose() => Passphrase.Dispose();
}

internal sealed record RestoreArguments(PendingCode Pending, string Code, string Kit, SecretText Passphrase, string Device) : IDisposable
{
    public void Dispose() => Passphrase.Dispose();
}

/// <summary>Either the passphrase, or a passkey with what its pseudorandom function gave.</summary>
internal sealed record UnlockArguments(SecretText? Passphrase = null, string? Credential = null, SecretArgument? Prf = null) : IDisposable
{
    public void Dispose() => Passphrase?.Dispose();
}

/// <summary>What is known before anything is unlocked.</summary>
internal sealed record ProfileState(KnownProfile? Profile, bool Unlocked, string Cloud, int Unfinished);

internal sealed record KnownProfile(
    string Mail, string Account, string? Organisation, bool HasPassphrase, IReadOnlyList<string> Passkeys, DateTimeOffset? SessionExpires);

internal sealed record Identity(string Account, string Mail, string? Organisation, string Fingerprint, DateTimeOffset? SessionExpires)
{
    public static Identity Of(Account account) => new(account.Id.ToString(), account.Mail, account.Card.Organisation, account.Card.Fingerprint, account.SessionExpires);
}

/// <summary>The one answer, with <see cref="Kit"/>, that holds a secret: the recovery kit, when it is made.</summary>
internal sealed record Registered(Identity Identity, string Kit);

internal sealed record Kit([property: JsonPropertyName("kit")] string Text);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(Done))]
[JsonSerializable(typeof(StartArguments))]
[JsonSerializable(typeof(MailArguments))]
[JsonSerializable(typeof(KitArguments))]
[JsonSerializable(typeof(LogoutArguments))]
[JsonSerializable(typeof(PassphraseArguments))]
[JsonSerializable(typeof(RegisterArguments))]
[JsonSerializable(typeof(LoginArguments))]
[JsonSerializable(typeof(RestoreArguments))]
[JsonSerializable(typeof(UnlockArguments))]
[JsonSerializable(typeof(ProfileState))]
[JsonSerializable(typeof(PendingCode))]
[JsonSerializable(typeof(Identity))]
[JsonSerializable(typeof(IReadOnlyList<Warning>))]
[JsonSerializable(typeof(Registered))]
[JsonSerializable(typeof(Kit))]
internal sealed partial class AccountJson : JsonSerializerContext;
