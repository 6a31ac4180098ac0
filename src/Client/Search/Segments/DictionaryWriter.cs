using System.Buffers.Binary;
using System.Security.Cryptography;
using Salus.Crypto.Search;
using Salus.Crypto.Sealing;
using Salus.Protocol;

namespace Salus.Client.Search.Segments;

/// <summary>Writes the plaintext of a dictionary term by term, and seals it.</summary>
internal sealed class DictionaryWriter
{
    private const int ChunksAtOnce = 64;

    private readonly byte[] _last = new byte[TermText.MaximumSize];
    private byte[] _bytes = new byte[1 << 12];
    private int _length = DictionaryFormat.HeaderSize;
    private int _lastLength;

    public int Terms { get; private set; }

    /// <summary>What was added so far.</summary>
    public ReadOnlySpan<byte> Entries => _bytes.AsSpan(DictionaryFormat.HeaderSize, _length - DictionaryFormat.HeaderSize);

    /// <summary>A term whose postings are in blocks.</summary>
    public void Add(ReadOnlySpan<byte> term, int documents, int blocks)
    {
        BeginEntry(term, documents, room: Varint.MaximumSize);
        _length += Varint.Write((uint)blocks, _bytes.AsSpan(_length));
    }

    /// <summary>A term whose postings are here.</summary>
    public void AddInline(ReadOnlySpan<byte> term, int documents, ReadOnlySpan<byte> run)
    {
        BeginEntry(term, documents, room: Varint.MaximumSize + run.Length);
        _length += Varint.Write((uint)run.Length, _bytes.AsSpan(_length));
        run.CopyTo(_bytes.AsSpan(_length));
        _length += run.Length;
    }

    public void AddDocuments(ReadOnlySpan<byte> table)
    {
        Reserve(table.Length);
        table.CopyTo(_bytes.AsSpan(_length));
        _length += table.Length;
    }

    /// <summary>Seals it into <paramref name="output"/>; its length and SHA-256.</summary>
    public async Task<(long Length, byte[] Hash)> SealAsync(
        ChunkedEncryption encryption, byte flags, int documents, long totalLength, Stream output, CancellationToken cancellation)
    {
        DictionaryFormat.Magic.CopyTo(_bytes);
        var header = _bytes.AsSpan(DictionaryFormat.Magic.Length, DictionaryFormat.HeaderSize - DictionaryFormat.Magic.Length);
        header[0] = flags;
        BinaryPrimitives.WriteUInt32BigEndian(header[1..], (uint)documents);
        BinaryPrimitives.WriteUInt64BigEndian(header[5..], (ulong)totalLength);
        BinaryPrimitives.WriteUInt32BigEndian(header[13..], (uint)Terms);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var prefix = encryption.Prefix.ToArray();
        hash.AppendData(prefix);
        await output.WriteAsync(prefix, cancellation);
        var chunks = new byte[ChunksAtOnce * ChunkedEncryption.SealedChunkSize];
        for (var at = 0; ; at += ChunksAtOnce * ChunkedEncryption.ChunkSize)
        {
            var isLast = _length - at < ChunksAtOnce * ChunkedEncryption.ChunkSize;
            var plaintext = _bytes.AsMemory(at, isLast ? _length - at : ChunksAtOnce * ChunkedEncryption.ChunkSize);
            var first = (ulong)(at / ChunkedEncryption.ChunkSize);
            var sealedChunks = chunks.AsMemory(0, plaintext.Length + ((plaintext.Length / ChunkedEncryption.ChunkSize) + (isLast ? 1 : 0)) * ChunkedEncryption.TagSize);
            await (isLast ? encryption.SealFinalAsync(first, plaintext, sealedChunks) : encryption.SealAsync(first, plaintext, sealedChunks));
            hash.AppendData(sealedChunks.Span);
            await output.WriteAsync(sealedChunks, cancellation);
            if (isLast)
                return (ChunkedEncryption.CiphertextLength(_length), hash.GetHashAndReset());
        }
    }

    private void BeginEntry(ReadOnlySpan<byte> term, int documents, int room)
    {
        if (term.Length is 0 or > TermText.MaximumSize)
            throw new ArgumentException($"A term has 1 to {TermText.MaximumSize} bytes.", nameof(term));
        var last = _last.AsSpan(0, _lastLength);
        if (last.SequenceCompareTo(term) >= 0)
            throw new ArgumentException("Terms are added in the order of their bytes, each once.", nameof(term));
        Reserve(term.Length + (3 * Varint.MaximumSize) + room);
        var shared = Terms % DictionaryFormat.Restart == 0 ? 0 : last.CommonPrefixLength(term);
        _length += Varint.Write((uint)shared, _bytes.AsSpan(_length));
        _length += Varint.Write((uint)(term.Length - shared), _bytes.AsSpan(_length));
        term[shared..].CopyTo(_bytes.AsSpan(_length));
        _length += term.Length - shared;
        _length += Varint.Write((uint)documents, _bytes.AsSpan(_length));
        term.CopyTo(_last);
        _lastLength = term.Length;
        Terms++;
    }

    private void Reserve(int size)
    {
        if (ChunkedEncryption.CiphertextLength((long)_length + size) > Limits.MaxDictionary)
            throw new InvalidOperationException("The dictionary of a segment would be longer than anybody reads.");
        if (_bytes.Length - _length < size)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + size));
    }
}
