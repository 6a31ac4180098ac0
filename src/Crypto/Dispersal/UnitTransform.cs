using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Salus.Crypto.Dispersal;

/// <summary>
/// A matrix over GF(2^8) made ready to be applied to units: output r = sum over j of coefficient[r, j] * input j, byte by byte.
/// Encoding and every restoration is one of these. Immutable, safe for many threads.
/// </summary>
/// <remarks>
/// Shapes: inputs lie one after another (inputs * unitSize bytes), outputs too. Inputs are read once for up to four outputs, which stay in registers;
/// more outputs go over blocks of the inputs that fit the first-level cache.
/// </remarks>
public sealed unsafe class UnitTransform
{
    private const int OutputsInRegisters = 4;
    private const int FirstLevelCache = 24 * 1024;
    private const int BlockOfPasses = 4096;

    private readonly GaloisKernel _kernel;
    private readonly byte[] _prepared;       // for the lane in use: groups of up to four outputs; in a group input by input, output by output
    private readonly byte[] _preparedScalar; // the same for the bytes after the last full vector

    internal UnitTransform(int inputs, int outputs, ReadOnlySpan<byte> matrix, GaloisKernel kernel)
    {
        Inputs = inputs;
        Outputs = outputs;
        _kernel = kernel;
        _preparedScalar = Prepare<ScalarLane, byte, byte>(matrix);
        _prepared = kernel == GaloisKernel.Gfni512 ? Prepare<Gfni512Lane, Vector512<byte>, Vector512<byte>>(matrix) : _preparedScalar;
    }

    /// <summary>Units taken in.</summary>
    public int Inputs { get; }

    /// <summary>Units given out.</summary>
    public int Outputs { get; }

