using System.Buffers;
using Salus.Crypto.Merkle;
using Salus.Protocol;
using Salus.Protocol.Dispersal;

namespace Salus.Client.Sealing;

/// <summary>
/// One fragment of a body under opening: what it gives is checked against the leaf hashes, and these against the commitment that the author signed.
/// Remembers the first fault. For several workers at once.
/// </summary>
internal sealed class FragmentReader : IDisposable
{
    private readonly FragmentTerms _terms;
    private readonly FragmentSource? _source;
    private readonly SemaphoreSlim _preparing = new(1, 1);
    private readonly LeafHashes _leaves;
    private volatile Usability _usable;
    private string? _faulty;
    private bool _mayRebuild;

    // One word, read by several workers without the lock.
    private enum Usability
    {
        Unknown,
        Usable,
        Unusable,
    }

    public FragmentReader(FragmentTerms terms, int index, FragmentSource? source)
    {
        (_terms, Index, _source) = (terms, index, source);
        _leaves = new LeafHashes(this, terms.Layout, Math.Max(2, terms.Settings.WindowsKept / terms.Layout.DataUnits));
        if (source is null)
            (_usable, Fault) = (Usability.Unusable, FragmentFault.Missing);
    }

    public int Index { get; }

    /// <summary>Of the source, or of the place where it had the fault.</summary>
    public string Name => _faulty ?? _source?.Name ?? "";

    /// <summary>The first fault; one bad leaf is one. The fragment may still serve elsewhere.</summary>
    public FragmentFault Fault { get; private set; }

    /// <summary>It failed to answer, in time or at all: to be asked when nobody else is left.</summary>
    public bool IsLastResort { get; private set; }

    /// <summary>Whether its leaf hashes are those signed. Looks at the header, them and the next label, the first time.</summary>
    public async ValueTask<bool> IsUsableAsync(CancellationToken cancellation)
    {
        if (_usable is var known and not Usability.Unknown)
            return known == Usability.Usable;
        await _preparing.WaitAsync(cancellation);
        try
        {
            if (_usable == Usability.Unknown)
            {
                IsLastResort = false;
                var usable = await PrepareAsync(cancellation)
                    || (!IsLastResort && await _source!.TryElsewhereAsync(cancellation) && await PrepareAsync(cancellation));
                if (!IsLastResort) // who did not answer may do so another time
                    _usable = usable ? Usability.Usable : Usability.Unusable;
                return usable;
            }
            return _usable == Usability.Usable;
        }
        finally
        {
            _preparing.Release();
        }
    }

    /// <summary>
    /// For the last resort: whether the units themselves give the leaf hashes that were signed, when those at the end of the file are damaged. Reads it all.
    /// </summary>
    public async ValueTask<bool> RebuildAsync(CancellationToken cancellation)
    {
        await _preparing.WaitAsync(cancellation);
        try
        {
            if (_mayRebuild)
            {
                _mayRebuild = false;
                var root = new byte[MerkleTree.HashSize];
                var usable = await _leaves.RebuildAsync(root, cancellation) && _terms.IsCommitted(Index, root);
                _usable = usable ? Usability.Usable : Usability.Unusable;
            }
            return _usable == Usability.Usable;
        }
        finally
        {
            _preparing.Release();
        }
    }

    /// <summary>
    /// Reads units or pieces of them that follow one another in the file, each from a leaf's beginning, and says for each whether all its leaves are good.
    /// </summary>
    public async ValueTask ReadUnitsAsync(IReadOnlyList<UnitPiece> pieces, LeafHasher hasher, bool[] good, CancellationToken cancellation)
    {
        Array.Clear(good);
        var buffers = pieces.Select(piece => piece.Buffer).ToArray();
        var read = await ReadAsync(FragmentLayout.HeaderSize + pieces[0].Offset, buffers, cancellation);
        const int unitHashes = FragmentLayout.LeavesPerUnit * MerkleTree.HashSize;
        var rented = ArrayPool<byte>.Shared.Rent(2 * unitHashes);
        var (hashes, expected) = (rented.AsMemory(0, unitHashes), rented.AsMemory(unitHashes, unitHashes));
        for (var i = 0; i < pieces.Count && read >= pieces[i].Buffer.Length; read -= pieces[i++].Buffer.Length)
        {
            var leaves = (int)FragmentTreeHasher.Leaves(pieces[i].Buffer.Length);
            var size = leaves * MerkleTree.HashSize;
            if (!await _leaves.ReadAsync(1 + pieces[i].Offset / FragmentLayout.LeafSize, expected[..size], cancellation))
                continue;
            FragmentTreeHasher.HashLeaves(hasher, pieces[i].Buffer.Span, hashes.Span[..size]);
            good[i] = hashes.Span[..size].SequenceEqual(expected.Span[..size]);
        }
        ArrayPool<byte>.Shared.Return(rented);
        if (Array.IndexOf(good, false, 0, pieces.Count) >= 0)
            Report(FragmentFault.Damaged);
    }

