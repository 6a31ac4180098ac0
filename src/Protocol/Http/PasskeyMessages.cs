namespace Salus.Protocol.Http;

// The JSON bodies of the routes of passkeys and sessions: see Messages.cs. What browsers make and take (WebAuthn Level 3, section 5.1.8 and 5.1.9) travels as text, unchanged.

/// <summary>POST /v1/passkeys/options and POST /v1/passkeys/logins: what a browser is to be given, and where to bring its answer. Good once, for five minutes.</summary>
/// <param name="Options">PublicKeyCredentialCreationOptionsJSON or PublicKeyCredentialRequestOptionsJSON.</param>
public sealed record PasskeyChallenge(string Id, DateTimeOffset Expires, string Options);

/// <summary>POST /v1/passkeys: a new passkey and the account secret under it.</summary>
/// <param name="Challenge">The identifier of the <see cref="PasskeyChallenge"/>.</param>
/// <param name="Credential">RegistrationResponseJSON, without results of extensions.</param>
/// <param name="Name">A <see cref="VisibleName"/>.</param>
/// <param name="Signature">The identity key's, over <see cref="PasskeyChange.Addition"/>.</param>
public sealed record AddPasskey(string Challenge, string Credential, string Name, WrappedSecret Secret, byte[] Signature);

/// <summary>POST /v1/passkeys/{id}/removal. Signature: identity key over <see cref="PasskeyChange.Removal"/>.</summary>
public sealed record RemovePasskey(byte[] Signature);

/// <summary>POST /v1/passkeys/logins/{id}/complete.</summary>
/// <param name="Credential">AuthenticationResponseJSON, without results of extensions.</param>
/// <param name="Device">What the session is to be called in the list of devices, or null.</param>
public sealed record CompletePasskeyLogin(string Credential, string? Device = null);

/// <summary>A passkey of the account.</summary>
/// <param name="Id">The credential's identifier, base64url.</param>
/// <param name="LastUsedAt">The last login with it, or null.</param>
/// <param name="IsBackedUp">Whether its maker keeps a copy, on other devices of the user for example.</param>
public sealed record PasskeyView(string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, bool IsBackedUp);

/// <summary>GET /v1/passkeys, oldest first.</summary>
public sealed record PasskeyList(IReadOnlyList<PasskeyView> Passkeys);

/// <summary>A session of the account.</summary>
/// <param name="Id">16 bytes of a hash of its token, hexadecimal.</param>
/// <param name="Name">What the device called itself, or null.</param>
public sealed record SessionView(string Id, string? Name, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset Expires, bool IsCurrent);

/// <summary>GET /v1/sessions, newest first.</summary>
public sealed record SessionList(IReadOnlyList<SessionView> Sessions);
