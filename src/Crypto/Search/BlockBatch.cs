using System.Security.Cryptography;

namespace Salus.Crypto.Search;

/// <summary>Blocks of many terms on their way to be sealed together by a <see cref="BlockSealer"/>. For one thread at a time; serves again after <see cref="Clear"/>.</summary>
public sealed class BlockBatch : IDisposable
{
    public const int Capacity = 1024;

    private readonly byte[] _plaintexts = GC.AllocateArray<byte>(Capacity * BlockSize.Plain, pinned: true);
    private readonly List<Run> _runs = [];
    private byte[] _terms = new byte[16 * Capacity];
    private int _termsLength;

    /// <summary>Blocks of one term, behind one another.</summary>
    internal readonly record struct Run(int Start, int Length, uint FirstBlock, int At);

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    /// <summary>The next blocks are of this term, from number <paramref name="firstBlock"/> on.</summary>
    public void Begin(ReadOnlySpan<byte> utf8, uint firstBlock)
    {
        if (_terms.Length - _termsLength < utf8.Length)
            Array.Resize(ref _terms, Math.Max(2 * _terms.Length, _termsLength + utf8.Length));
        utf8.CopyTo(_terms.AsSpan(_termsLength));
        _runs.Add(new Run(_termsLength, utf8.Length, firstBlock, Count));
        _termsLength += utf8.Length;
    }

    /// <summary>Takes the next block and returns its 240 bytes, all zero, to be filled.</summary>
    public Span<byte> Next()
    {
        if (IsFull || _runs.Count == 0)
            throw new InvalidOperationException("The batch is full, or no term was begun.");
        return _plaintexts.AsSpan(Count++ * BlockSize.Plain, BlockSize.Plain);
    }

    /// <summary>Wipes it.</summary>
    public void Clear()
    {
        CryptographicOperations.ZeroMemory(_plaintexts.AsSpan(0, Count * BlockSize.Plain));
        CryptographicOperations.ZeroMemory(_terms.AsSpan(0, _termsLength));
        _runs.Clear();
        (Count, _termsLength) = (0, 0);
    }

    public void Dispose() => Clear();

    internal IReadOnlyList<Run> Runs => _runs;

    internal ReadOnlySpan<byte> Term(Run run) => _terms.AsSpan(run.Start, run.Length);

    internal ReadOnlyMemory<byte> Plaintexts => _plaintexts.AsMemory(0, Count * BlockSize.Plain);
}
