using System.Security.Cryptography;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Dispersal;

/// <summary>
/// The content key of a body that the records of one domain share, and what follows from it. The key comes from the content, so that the same content finds the same body again;
/// through the trustees' function, so that neither the cloud nor whoever has stolen a domain's secret can try contents out; and with the domain's secret, so that trustees cannot
/// either, and no other domain ever makes the same.
/// </summary>
/// <remarks>
/// <code>
/// x   = content print under the domain's secret                       (ContentPrint)
/// y   = threshold OPRF of the trustees over x, under their key for contents
/// DEK = KDF(y | domain secret, "shared-content-key", x | layout)      layout: k, n and the stores, so that each way to disperse has bodies of its own
/// tag = KDF(DEK, "shared-tag")                                        what the cloud knows the content by
/// Q   = n characters drawn by KDF(DEK, "shared-sequence")
/// own = HMAC(KDF(domain secret, "shared-owner"), address)             the domain's alone: whoever may read a shared body cannot delete it under others
/// rel = HMAC(KDF(domain secret, "shared-reference"), address | owner | record)      releases what a record holds: the store keeps a fragment until it has seen all of them
/// </code>
/// A reader has the DEK of the content that it reads, and learns nothing by it of any other.
/// </remarks>
public sealed class SharedContent : IDisposable
{
    public const int TagSize = 32;

    private SharedContent(Secret contentKey) => ContentKey = contentKey;

    /// <summary>The DEK: a content's within one domain and layout. Goes into the sealed metadata of the records that share the body.</summary>
    public Secret ContentKey { get; }

    /// <param name="output">The trustees' output for the print.</param>
    /// <param name="domain">The domain's secret.</param>
    /// <param name="print">The content's print under it.</param>
    /// <param name="layout">How the body is dispersed, in one encoding.</param>
    public static SharedContent Derive(Secret output, Secret domain, Secret print, ReadOnlySpan<byte> layout)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(print);
        using var both = new Secret(output.Length + domain.Length);
        output.Bytes.CopyTo(both.Writable);
        domain.Bytes.CopyTo(both.Writable[output.Length..]);
        var info = new byte[print.Length + layout.Length];
        print.Bytes.CopyTo(info);
        layout.CopyTo(info.AsSpan(print.Length));
        var key = Kdf.Derive(both.Bytes, Domains.SharedContentKey, Aead.KeySize, info);
        CryptographicOperations.ZeroMemory(info);
        return new SharedContent(key);
    }

    /// <summary>Takes over a content key that was derived before.</summary>
    public static SharedContent Of(Secret contentKey) => new(contentKey);

    public byte[] Tag()
    {
        var tag = new byte[TagSize];
        Kdf.Derive(ContentKey.Bytes, Domains.SharedTag, tag);
        return tag;
    }

    /// <summary>The sequence key of n characters: the same whenever it is asked for.</summary>
    public SequenceKey Sequence(int n) => SequenceKey.Derive(ContentKey, n);

    /// <summary>The keys of the fragments of a body of this content.</summary>
    /// <param name="sequence">As <see cref="Sequence"/> gives it.</param>
    /// <param name="body">The body's identifier, 16 bytes: a content that is stored anew after a deletion is found at other addresses.</param>
    public FragmentKeys Fragments(SequenceKey sequence, ReadOnlySpan<byte> body) => FragmentKeys.Derive(ContentKey, sequence, SequenceKeyCustody.Shared, body);

    /// <summary>The capability to delete the fragment at an address; the store keeps its hash.</summary>
    public static byte[] Owner(Secret domain, ReadOnlySpan<byte> address)
    {
        ArgumentNullException.ThrowIfNull(domain);
        using var key = Kdf.Derive(domain.Bytes, Domains.SharedOwner, Mac.Size);
        var capability = new byte[Mac.Size];
        Mac.HmacSha256(key.Bytes, address, capability);
        return capability;
    }

    /// <summary>Releases the reference of a record to the fragment at an address; the store keeps its hash.</summary>
    /// <param name="owner">The account of the record's owner, 16 bytes: who alone can sign that the record is deleted.</param>
    /// <param name="record">The record's identifier, 16 bytes.</param>
    public static byte[] Release(Secret domain, ReadOnlySpan<byte> address, ReadOnlySpan<byte> owner, ReadOnlySpan<byte> record)
    {
        ArgumentNullException.ThrowIfNull(domain);
        using var key = Kdf.Derive(domain.Bytes, Domains.SharedReference, Mac.Size);
        var release = new byte[Mac.Size];
        Mac.HmacSha256(key.Bytes, [.. address, .. owner, .. record], release);
        return release;
    }

    public void Dispose() => ContentKey.Dispose();

    public override string ToString() => "[redacted]";
}
