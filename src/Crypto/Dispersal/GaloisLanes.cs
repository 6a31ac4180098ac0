using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Salus.Crypto.Dispersal;

/// <summary>
/// One width of the multiplication "accumulator += coefficient * bytes". The fused loops of <see cref="UnitTransform"/> are written once over it;
/// as lanes are structs, the compiler makes separate code for each and nothing here is a call.
/// </summary>
/// <typeparam name="TVector">The accumulator.</typeparam>
/// <typeparam name="TInput">Input bytes made ready once for all the outputs (for shuffles: both nibbles).</typeparam>
internal unsafe interface IGaloisLane<TVector, TInput>
{
    static abstract int Width { get; }

    static abstract int CoefficientSize { get; }

    static abstract void Prepare(byte coefficient, Span<byte> prepared);

    static abstract TInput Load(byte* source);

    static abstract TVector MultiplyAdd(TVector accumulator, TInput input, byte* coefficient);

    static abstract void Store(TVector accumulator, byte* target);
}

internal readonly unsafe struct Gfni512Lane : IGaloisLane<Vector512<byte>, Vector512<byte>>
{
    public static int Width => 64;

    public static int CoefficientSize => sizeof(ulong);

    public static void Prepare(byte coefficient, Span<byte> prepared) => BitConverter.TryWriteBytes(prepared, GaloisField.AffineMatrix(coefficient));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load(byte* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> MultiplyAdd(Vector512<byte> accumulator, Vector512<byte> input, byte* coefficient) =>
        accumulator ^ Gfni.V512.GaloisFieldAffineTransform(input, Vector512.Create(*(ulong*)coefficient).AsByte(), 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<byte> accumulator, byte* target) => accumulator.Store(target);
}

internal readonly unsafe struct Avx512Lane : IGaloisLane<Vector512<byte>, (Vector512<byte> Low, Vector512<byte> High)>
{
    public static int Width => 64;

    public static int CoefficientSize => 32;

    public static void Prepare(byte coefficient, Span<byte> prepared) => GaloisField.NibbleTables(coefficient, prepared);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<byte> Low, Vector512<byte> High) Load(byte* source)
    {
        var bytes = Vector512.Load(source);
        var mask = Vector512.Create((byte)15);
        return (bytes & mask, Avx512F.ShiftRightLogical(bytes.AsUInt64(), 4).AsByte() & mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> MultiplyAdd(Vector512<byte> accumulator, (Vector512<byte> Low, Vector512<byte> High) input, byte* coefficient) =>
        accumulator
        ^ Avx512BW.Shuffle(Avx512F.BroadcastVector128ToVector512((uint*)coefficient).AsByte(), input.Low)
        ^ Avx512BW.Shuffle(Avx512F.BroadcastVector128ToVector512((uint*)(coefficient + 16)).AsByte(), input.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<byte> accumulator, byte* target) => accumulator.Store(target);
}

internal readonly unsafe struct Avx2Lane : IGaloisLane<Vector256<byte>, (Vector256<byte> Low, Vector256<byte> High)>
{
    public static int Width => 32;

    public static int CoefficientSize => 32;

    public static void Prepare(byte coefficient, Span<byte> prepared) => GaloisField.NibbleTables(coefficient, prepared);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<byte> Low, Vector256<byte> High) Load(byte* source)
    {
        var bytes = Vector256.Load(source);
        var mask = Vector256.Create((byte)15);
        return (bytes & mask, Avx2.ShiftRightLogical(bytes.AsUInt64(), 4).AsByte() & mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> MultiplyAdd(Vector256<byte> accumulator, (Vector256<byte> Low, Vector256<byte> High) input, byte* coefficient) =>
        accumulator
        ^ Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(coefficient), input.Low)
        ^ Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(coefficient + 16), input.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<byte> accumulator, byte* target) => accumulator.Store(target);
}

internal readonly unsafe struct Vector128Lane : IGaloisLane<Vector128<byte>, (Vector128<byte> Low, Vector128<byte> High)>
{
    public static int Width => 16;

    public static int CoefficientSize => 32;

    public static void Prepare(byte coefficient, Span<byte> prepared) => GaloisField.NibbleTables(coefficient, prepared);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<byte> Low, Vector128<byte> High) Load(byte* source)
    {
        var bytes = Vector128.Load(source);
        return (bytes & Vector128.Create((byte)15), bytes >>> 4);
    }

    // The indices are below 16, where the shuffles of all processors agree.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MultiplyAdd(Vector128<byte> accumulator, (Vector128<byte> Low, Vector128<byte> High) input, byte* coefficient) =>
        accumulator
        ^ Vector128.ShuffleNative(Vector128.Load(coefficient), input.Low)
        ^ Vector128.ShuffleNative(Vector128.Load(coefficient + 16), input.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<byte> accumulator, byte* target) => accumulator.Store(target);
}

internal readonly unsafe struct ScalarLane : IGaloisLane<byte, byte>
{
    public static int Width => 1;

    public static int CoefficientSize => 32;

    public static void Prepare(byte coefficient, Span<byte> prepared) => GaloisField.NibbleTables(coefficient, prepared);

    public static byte Load(byte* source) => *source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte MultiplyAdd(byte accumulator, byte input, byte* coefficient) =>
        (byte)(accumulator ^ coefficient[input & 15] ^ coefficient[16 + (input >> 4)]);

    public static void Store(byte accumulator, byte* target) => *target = accumulator;
}
