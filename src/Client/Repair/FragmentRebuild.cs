using Salus.Client.Sealing;
using Salus.Crypto.Dispersal;
using Salus.Crypto.Merkle;
using Salus.Protocol.Dispersal;

namespace Salus.Client.Repair;

/// <summary>A fragment to be made: its place, and what stands in its header and at its end.</summary>
internal sealed record RebuiltFragment(int Index, byte[] Label, byte[] NextLabel, Stream Output);

/// <summary>
/// Makes fragments of a body anew from any k others, stripe by stripe: every unit is authenticated before it enters the code, what comes out is hashed into the fragment's tree, and the
/// root must be the one that the author has committed to. No key is needed. A fragment that is rotten in places serves with its good leaves, also for itself.
/// </summary>
internal sealed class FragmentRebuild : IDisposable
{
    // 512 KiB of each fragment at a time.
    private const int StripesAtOnce = 8;

    private readonly FragmentTerms _terms;
    private readonly FragmentLayout _layout;
    private readonly FragmentReader[] _readers;
    private readonly RebuiltFragment[] _rebuilt;
    private readonly ReedSolomon _code;
    private readonly LeafHasher _hasher = new();
    private readonly byte[] _slots;

    public FragmentRebuild(FragmentTerms terms, IReadOnlyList<FragmentSource?> sources, IReadOnlyList<RebuiltFragment> rebuilt)
    {
        (_terms, _layout) = (terms, terms.Layout);
        _readers = [.. sources.Select((source, i) => new FragmentReader(terms, i, source))];
        _rebuilt = [.. rebuilt];
        _code = new ReedSolomon(_layout.DataUnits, _layout.Fragments);
        _slots = GC.AllocateUninitializedArray<byte>((int)Math.Min(StripesAtOnce, _layout.Stripes) * _layout.StripeLength);
    }

    /// <exception cref="BodyUnavailableException">A stripe has fewer than k good units.</exception>
    /// <exception cref="AlarmException">What came out is not what was signed: header or label of the plan are wrong.</exception>
    public async Task RunAsync(IProgress<long>? progress, CancellationToken cancellation)
    {
        var files = _rebuilt.Select(fragment => new RebuiltFile(_layout, fragment)).ToArray();
        try
        {
            for (var first = 0L; first < _layout.Stripes; first += StripesAtOnce)
            {
                var stripes = (int)Math.Min(StripesAtOnce, _layout.Stripes - first);
                await RebuildAsync(first, stripes, files, cancellation);
                progress?.Report(Math.Min(_layout.BodyLength, (first + stripes) * _layout.StripeLength));
            }
            foreach (var file in files)
                if (!_terms.IsCommitted(file.Fragment.Index, await file.FinishAsync(cancellation)))
                    throw new AlarmException(AlarmKind.Integrity, $"Fragment {file.Fragment.Index + 1} came out other than it was signed. Nothing was stored.");
        }
        finally
        {
            foreach (var file in files)
                file.Dispose();
        }
    }

    public void Dispose()
    {
        _hasher.Dispose();
        foreach (var reader in _readers)
            reader.Dispose();
    }

    private async Task RebuildAsync(long first, int stripes, RebuiltFile[] files, CancellationToken cancellation)
    {
        // 1. k fragments, all stripes of this round at once: their units follow one another in the file.
        var held = new int[stripes][];
        for (var s = 0; s < stripes; s++)
            held[s] = new int[_layout.DataUnits];
        foreach (var row in held)
            Array.Fill(row, -1);
        await foreach (var reader in ReadersAsync(cancellation))
        {
            if (held.All(row => Array.IndexOf(row, -1) < 0))
                break;
            await ReadAsync(reader, first, held, cancellation);
        }
        if (held.Any(row => Array.IndexOf(row, -1) >= 0))
            throw Unavailable();

        // 2. From k units of a stripe, those that are wanted.
        var wanted = files.Select(file => file.Fragment.Index).ToArray();
        (int[] Present, UnitTransform Transform)? restoring = null;
        for (var s = 0; s < stripes; s++)
        {
            if (restoring is not { } known || !known.Present.AsSpan().SequenceEqual(held[s]))
                restoring = known = (held[s], _code.Restoring(held[s], wanted));
            var unit = _layout.UnitSizeOf(first + s);
            var made = new byte[wanted.Length * unit];
            known.Transform.Apply(_slots.AsSpan(s * _layout.StripeLength, _layout.DataUnits * unit), made, unit);
            for (var i = 0; i < files.Length; i++)
                await files[i].AppendAsync(made.AsMemory(i * unit, unit), cancellation);
        }
    }

    /// <summary>Fills one free slot of each stripe that has one with the reader's units, as far as they are good.</summary>
    private async Task ReadAsync(FragmentReader reader, long first, int[][] held, CancellationToken cancellation)
    {
        // Stripes that follow one another are read in one go; those between that need nothing are read along.
        var from = Array.FindIndex(held, row => Array.IndexOf(row, -1) >= 0);
        var to = Array.FindLastIndex(held, row => Array.IndexOf(row, -1) >= 0);
        var pieces = new List<UnitPiece>();
        for (var s = from; s <= to; s++)
        {
            var (slot, unit) = (Array.IndexOf(held[s], -1), _layout.UnitSizeOf(first + s));
            var buffer = slot < 0 ? new byte[unit] : _slots.AsMemory(s * _layout.StripeLength + slot * unit, unit);
            pieces.Add(new UnitPiece((first + s) * FragmentLayout.UnitSize, buffer));
        }
        var good = new bool[pieces.Count];
        await reader.ReadUnitsAsync(pieces, _hasher, good, cancellation);
        for (var s = from; s <= to; s++)
            if (good[s - from] && Array.IndexOf(held[s], -1) is >= 0 and var slot)
                held[s][slot] = reader.Index;
    }

    /// <summary>Those that are usable, those that did not answer later, and in the end those whose leaf hashes have to be made anew.</summary>
    private async IAsyncEnumerable<FragmentReader> ReadersAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var given = new HashSet<FragmentReader>();
        foreach (var lastResort in new[] { false, true })
            foreach (var reader in _readers)
                if (reader.IsLastResort == lastResort && !given.Contains(reader) && await reader.IsUsableAsync(cancellation) && given.Add(reader))
                    yield return reader;
        foreach (var reader in _readers)
            if (!given.Contains(reader) && await reader.RebuildAsync(cancellation))
                yield return reader;
    }

    private BodyUnavailableException Unavailable() => new(OpenFailure.TooFewFragments,
        [.. _readers.Where(reader => reader.Fault != FragmentFault.None).Select(reader => new BadFragment(reader.Index, reader.Name, FaultOf(reader)))]);

    /// <summary>One that was found rotten in places, and then did not answer, may have more that is good.</summary>
    private static FragmentFault FaultOf(FragmentReader reader) =>
        reader is { IsLastResort: true, Fault: FragmentFault.Damaged or FragmentFault.WrongLabel } ? FragmentFault.Unreadable : reader.Fault;
}
