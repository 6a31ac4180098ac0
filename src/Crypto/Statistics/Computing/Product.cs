namespace Salus.Crypto.Statistics.Computing;

/// <summary>A product to compute: of two vectors, element by element, and then summed over blocks of so many elements.</summary>
public sealed record Product
{
    private Product(SecretVector left, SecretVector right, int block)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        ArgumentOutOfRangeException.ThrowIfNotEqual(right.Party, left.Party, nameof(right));
        ArgumentOutOfRangeException.ThrowIfNotEqual(right.Count, left.Count, nameof(right));
        (Left, Right, Block, Outputs) = (left, right, block, left.Blocks(block));
    }

    public SecretVector Left { get; }

    public SecretVector Right { get; }

    /// <summary>Elements in a sum.</summary>
    public int Block { get; }

    /// <summary>Elements of the result.</summary>
    public int Outputs { get; }

    /// <summary>Element by element.</summary>
    public static Product Elements(SecretVector left, SecretVector right) => new(left, right, 1);

    /// <summary>The sum of all the products: one element.</summary>
    public static Product Dot(SecretVector left, SecretVector right) => new(left, right, left?.Count ?? 0);

    /// <summary>The sums of the products of so many neighbours each.</summary>
    public static Product Blocks(SecretVector left, SecretVector right, int length) => new(left, right, length);
}
