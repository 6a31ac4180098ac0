namespace Salus.Protocol.Http;

// The JSON bodies of the routes of the search index, the directory and requests for access: see Messages.cs. Dictionaries and blocks travel as octets.

/// <summary>POST /v1/records/lookup: records by their identifiers.</summary>
public sealed record RecordLookup(IReadOnlyList<string> Ids);

/// <summary>Those of the records that the caller may see, in any order, and the signed deletions of those that it could have seen.</summary>
public sealed record FoundRecords(IReadOnlyList<CatalogueRecord> Records, IReadOnlyList<byte[]> Deletions);

/// <summary>GET /v1/index/segments/{id}: how much of a segment is at the cloud, for who uploads it.</summary>
/// <param name="DictionaryLength">Bytes of the dictionary.</param>
public sealed record SegmentUpload(long DictionaryLength, int Blocks, bool IsPublished);

/// <summary>A page of signed index updates; `Next` is the cursor of the next page, or null.</summary>
public sealed record IndexUpdatePage(IReadOnlyList<byte[]> Updates, string? Next);

/// <summary>A keyword under which an account may be asked: its tag, 32 bytes, and the sealed handles of the records that have it.</summary>
public sealed record FindRow(byte[] Tag, byte[] Sealed);

/// <summary>PUT /v1/directory: all that others can find of an account. It takes the place of what was there.</summary>
/// <param name="Tag">32 bytes.</param>
/// <param name="SealedOwn">Sealed to the account itself.</param>
public sealed record DirectoryEntry(byte[] Tag, byte[] SealedOwn, IReadOnlyList<FindRow> Find);

/// <summary>GET /v1/directory.</summary>
public sealed record DirectoryView(byte[] Tag, byte[] SealedOwn);

/// <summary>POST /v1/requests.</summary>
/// <param name="Directory">The directory tag of who is asked.</param>
/// <param name="Find">1 to 8 tags of keywords.</param>
/// <param name="Sealed">The request, sealed to who is asked.</param>
public sealed record AskForAccess(byte[] Directory, IReadOnlyList<byte[]> Find, byte[] Sealed);

/// <summary>The answer to <see cref="AskForAccess"/>: the sealed handles of each tag, in the order of the tags.</summary>
public sealed record AskedForAccess(string Id, DateTimeOffset Expires, IReadOnlyList<byte[]> Found);

/// <summary>A request as who is asked sees it.</summary>
/// <param name="Asker">The asker's account.</param>
/// <param name="State">One of <see cref="RequestStates"/>.</param>
public sealed record IncomingRequest(string Id, string Asker, byte[] Sealed, DateTimeOffset CreatedAt, DateTimeOffset Expires, string State);

/// <summary>A request as the asker sees it. `Grant` is the grant that answers it, once it is approved.</summary>
public sealed record OutgoingRequest(string Id, DateTimeOffset CreatedAt, DateTimeOffset Expires, string State, string? Grant);

/// <summary>GET /v1/requests, oldest first.</summary>
public sealed record RequestList(IReadOnlyList<IncomingRequest> Incoming, IReadOnlyList<OutgoingRequest> Outgoing);

/// <summary>POST /v1/requests/{id}/approval: the grant that answers the request, and the code that releases it, which the cloud mails to the asker and keeps nowhere.</summary>
/// <param name="Code">10 characters of Crockford's base 32.</param>
public sealed record ApproveRequest(string Grant, string Code);

/// <summary>What became of a request for access.</summary>
public static class RequestStates
{
    public const string Pending = "pending";
    public const string Approved = "approved";
    public const string Denied = "denied";
    public const string Expired = "expired";
}
