using Salus.Crypto.Dispersal;
using Salus.Crypto.Merkle;
using Salus.Protocol.Dispersal;

namespace Salus.Client.Sealing;

/// <summary>
/// Brings together authentic body bytes of a batch of stripes. Each stripe has k slots; slot i is for data unit i, and when that is not to be had, for any other
/// unit until the data is restored from all k.
/// </summary>
internal sealed class StripeReader : IDisposable
{
    private const int Empty = -1;

    private readonly OpenJob _job;
    private readonly FragmentLayout _layout;
    private readonly int _k;
    private readonly int _room;
    private readonly byte[] _slots;        // room for a carried chunk, then the stripes
    private readonly LeafHasher[] _hashers; // one for each slot, as sources may answer at once
    private readonly bool[][] _good;
    private byte[] _restored = [];
    private (int[] Present, int[] Wanted, UnitTransform Transform)? _restoring;

    public StripeReader(OpenJob job, int room)
    {
        (_job, _layout, _room) = (job, job.Body.Layout, room);
        _k = _layout.DataUnits;
        _slots = GC.AllocateUninitializedArray<byte>(room + job.StripesPerBatch * _layout.StripeLength, pinned: true);
        _hashers = [.. Enumerable.Range(0, _k).Select(_ => new LeafHasher())];
        _good = [.. Enumerable.Range(0, _k).Select(_ => new bool[job.StripesPerBatch])];
    }

    /// <summary>Bytes of the batch; offset from its first stripe's beginning, negative in the room before it.</summary>
    public Memory<byte> Body(long offset, int length) => _slots.AsMemory((int)(_room + offset), length);

    /// <summary>Whether the last stripe holds zeros from <paramref name="offset"/> on: its padding.</summary>
    public bool IsZero(long offset)
    {
        var end = (int)((_layout.Stripes - 1) % _job.StripesPerBatch) * _layout.StripeLength + _k * _layout.LastUnitSize;
        return !_slots.AsSpan((int)(_room + offset), (int)(end - offset)).ContainsAnyExcept((byte)0);
    }

    /// <summary>Reads, authenticates and where needed restores stripes [first, first + stripes).</summary>
    public async ValueTask ReadAsync(long first, int stripes, CancellationToken cancellation)
    {
        // 1. Whom to ask: the fragments that hold the data asked for, or else any k.
        var units = await ChooseAsync(first, stripes, cancellation);
        var restores = Enumerable.Range(0, _k).Any(slot => units[slot] >= _k);

        // 2. All at once.
        var readings = new List<Task>();
        for (var slot = 0; slot < _k; slot++)
            if (units[slot] != Empty)
                readings.Add(ReadSlotAsync(first, stripes, slot, units[slot], restores, cancellation).AsTask());
        await Task.WhenAll(readings);

        // 3. Stripe by stripe, replace what was bad and restore what is missing.
        for (var s = 0; s < stripes; s++)
        {
            var stripe = first + s;
            var bad = Enumerable.Range(0, _k).Any(slot => units[slot] != Empty && !_good[slot][s] && !Piece(stripe, units[slot], restores).IsEmpty);
            if (bad)
                Restore(stripe, s, await ReplaceAsync(stripe, s, units, restores, cancellation));
            else if (restores)
                Restore(stripe, s, units);
        }
    }

    public void Dispose()
    {
        foreach (var hasher in _hashers)
            hasher.Dispose();
    }

    private async ValueTask<int[]> ChooseAsync(long first, int stripes, CancellationToken cancellation)
    {
        var readers = _job.Body.Readers;
        var units = new int[_k];
        Array.Fill(units, Empty);
        for (var i = 0; i < _k; i++)
            for (var s = 0; s < stripes && units[i] == Empty; s++)
                if (!Needed(first + s, i).IsEmpty)
                    units[i] = i;
        var preparing = units.Where(unit => unit != Empty && !readers[unit].IsLastResort).Select(unit => readers[unit].IsUsableAsync(cancellation).AsTask()).ToList();
        var usable = await Task.WhenAll(preparing);
        if (usable.Length == units.Count(unit => unit != Empty) && usable.All(each => each))
            return units;

        Array.Fill(units, Empty);
        await foreach (var unit in CandidatesAsync(cancellation))
        {
            Place(units, unit);
            if (Array.IndexOf(units, Empty) < 0)
                return units;
        }
        throw _job.Body.Unavailable(OpenFailure.TooFewFragments);
    }