    /// <summary>Fills the buffers from <paramref name="offset"/> on; returns how many bytes came. Faults but shortness are remembered here.</summary>
    public async ValueTask<long> ReadAsync(long offset, IReadOnlyList<Memory<byte>> buffers, CancellationToken cancellation)
    {
        try
        {
            if (_source!.ReadNow(offset, buffers) is { } now)
                return now;

            // A read that was given up may still write, and must not into buffers that are used again: this one goes back to the pool when all went well only.
            var total = buffers.Sum(buffer => buffer.Length);
            var own = ArrayPool<byte>.Shared.Rent(total);
            var read = 0;
            while (read < total && await ReadInTimeAsync(offset + read, own.AsMemory(read, total - read), cancellation) is > 0 and var more)
                read += more;
            var copied = 0;
            foreach (var buffer in buffers)
            {
                var part = Math.Min(buffer.Length, read - copied);
                own.AsSpan(copied, part).CopyTo(buffer.Span);
                copied += part;
            }
            ArrayPool<byte>.Shared.Return(own);
            return read;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            IsLastResort = true;
            Report(exception switch
            {
                TimeoutException => FragmentFault.Slow,
                FileNotFoundException or DirectoryNotFoundException => FragmentFault.Missing,
                _ => FragmentFault.Unreadable,
            });
            return 0;
        }
    }

    public void Report(FragmentFault fault)
    {
        if (Fault == FragmentFault.None)
            (Fault, _faulty) = (fault, _source?.Name);
    }

    public void Dispose()
    {
        _preparing.Dispose();
        _leaves.Dispose();
    }

    private async ValueTask<int> ReadInTimeAsync(long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = _source!.ReadAsync(offset, buffer, giveUp.Token);
        if (reading.IsCompletedSuccessfully)
            return Checked(reading.Result);
        var task = reading.AsTask();
        try
        {
            return Checked(await task.WaitAsync(_terms.Settings.ReadDeadline, _terms.Settings.Time, cancellation));
        }
        catch (TimeoutException)
        {
            await giveUp.CancelAsync();
            _ = task.ContinueWith(late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }

        int Checked(int read) => read >= 0 && read <= buffer.Length ? read : throw new IOException("The source returned an impossible length.");
    }

    private async ValueTask<bool> PrepareAsync(CancellationToken cancellation)
    {
        // 1. The leaf hashes, against the commitment.
        var header = new byte[FragmentHeader.Size];
        var headerRead = await ReadAsync(0, [header], cancellation);
        var root = new byte[MerkleTree.HashSize];
        var label = _terms.Label(Index);
        var parsed = FragmentHeader.TryParse(header, out var fields);
        if (IsLastResort)
            return false;
        if (headerRead < header.Length || !await _leaves.LoadAsync(root, cancellation) || !_terms.IsCommitted(Index, root))
        {
            _mayRebuild = !parsed || (Fits(fields!.Layout) && IsLabel(fields, label));
            Report(_mayRebuild ? FragmentFault.Damaged : FragmentFault.WrongLabel);
            return false;
        }

        // 2. Header and next label, against their leaf hashes. Damage there does no harm to the units.
        var nextLabel = new byte[FragmentLayout.LabelSize];
        await ReadAsync(_terms.Layout.NextLabelOffset, [nextLabel], cancellation);
        using var hasher = new LeafHasher();
        var hash = new byte[MerkleTree.HashSize];
        hasher.Leaf(header, hash);
        var headerGood = hash.AsSpan().SequenceEqual(_leaves.First);
        hasher.Leaf(nextLabel, hash);
        var nextGood = hash.AsSpan().SequenceEqual(_leaves.Last);
        if (!headerGood || !nextGood)
            Report(FragmentFault.Damaged);

        // 3. What they say, against the keys: signed by the author, so anything else is another chain.
        var expectedNext = _terms.NextLabel(Index) ?? nextLabel;
        if ((headerGood && !(parsed && Fits(fields!.Layout) && IsLabel(fields, label))) || (nextGood && !expectedNext.AsSpan().SequenceEqual(nextLabel)))
        {
            Report(FragmentFault.WrongLabel);
            return false;
        }
        return true;
    }

    private static bool IsLabel(FragmentHeader header, byte[]? label) => label is null || header.Label.SequenceEqual(label);

    private bool Fits(FragmentLayout layout) => layout.BodyLength == _terms.Layout.BodyLength
        && layout.DataUnits == _terms.Layout.DataUnits && layout.Fragments == _terms.Layout.Fragments;
}

/// <summary>A unit or a piece of it, to be read. Offset: from the first unit's beginning, a multiple of the leaf size.</summary>
internal readonly record struct UnitPiece(long Offset, Memory<byte> Buffer);
