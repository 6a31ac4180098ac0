
namespace Salus.Protocol.Http;

// The JSON bodies of the cloud's routes: camel case; byte[] is base64; times are RFC 3339. Signed messages travel as their bytes.

/// <summary>POST /v1/registrations and /v1/logins: 202 whoever asks, and a code by mail.</summary>
public sealed record MailRequest(string Mail);

/// <summary>POST /v1/cards/lookup.</summary>
/// <param name="Blinded">What <see cref="CardTag"/> is to be evaluated for: the address, blinded, 32 bytes; null from clients that know of no log.</param>
public sealed record CardRequest(string Mail, byte[]? Blinded = null);

/// <summary>The card of a mail address, and the evaluation of what was blinded: by it the client comes to the address's tag in the log.</summary>
public sealed record FoundCard(byte[] Signed, byte[]? Evaluation = null);

/// <summary>The answer to a <see cref="MailRequest"/>: where to bring the code.</summary>
public sealed record CodeSent(string Id, DateTimeOffset Expires);

/// <summary>
/// The account secret under a wrapping key.
/// </summary>
/// <param name="Kind">One of <see cref="SecretKinds"/>.</param>
/// <param name="Salt">16 bytes for a passphrase; else empty, for the other keys are random.</param>
/// <param name="MemoryKiB">Argon2id; 0 for what is no passphrase.</param>
/// <param name="Passes">Argon2id; 0 for what is no passphrase.</param>
/// <param name="Ciphertext">A sealed blob.</param>
public sealed record WrappedSecret(string Kind, byte[] Salt, int MemoryKiB, int Passes, byte[] Ciphertext);

/// <summary>POST /v1/registrations/{id}/complete.</summary>
/// <param name="Secrets">One under the recovery kit, and one under a passphrase if there is one.</param>
/// <param name="Device">What the session is to be called in the list of devices (<see cref="VisibleName"/>), or null.</param>
public sealed record CompleteRegistration(string Code, byte[] Card, IReadOnlyList<WrappedSecret> Secrets, string? Device = null);

/// <summary>POST /v1/logins/{id}/complete.</summary>
/// <param name="Device">What the session is to be called in the list of devices (<see cref="VisibleName"/>), or null.</param>
public sealed record CompleteLogin(string Code, string? Device = null);

/// <summary>A session: the token is a bearer token, 32 random bytes in base64url. It ends after idling, after its absolute life, and at logout.</summary>
public sealed record SessionStarted(string Token, DateTimeOffset Expires, AccountView Account);

/// <summary>GET /v1/account.</summary>
public sealed record AccountView(string Id, string Mail, byte[] Card, IReadOnlyList<WrappedSecret> Secrets);

/// <summary>
/// PUT /v1/account/keys: replaces the wrapped secret of the same kind, or adds the first passphrase. Signature: <see cref="SecretReplacement"/>, so that a stolen session cannot.
/// </summary>
public sealed record ReplaceSecret(WrappedSecret Secret, byte[] Signature);

/// <summary>One signed message, as its bytes.</summary>
public sealed record SignedBytes(byte[] Signed);

/// <summary>A list of signed messages.</summary>
public sealed record SignedList(IReadOnlyList<byte[]> Signed);

/// <summary>A catalogue row: the signed record header and the sealed metadata.</summary>
public sealed record CatalogueRecord(byte[] Signed, byte[] SealedMetadata);

/// <summary>POST /v1/records: a <see cref="CatalogueRecord"/> to be entered.</summary>
/// <param name="Possession">Of a record that refers to a body which is stored already: stores' signed words that its author has it (<see cref="PossessionProof"/>). Otherwise left out.</param>
public sealed record NewRecord(byte[] Signed, byte[] SealedMetadata, IReadOnlyList<byte[]>? Possession = null);

/// <summary>
/// POST /v1/bodies: a record on its way will refer to the body of this content, which so is not deleted meanwhile. The same for the same record, however often it comes.
/// </summary>
/// <param name="Tag">What the content is known by within the account's domain: 32 bytes.</param>
/// <param name="Record">The record's identifier.</param>
/// <param name="Body">The identifier of the body when it is a new one: random.</param>
/// <param name="Sealed">What the account needs to delete the body, sealed to itself. Kept when the body is new.</param>
public sealed record ClaimBody(byte[] Tag, string Record, string Body, byte[] Sealed);

/// <summary>The answer to a <see cref="ClaimBody"/>.</summary>
/// <param name="IsStored">Whether records refer to the body already.</param>
public sealed record ClaimedBody(string Body, bool IsStored);

/// <summary>POST /v1/tickets/possession: for a record that claims a stored body, one <see cref="PossessionTicket"/> for each of these stores.</summary>
public sealed record PossessionTicketRequest(string Record, IReadOnlyList<string> Stores);

/// <summary>A body of the account's domain that no record refers to any more: its fragments are to be deleted.</summary>
/// <param name="Deletions">By their owners, of all records that have named it (<see cref="Deletion"/>): the stores keep the fragments without them.</param>
public sealed record UnusedBody(string Body, byte[] Sealed, IReadOnlyList<byte[]> Deletions);

/// <summary>GET /v1/bodies/unused: the first of them.</summary>
public sealed record UnusedBodies(IReadOnlyList<UnusedBody> Bodies);

/// <summary>A page of the catalogue; `Next` is the cursor of the next page, or null.</summary>
public sealed record CataloguePage(IReadOnlyList<CatalogueRecord> Records, string? Next);

/// <summary>POST /v1/tickets: so many fragments of so many bytes at each of these stores (keys in hexadecimal, repeated for several fragments).</summary>
public sealed record TicketRequest(IReadOnlyList<string> Stores, long FragmentBytes);

/// <summary>A grant as its owner or delegatee sees it. `Revocation` is the signed notice once there is one; `Receipts` are the trustees'.</summary>
public sealed record GrantView(byte[] Signed, byte[]? Revocation, IReadOnlyList<byte[]> Receipts);

/// <summary>GET /v1/grants and /v1/grants/received.</summary>
public sealed record GrantList(IReadOnlyList<GrantView> Grants);

/// <summary>POST /v1/grants/{id}/revocation.</summary>
public sealed record RevokeGrant(byte[] Revocation, IReadOnlyList<byte[]> Receipts);

/// <summary>A deposit grant and, once there is one, the signed notice that ended it.</summary>
public sealed record DepositView(byte[] Signed, byte[]? Revocation);

/// <summary>GET /v1/deposits and /v1/deposits/received.</summary>
public sealed record DepositList(IReadOnlyList<DepositView> Deposits);