    /// <summary>Usable fragments, data first, then those that do not answer, then those whose leaf hashes have to be made anew.</summary>
    private async IAsyncEnumerable<int> CandidatesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var readers = _job.Body.Readers;
        var given = new bool[readers.Length];
        foreach (var lastResort in new[] { false, true })
            for (var unit = 0; unit < readers.Length; unit++)
                if (!given[unit] && readers[unit].IsLastResort == lastResort && await readers[unit].IsUsableAsync(cancellation))
                {
                    given[unit] = true;
                    yield return unit;
                }
        for (var unit = 0; unit < readers.Length; unit++)
            if (!given[unit] && await readers[unit].RebuildAsync(cancellation))
                yield return unit;
    }

    private async ValueTask ReadSlotAsync(long first, int stripes, int slot, int unit, bool restores, CancellationToken cancellation)
    {
        var pieces = new List<UnitPiece>(stripes);
        for (var s = 0; s < stripes; s++)
            if (Piece(first + s, unit, restores) is { IsEmpty: false } piece)
                pieces.Add(At(first + s, s, slot, piece));
        if (pieces.Count == 0)
            return;
        await _job.Body.Readers[unit].ReadUnitsAsync(pieces, _hashers[slot], _good[slot], cancellation);
        // Pieces are missing at the front only, when the range begins in a later unit of the first stripe.
        if (Piece(first, unit, restores).IsEmpty)
            Array.Copy(_good[slot], 0, _good[slot], 1, stripes - 1);
    }

    /// <summary>Fills the slots whose units are bad in this stripe with units of other fragments; returns what each slot holds then.</summary>
    private async ValueTask<int[]> ReplaceAsync(long stripe, int s, int[] units, bool restores, CancellationToken cancellation)
    {
        var all = Hull(stripe);
        var held = new int[_k];
        var failed = new HashSet<int>();
        for (var slot = 0; slot < _k; slot++)
        {
            held[slot] = Empty;
            if (units[slot] == Empty || Piece(stripe, units[slot], restores) is { IsEmpty: true })
                continue;
            if (!_good[slot][s])
                failed.Add(units[slot]);
            else if (Piece(stripe, units[slot], restores) == all)
                held[slot] = units[slot];
        }
        if (Array.IndexOf(held, Empty) < 0)
            return held;
        var good = new bool[1];
        await foreach (var unit in CandidatesAsync(cancellation))
        {
            if (failed.Contains(unit) || Array.IndexOf(held, unit) >= 0)
                continue;
            var slot = Place(held, unit);
            await _job.Body.Readers[unit].ReadUnitsAsync([At(stripe, s, slot, all)], _hashers[slot], good, cancellation);
            if (!good[0])
                held[slot] = Empty;
            else if (Array.IndexOf(held, Empty) < 0)
                return held;
        }
        throw _job.Body.Unavailable(OpenFailure.TooFewFragments);
    }

    /// <summary>Computes the data units that are not in their slots, and puts them there.</summary>
    private void Restore(long stripe, int s, int[] held)
    {
        var wanted = Enumerable.Range(0, _k).Where(i => held[i] != i && !Needed(stripe, i).IsEmpty).ToArray();
        if (wanted.Length == 0)
            return;
        if (_restoring is not { } known || !known.Present.AsSpan().SequenceEqual(held) || !known.Wanted.AsSpan().SequenceEqual(wanted))
            _restoring = known = ([.. held], wanted, _job.Body.Code.Restoring(held, wanted));
        var unit = _layout.UnitSizeOf(stripe);
        if (_restored.Length < wanted.Length * unit)
            _restored = GC.AllocateUninitializedArray<byte>(wanted.Length * unit);
        known.Transform.Apply(_slots.AsSpan(_room + s * _layout.StripeLength, _k * unit), _restored.AsSpan(0, wanted.Length * unit), unit);
        for (var w = 0; w < wanted.Length; w++)
            _restored.AsSpan(w * unit, unit).CopyTo(_slots.AsSpan(_room + s * _layout.StripeLength + wanted[w] * unit));
    }

    /// <summary>Puts a data unit into its own slot if that is free, any other unit into the last free one; returns the slot.</summary>
    private int Place(int[] held, int unit)
    {
        var slot = unit < _k && held[unit] == Empty ? unit : Array.LastIndexOf(held, Empty);
        held[slot] = unit;
        return slot;
    }

    private UnitPiece At(long stripe, int s, int slot, Interval piece) => new(
        stripe * FragmentLayout.UnitSize + piece.From,
        _slots.AsMemory(_room + s * _layout.StripeLength + slot * _layout.UnitSizeOf(stripe) + piece.From, piece.To - piece.From));

    /// <summary>What to read of a unit: what is asked for, or for restoring, what is asked for of any unit.</summary>
    private Interval Piece(long stripe, int unit, bool restores) => restores ? Hull(stripe) : Needed(stripe, unit);

    private Interval Hull(long stripe)
    {
        var hull = new Interval(int.MaxValue, 0);
        for (var i = 0; i < _k; i++)
            if (Needed(stripe, i) is { IsEmpty: false } needed)
                hull = new Interval(Math.Min(hull.From, needed.From), Math.Max(hull.To, needed.To));
        return hull;
    }

    /// <summary>The leaves of data unit i that hold bytes asked for; of the whole body, padding too.</summary>
    private Interval Needed(long stripe, int i)
    {
        var size = _layout.UnitSizeOf(stripe);
        if (_job.IsWhole)
            return new Interval(0, size);
        var start = stripe * _layout.StripeLength + (long)i * size;
        var from = (int)Math.Clamp(_job.BodyFrom - start, 0, size);
        var to = (int)Math.Clamp(_job.BodyTo - start, 0, size);
        return to <= from
            ? default
            : new Interval(from / FragmentLayout.LeafSize * FragmentLayout.LeafSize,
                Math.Min(size, (to + FragmentLayout.LeafSize - 1) / FragmentLayout.LeafSize * FragmentLayout.LeafSize));
    }

    private readonly record struct Interval(int From, int To)
    {
        public bool IsEmpty => To <= From;
    }
}