    /// <summary>Computes all outputs. The buffers must not overlap.</summary>
    /// <param name="input"><see cref="Inputs"/> units of <paramref name="unitSize"/> bytes.</param>
    /// <param name="output"><see cref="Outputs"/> units of <paramref name="unitSize"/> bytes.</param>
    /// <param name="unitSize">Bytes of a unit, any number.</param>
    public void Apply(ReadOnlySpan<byte> input, Span<byte> output, int unitSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(unitSize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(input.Length, Inputs * unitSize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(output.Length, Outputs * unitSize);
        if (input.Overlaps(output))
            throw new ArgumentException("Input and output overlap.", nameof(output));

        fixed (byte* from = input)
        fixed (byte* to = output)
        {
            var done = _kernel switch
            {
                GaloisKernel.Gfni512 => Blocks<Gfni512Lane, Vector512<byte>, Vector512<byte>>(from, to, 0, unitSize, _prepared),
                GaloisKernel.Avx512 => Blocks<Avx512Lane, Vector512<byte>, (Vector512<byte>, Vector512<byte>)>(from, to, 0, unitSize, _prepared),
                GaloisKernel.Avx2 => Blocks<Avx2Lane, Vector256<byte>, (Vector256<byte>, Vector256<byte>)>(from, to, 0, unitSize, _prepared),
                GaloisKernel.Vector128 when OperatingSystem.IsBrowser() => Passes(from, to, unitSize, _prepared),
                GaloisKernel.Vector128 => Blocks<Vector128Lane, Vector128<byte>, (Vector128<byte>, Vector128<byte>)>(from, to, 0, unitSize, _prepared),
                _ => 0,
            };
            Blocks<ScalarLane, byte, byte>(from, to, done, unitSize, _preparedScalar);
        }
    }

    private byte[] Prepare<TLane, TVector, TInput>(ReadOnlySpan<byte> matrix)
        where TLane : struct, IGaloisLane<TVector, TInput>
    {
        var prepared = new byte[Inputs * Outputs * TLane.CoefficientSize];
        var at = 0;
        for (var first = 0; first < Outputs; first += OutputsInRegisters)
            for (var j = 0; j < Inputs; j++)
                for (var r = first; r < Math.Min(Outputs, first + OutputsInRegisters); r++, at += TLane.CoefficientSize)
                    TLane.Prepare(matrix[r * Inputs + j], prepared.AsSpan(at, TLane.CoefficientSize));
        return prepared;
    }

    /// <summary>Bytes [start, end) of every unit as far as whole vectors go; returns where it stopped.</summary>
    private int Blocks<TLane, TVector, TInput>(byte* input, byte* output, int start, int unitSize, byte[] prepared)
        where TLane : struct, IGaloisLane<TVector, TInput>
    {
        var end = unitSize - (unitSize - start) % TLane.Width;
        // With one group there is one pass anyway, and blocks would only cut the streams short.
        var block = Outputs <= OutputsInRegisters ? Math.Max(unitSize, 1) : Math.Max(FirstLevelCache / Inputs, 512) / 64 * 64;
        fixed (byte* coefficients = prepared)
        {
            for (var at = start; at < end; at += block)
            {
                var stop = Math.Min(end, at + block);
                var c = coefficients;
                for (var first = 0; first < Outputs; first += OutputsInRegisters)
                {
                    var rows = Math.Min(OutputsInRegisters, Outputs - first);
                    var to = output + (nint)first * unitSize;
                    switch (rows)
                    {
                        case 1: One<TLane, TVector, TInput>(input, to, at, stop, unitSize, c); break;
                        case 2: Two<TLane, TVector, TInput>(input, to, at, stop, unitSize, c); break;
                        case 3: Three<TLane, TVector, TInput>(input, to, at, stop, unitSize, c); break;
                        default: Four<TLane, TVector, TInput>(input, to, at, stop, unitSize, c); break;
                    }
                    c += rows * Inputs * TLane.CoefficientSize;
                }
            }
        }
        return end;
    }

    /// <summary>The same as <see cref="Blocks"/> for an interpreter, which makes compiled code of one short loop only: a pass over each block for every coefficient.</summary>
    private int Passes(byte* input, byte* output, int unitSize, byte[] prepared)
    {
        var end = unitSize - unitSize % 16;
        fixed (byte* coefficients = prepared)
            for (var at = 0; at < end; at += BlockOfPasses)
            {
                var size = Math.Min(BlockOfPasses, end - at);
                var c = coefficients;
                for (var first = 0; first < Outputs; first += OutputsInRegisters)
                    for (var j = 0; j < Inputs; j++)
                        for (var r = first; r < Math.Min(Outputs, first + OutputsInRegisters); r++, c += Vector128Lane.CoefficientSize)
                        {
                            var target = output + (nint)r * unitSize + at;
                            if (j == 0)
                                new Span<byte>(target, size).Clear();
                            MultiplyAdd(input + (nint)j * unitSize + at, target, size, c);
                        }
            }
        return end;
    }

    private static void MultiplyAdd(byte* source, byte* target, int size, byte* tables)
    {
        var low = *(Vector128<byte>*)tables;
        var high = *(Vector128<byte>*)(tables + 16);
        var nibble = Vector128.Create((byte)15);
        unchecked
        {
            for (var end = source + size; source < end; source += 16, target += 16)
            {
                var bytes = *(Vector128<byte>*)source;
                *(Vector128<byte>*)target ^= Vector128.ShuffleNative(low, bytes & nibble) ^ Vector128.ShuffleNative(high, bytes >>> 4);
            }
        }
    }

    // Four functions rather than one with an array of accumulators: only locals are kept in registers. Fully optimised at the first call,
    // since a small record is over before the runtime would find them worth it. Unchecked: pointers within the spans that Apply has measured.

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void One<TLane, TVector, TInput>(byte* input, byte* output, int at, int stop, int unitSize, byte* coefficients)
        where TLane : struct, IGaloisLane<TVector, TInput>
    {
        unchecked
        {
            for (; at < stop; at += TLane.Width)
            {
                TVector a = default!;
                var c = coefficients;
                var from = input + at;
                for (var j = Inputs; j > 0; j--, from += unitSize, c += TLane.CoefficientSize)
                    a = TLane.MultiplyAdd(a, TLane.Load(from), c);
                TLane.Store(a, output + at);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Two<TLane, TVector, TInput>(byte* input, byte* output, int at, int stop, int unitSize, byte* coefficients)
        where TLane : struct, IGaloisLane<TVector, TInput>
    {
        unchecked
        {
            for (; at < stop; at += TLane.Width)
            {
                TVector a = default!, b = default!;
                var c = coefficients;
                var from = input + at;
                for (var j = Inputs; j > 0; j--, from += unitSize, c += 2 * TLane.CoefficientSize)
                {
                    var x = TLane.Load(from);
                    a = TLane.MultiplyAdd(a, x, c);
                    b = TLane.MultiplyAdd(b, x, c + TLane.CoefficientSize);
                }
                var to = output + at;
                TLane.Store(a, to);
                TLane.Store(b, to + unitSize);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Three<TLane, TVector, TInput>(byte* input, byte* output, int at, int stop, int unitSize, byte* coefficients)
        where TLane : struct, IGaloisLane<TVector, TInput>
    {
        unchecked
        {
            for (; at < stop; at += TLane.Width)
            {
                TVector a = default!, b = default!, d = default!;
                var c = coefficients;
                var from = input + at;
                for (var j = Inputs; j > 0; j--, from += unitSize, c += 3 * TLane.CoefficientSize)
                {
                    var x = TLane.Load(from);
                    a = TLane.MultiplyAdd(a, x, c);
                    b = TLane.MultiplyAdd(b, x, c + TLane.CoefficientSize);
                    d = TLane.MultiplyAdd(d, x, c + 2 * TLane.CoefficientSize);
                }
                var to = output + at;
                TLane.Store(a, to);
                TLane.Store(b, to + unitSize);
                TLane.Store(d, to + 2 * (nint)unitSize);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Four<TLane, TVector, TInput>(byte* input, byte* output, int at, int stop, int unitSize, byte* coefficients)
        where TLane : struct, IGaloisLane<TVector, TInput>
    {
        unchecked
        {
            for (; at < stop; at += TLane.Width)
            {
                TVector a = default!, b = default!, d = default!, e = default!;
                var c = coefficients;
                var from = input + at;
                for (var j = Inputs; j > 0; j--, from += unitSize, c += 4 * TLane.CoefficientSize)
                {
                    var x = TLane.Load(from);
                    a = TLane.MultiplyAdd(a, x, c);
                    b = TLane.MultiplyAdd(b, x, c + TLane.CoefficientSize);
                    d = TLane.MultiplyAdd(d, x, c + 2 * TLane.CoefficientSize);
                    e = TLane.MultiplyAdd(e, x, c + 3 * TLane.CoefficientSize);
                }
                var to = output + at;
                TLane.Store(a, to);
                TLane.Store(b, to + unitSize);
                TLane.Store(d, to + 2 * (nint)unitSize);
                TLane.Store(e, to + 3 * (nint)unitSize);
            }
        }
    }
}
