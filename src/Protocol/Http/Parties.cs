namespace Salus.Protocol.Http;

/// <summary>Where a server is and which key it signs with. A client pins keys, not addresses.</summary>
/// <param name="Name">A short name for people: "store-2".</param>
/// <param name="Key">The server's Ed25519 identity, 64 hexadecimal digits.</param>
/// <param name="Log">Of the cloud: the key of its log (<see cref="Log.NoteKey"/>).</param>
/// <param name="Directory">Of the cloud: the key under which it makes the tags of mail addresses (<see cref="CardTag"/>), 64 hexadecimal digits.</param>
public sealed record Party(string Name, Uri Url, string Key, string? Log = null, string? Directory = null);

/// <summary>A trustee also has a box key (64 hexadecimal digits), to which kfrags are sealed, and cosigns the log.</summary>
/// <param name="Witness">The key under which it does (<see cref="Log.NoteKey"/>).</param>
public sealed record TrusteeParty(string Name, Uri Url, string Key, string Box, string? Witness = null);

/// <summary>All the servers of one installation: what a client pins when it registers.</summary>
/// <param name="Authority">The private CA's certificate in PEM when the servers use one, else null.</param>
public sealed record PartyDirectory(Party Cloud, IReadOnlyList<TrusteeParty> Trustees, IReadOnlyList<Party> Stores, string? Authority = null)
{
    /// <summary>Where they all are.</summary>
    public IReadOnlyList<Uri> Addresses() => [Cloud.Url, .. Trustees.Select(trustee => trustee.Url), .. Stores.Select(store => store.Url)];
}

/// <summary>GET /cloud.json, beside a page: the cloud that it belongs to.</summary>
/// <param name="Authority">The private CA's certificate in PEM when the servers use one, else null: a browser has to be told to trust it before it can reach them.</param>
public sealed record CloudAddress(Uri Cloud, string? Authority);
