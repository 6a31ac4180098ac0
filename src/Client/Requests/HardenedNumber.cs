using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Crypto.Sealing;
using Salus.Protocol;

namespace Salus.Client.Requests;

/// <summary>
/// What a telephone number is to the directory: a secret D that nobody computes from the number without two trustees, 32 bytes. All that the cloud keeps of an entry is derived
/// from it.
/// <code>
/// D            Argon2id(output of the OPRF for the number, fixed salt)
/// tag          KDF(D, "directory-tag")
/// find tag     KDF(D, "find-tag" | keyword)
/// handle       KDF(D, "record-handle" | record), 8 bytes: the number of records that two keywords share can be told from them, and nothing else
/// handles      sealed under KDF(D, "handles-key" | keyword): count u32 | handles | random, a power of two of handles and four at least
/// request      sealed under KDF(D, "request-key"): length u32 | signed request | zeros to a multiple of 1024
/// </code>
/// </summary>
internal sealed class HardenedNumber : IDisposable
{
    public const int Size = 32;
    public const int TagSize = 32;
    public const int HandleSize = 8;

    /// <summary>Records of one keyword that are counted, at most.</summary>
    public const int MaxHandles = 512;

    private const int MinHandles = 4;
    private const int RequestPadding = 1024;

    private readonly Secret _d;

    private HardenedNumber(Secret d)
    {
        _d = d;
        Tag = new byte[TagSize];
        Kdf.Derive(d.Bytes, Domains.DirectoryTag, Tag);
    }

    public byte[] Tag { get; }

    /// <summary>The secret itself, for its owner to keep.</summary>
    public ReadOnlySpan<byte> Bytes => _d.Bytes;

    /// <summary>From the output of the OPRF. Stretched, so that even who has two trustees' shares has to pay for every number.</summary>
    public static HardenedNumber Of(Secret output)
    {
        Span<byte> salt = stackalloc byte[Argon2id.SaltSize];
        using (var transcript = new Transcript(Domains.NumberSalt))
            transcript.ToHash(salt);
        var d = new Secret(Size);
        Argon2id.Derive(output.Bytes, salt, Argon2Parameters.Floor, d.Writable);
        return new HardenedNumber(d);
    }

    public static HardenedNumber Restore(ReadOnlySpan<byte> d) => new(Secret.CopyOf(d));

    public byte[] FindTag(string keyword)
    {
        var tag = new byte[TagSize];
        Kdf.Derive(_d.Bytes, Domains.FindTag, tag, Encoding.UTF8.GetBytes(keyword));
        return tag;
    }

    public ulong Handle(RecordId record)
    {
        Span<byte> handle = stackalloc byte[HandleSize];
        Kdf.Derive(_d.Bytes, Domains.RecordHandle, handle, record.ToBytes());
        return BinaryPrimitives.ReadUInt64BigEndian(handle);
    }

    public async Task<byte[]> SealHandlesAsync(string keyword, IReadOnlyCollection<ulong> handles)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(handles.Count, MaxHandles, nameof(handles));
        var plain = System.Security.Cryptography.RandomNumberGenerator.GetBytes(HandlesSize(handles.Count));
        BinaryPrimitives.WriteUInt32BigEndian(plain, (uint)handles.Count);
        var at = sizeof(uint);
        foreach (var handle in handles)
        {
            BinaryPrimitives.WriteUInt64BigEndian(plain.AsSpan(at), handle);
            at += HandleSize;
        }
        using var key = HandlesKey(keyword);
        return await SealedBlob.SealAsync(key, Domains.Handles, plain, Tag);
    }

    /// <summary>Null when the bytes are not those of this number and keyword.</summary>
    public async Task<IReadOnlyCollection<ulong>?> OpenHandlesAsync(string keyword, byte[] sealedHandles)
    {
        using var key = HandlesKey(keyword);
        return await SealedBlob.OpenAsync(key, Domains.Handles, sealedHandles, Tag) is { } plain ? ReadHandles(plain) : null;
    }

    internal static IReadOnlyCollection<ulong>? ReadHandles(byte[] plain)
    {
        if (plain.Length <= sizeof(uint))
            return null;
        var count = BinaryPrimitives.ReadUInt32BigEndian(plain);
        if (count > MaxHandles || plain.Length != HandlesSize((int)count))
            return null;
        return [.. Enumerable.Range(0, (int)count).Select(i => BinaryPrimitives.ReadUInt64BigEndian(plain.AsSpan(sizeof(uint) + i * HandleSize)))];
    }

    /// <summary>Bytes of the sealed handles of a keyword with so many records.</summary>
    public static int SealedHandlesSize(int count) => HandlesSize(count) + SealedBlob.Overhead;

    public async Task<byte[]> SealAsync(AccessRequest request)
    {
        var plain = new byte[(sizeof(uint) + request.Signed.Length + RequestPadding - 1) / RequestPadding * RequestPadding];
        BinaryPrimitives.WriteUInt32BigEndian(plain, (uint)request.Signed.Length);
        request.Signed.CopyTo(plain, sizeof(uint));
        using var key = RequestKey();
        return await SealedBlob.SealAsync(key, Domains.SealedRequest, plain, Tag);
    }

    /// <summary>A verified request to this number; null for anything else.</summary>
    public async Task<AccessRequest?> OpenAsync(byte[] sealedRequest)
    {
        using var key = RequestKey();
        return await SealedBlob.OpenAsync(key, Domains.SealedRequest, sealedRequest, Tag) is { } plain && ReadRequest(plain) is { } request
            && request.DirectoryTag.AsSpan().SequenceEqual(Tag) ? request : null;
    }

    internal static AccessRequest? ReadRequest(ReadOnlySpan<byte> plain)
    {
        if (plain.Length <= sizeof(uint))
            return null;
        var length = BinaryPrimitives.ReadUInt32BigEndian(plain);
        return length <= plain.Length - sizeof(uint) && AccessRequest.TryVerify(plain.Slice(sizeof(uint), (int)length), out var request) ? request : null;
    }

    public void Dispose() => _d.Dispose();

    public override string ToString() => "[redacted]";

    private static int HandlesSize(int count) => sizeof(uint) + HandleSize * (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(count, MinHandles));

    private Secret HandlesKey(string keyword) => Kdf.Derive(_d.Bytes, Domains.HandlesKey, Aead.KeySize, Encoding.UTF8.GetBytes(keyword));

    private Secret RequestKey() => Kdf.Derive(_d.Bytes, Domains.RequestKey, Aead.KeySize);
}
