using System.Text;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Search;

/// <summary>
/// The key S of one segment of a search index, 32 random bytes, and all that comes from it. Only who has S can tell where the blocks of a term are.
/// </summary>
/// <remarks>
/// Follows the response-hiding schemes of Cash et al., "Dynamic Searchable Encryption in Very-Large Databases" (NDSS 2014), section 3, with blocks of postings
/// and the tokens at the client alone: the server is asked for addresses, and is never given what would open one.
/// <code>
/// Kt     = KDF(S, "search-terms")               T_w = HMAC(Kt, w)           w is UTF-8
/// K_dict = KDF(S, "search-dictionary")
/// addr_c = first 16 bytes of HMAC(T, "a" | c)   block c = AES-256-GCM(HMAC(T, "e"), nonce c, 240 bytes, AAD = owner | segment | addr_c)
/// </code>
/// c is a u32, in the nonce as 12 bytes; both big-endian. The fixed nonces are safe because T is a segment's alone and a segment is written once: block c under T
/// is sealed with one content, or again with the very same. Kt keys nothing but T_w, T nothing but strings that begin with "a" or "e" and differ in length.
/// Secret: S and everything derived but the addresses.
/// </remarks>
public sealed class SegmentKey : IDisposable
{
    public const int Size = 32;

    /// <summary>owner 16 | segment 16.</summary>
    public const int ContextSize = 32;

    private readonly byte[] _context;
    private readonly MacKey _terms;

    /// <summary>Takes nothing of <paramref name="secret"/> but what it derives. <paramref name="context32"/>: owner 16 | segment 16.</summary>
    public SegmentKey(Secret secret, ReadOnlySpan<byte> context32)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, Size, nameof(secret));
        ArgumentOutOfRangeException.ThrowIfNotEqual(context32.Length, ContextSize, nameof(context32));
        _context = context32.ToArray();
        using (var terms = Kdf.Derive(secret.Bytes, Domains.SearchTerms, MacKey.KeySize))
            _terms = new MacKey(terms.Bytes);
        DictionaryKey = Kdf.Derive(secret.Bytes, Domains.SearchDictionary, Size);
    }

    /// <summary>Input key of the dictionary's chunked encryption, whose context is <see cref="Context"/>. Disposed with this.</summary>
    public Secret DictionaryKey { get; }

    /// <summary>owner 16 | segment 16.</summary>
    public ReadOnlySpan<byte> Context => _context;

    public TermToken Term(string term) => Term(Encoding.UTF8.GetBytes(term));

    public TermToken Term(ReadOnlySpan<byte> utf8)
    {
        using var token = new Secret(TermToken.Size);
        Token(utf8, token.Writable);
        return new TermToken(token.Bytes, _context);
    }

    internal void Token(ReadOnlySpan<byte> utf8, Span<byte> token) => _terms.Compute(utf8, token);

    public void Dispose()
    {
        _terms.Dispose();
        DictionaryKey.Dispose();
    }

    public override string ToString() => "[redacted]";
}
