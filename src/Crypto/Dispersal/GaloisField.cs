namespace Salus.Crypto.Dispersal;

/// <summary>
/// Arithmetic of GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1 (0x11D), the field of Reed-Solomon codes since CCSDS and of ISA-L and par2.
/// It is used on coefficients only; the bulk of the bytes goes through <see cref="IGaloisLane{TVector,TInput}"/>.
/// </summary>
/// <remarks>Coefficients and coded bytes are public (ciphertext), so table look-ups are no side channel.</remarks>
internal static class GaloisField
{
    public const int Polynomial = 0x11D;

    private static readonly byte[] Exponents = new byte[510];
    private static readonly byte[] Logarithms = new byte[256];

    static GaloisField()
    {
        var value = 1;
        for (var power = 0; power < 255; power++)
        {
            Exponents[power] = Exponents[power + 255] = (byte)value;
            Logarithms[value] = (byte)power;
            value <<= 1;
            if (value > 255)
                value ^= Polynomial;
        }
    }

    public static byte Multiply(byte a, byte b) => a == 0 || b == 0 ? (byte)0 : Exponents[Logarithms[a] + Logarithms[b]];

    /// <summary>The inverse; zero has none and throws.</summary>
    public static byte Invert(byte a) => a == 0 ? throw new DivideByZeroException() : Exponents[255 - Logarithms[a]];

    /// <summary>
    /// Multiplication by <paramref name="coefficient"/> as the 8 by 8 bit matrix of GF2P8AFFINEQB: byte 7-i holds the row of result bit i.
    /// That instruction's own multiplication is of another field (0x11B), its affine transform is of any.
    /// </summary>
    public static ulong AffineMatrix(byte coefficient)
    {
        ulong matrix = 0;
        for (var column = 0; column < 8; column++)
        {
            var image = Multiply(coefficient, (byte)(1 << column));
            for (var row = 0; row < 8; row++)
                if ((image >> row & 1) != 0)
                    matrix |= 1UL << (8 * (7 - row) + column);
        }
        return matrix;
    }

    /// <summary>The products of <paramref name="coefficient"/> with 0..15 and with 0x00, 0x10 .. 0xF0: 32 bytes, for byte shuffles.</summary>
    public static void NibbleTables(byte coefficient, Span<byte> tables)
    {
        for (var nibble = 0; nibble < 16; nibble++)
        {
            tables[nibble] = Multiply(coefficient, (byte)nibble);
            tables[16 + nibble] = Multiply(coefficient, (byte)(nibble << 4));
        }
    }
}
