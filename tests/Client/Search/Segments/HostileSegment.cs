using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Salus.Client.Search.Segments;
using Salus.Crypto;
using Salus.Crypto.Sealing;
using Salus.Crypto.Search;
using Salus.Protocol;

namespace Salus.Client.Tests.Search.Segments;

/// <summary>What a source with the right keys seals and signs, though no honest one would.</summary>
internal static class HostileSegment
{
    public static readonly AccountId Owner = BuiltIndex.Owner;
    public static readonly SegmentId Id = new(0x5e);
    private static readonly byte[] Seed = SHA256.HashData("hostile source"u8);

    public static byte[] Context => [.. Owner.ToBytes(), .. Id.ToBytes()];

    /// <summary>Opens a dictionary of this plaintext; an <see cref="AlarmException"/> when it is refused.</summary>
    public static async Task<OpenSegment> OpenAsync(byte[] plaintext, int blocks)
    {
        using var secret = Secret.CopyOf(Seed);
        using var key = new SegmentKey(secret, Context);
        using var encryption = ChunkedEncryption.Create(key.DictionaryKey, Context);
        var message = new byte[ChunkedEncryption.CiphertextLength(plaintext.Length)];
        encryption.Prefix.CopyTo(message);
        await encryption.SealFinalAsync(0, plaintext, message.AsMemory(ChunkedEncryption.PrefixSize));
        return await OpenSegment.OpenAsync(Owner, SegmentParts.Info(Id, message.Length, SHA256.HashData(message), blocks), secret, message);
    }

    /// <summary>A sealed block; <paramref name="plaintext"/> is filled up with zeros.</summary>
    public static async Task<ReadOnlyMemory<byte>> BlockAsync(string term, uint number, byte[] plaintext)
    {
        using var secret = Secret.CopyOf(Seed);
        using var key = new SegmentKey(secret, Context);
        using var token = key.Term(term);
        Array.Resize(ref plaintext, BlockSize.Plain);
        var made = new byte[BlockSize.Sealed];
        await token.SealAsync(number, plaintext, made);
        return made;
    }

    public static byte[] Header(uint documents, uint terms, byte flags = 0, ulong totalLength = 0)
    {
        var header = new byte[DictionaryFormat.HeaderSize];
        "salus dict 1\n"u8.CopyTo(header);
        header[13] = flags;
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(14), documents);
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(18), totalLength);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(26), terms);
        return header;
    }

    /// <summary>A table of so many documents.</summary>
    public static byte[] Table(int documents) => new byte[documents * IndexedDocument.Size];

    /// <summary>An entry of a dictionary; every number below 128 is one byte.</summary>
    public static byte[] Entry(byte shared, string suffix, byte documents, byte size, params byte[] run) =>
        [shared, (byte)Encoding.UTF8.GetByteCount(suffix), .. Encoding.UTF8.GetBytes(suffix), documents, size, .. run];
}
