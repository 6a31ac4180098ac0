using System.Globalization;
using System.Numerics;

namespace Salus.Crypto.Statistics.Results;

/// <summary>An exact fraction in lowest terms, the denominator above zero.</summary>
public readonly record struct Rational : IComparable<Rational>
{
    private readonly BigInteger _denominatorLessOne;

    public Rational(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
            throw new DivideByZeroException();
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        (Numerator, _denominatorLessOne) = (numerator / divisor, denominator / divisor - 1);
    }

    public BigInteger Numerator { get; }

    public BigInteger Denominator => _denominatorLessOne + 1;

    public int Sign => Numerator.Sign;

    public static Rational Zero => default;

    public static implicit operator Rational(BigInteger value) => new(value, 1);

    public static implicit operator Rational(long value) => new(value, 1);

    public static Rational operator +(Rational a, Rational b) => new(a.Numerator * b.Denominator + b.Numerator * a.Denominator, a.Denominator * b.Denominator);

    public static Rational operator -(Rational a, Rational b) => new(a.Numerator * b.Denominator - b.Numerator * a.Denominator, a.Denominator * b.Denominator);

    public static Rational operator -(Rational a) => new(-a.Numerator, a.Denominator);

    public static Rational operator *(Rational a, Rational b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static Rational operator /(Rational a, Rational b) => new(a.Numerator * b.Denominator, a.Denominator * b.Numerator);

    public static bool operator <(Rational a, Rational b) => a.CompareTo(b) < 0;

    public static bool operator >(Rational a, Rational b) => a.CompareTo(b) > 0;

    public static bool operator <=(Rational a, Rational b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Rational a, Rational b) => a.CompareTo(b) >= 0;

    public int CompareTo(Rational other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    public BigInteger Floor() => (Numerator - Modulo(Numerator, Denominator)) / Denominator;

    public BigInteger Ceiling() => -new Rational(-Numerator, Denominator).Floor();

    /// <summary>The nearest integer, halves away from zero.</summary>
    public BigInteger Round() => Sign < 0 ? -(-this).Round() : new Rational(2 * Numerator + Denominator, 2 * Denominator).Floor();

    /// <summary>So many digits after the point, rounded, as <c>-12.50</c>.</summary>
    public string ToString(int digits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(digits);
        var scaled = (this * BigInteger.Pow(10, digits)).Round();
        var text = BigInteger.Abs(scaled).ToString(CultureInfo.InvariantCulture).PadLeft(digits + 1, '0');
        return (scaled.Sign < 0 ? "-" : "") + (digits == 0 ? text : $"{text[..^digits]}.{text[^digits..]}");
    }

    /// <summary>The exact fraction, as <c>3/4</c> or <c>7</c>.</summary>
    public override string ToString() => Denominator.IsOne
        ? Numerator.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");

    /// <summary>The square root of a fraction that is not negative, rounded down to so many digits after the point.</summary>
    public Rational SquareRoot(int digits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Sign);
        var scale = BigInteger.Pow(10, digits);
        return new Rational(SquareRoot((this * scale * scale).Floor()), scale);
    }

    /// <summary>The integer square root, by Newton from above.</summary>
    internal static BigInteger SquareRoot(BigInteger value)
    {
        if (value.IsZero)
            return BigInteger.Zero;
        var root = BigInteger.One << (int)((value.GetBitLength() + 1) / 2);
        for (; ; )
        {
            var next = (root + value / root) >> 1;
            if (next >= root)
                return root;
            root = next;
        }
    }

    private static BigInteger Modulo(BigInteger value, BigInteger modulus)
    {
        var rest = BigInteger.Remainder(value, modulus);
        return rest.Sign < 0 ? rest + modulus : rest;
    }
}
