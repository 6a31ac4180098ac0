using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Salus.Crypto.Dispersal;

/// <summary>How bytes are multiplied in bulk. All give the same bytes; the best that the processor offers is taken at run time.</summary>
internal enum GaloisKernel
{
    /// <summary>Two table look-ups a byte.</summary>
    Scalar,

    /// <summary>16 bytes by nibble shuffles: SSSE3, NEON, WebAssembly SIMD.</summary>
    Vector128,

    /// <summary>32 bytes by nibble shuffles.</summary>
    Avx2,

    /// <summary>64 bytes by nibble shuffles.</summary>
    Avx512,

    /// <summary>64 bytes, one affine transform each.</summary>
    Gfni512,
}

internal static class GaloisKernels
{
    public static GaloisKernel Best { get; } =
        IsSupported(GaloisKernel.Gfni512) ? GaloisKernel.Gfni512 :
        IsSupported(GaloisKernel.Avx512) ? GaloisKernel.Avx512 :
        IsSupported(GaloisKernel.Avx2) ? GaloisKernel.Avx2 :
        IsSupported(GaloisKernel.Vector128) ? GaloisKernel.Vector128 : GaloisKernel.Scalar;

    public static bool IsSupported(GaloisKernel kernel) => kernel switch
    {
        GaloisKernel.Gfni512 => Gfni.V512.IsSupported && Avx512BW.IsSupported,
        GaloisKernel.Avx512 => Avx512BW.IsSupported,
        GaloisKernel.Avx2 => Avx2.IsSupported,
        GaloisKernel.Vector128 => Vector128.IsHardwareAccelerated,
        _ => true,
    };
}
