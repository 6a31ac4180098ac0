using System.Numerics;
using System.Security.Cryptography;

namespace Salus.Bench.Literature;

/// <summary>
/// What one index vector or trapdoor costs in MRSE (Cao, Wang, Li, Ren, Lou: "Privacy-preserving multi-keyword ranked search over encrypted
/// cloud data", INFOCOM 2011): the vector over the dictionary is split in two and each half multiplied by a secret square matrix of the dictionary's size.
/// A model of the cost and no implementation: the matrices are of doubles, random and not inverted, the vectors are not split.
/// </summary>
internal sealed class SecureKnn
{
    private readonly int _size;
    private readonly double[][] _matrices;
    private readonly double[] _vector;
    private readonly double[] _product;

    public SecureKnn(int dictionary)
    {
        _size = dictionary;
        _matrices = [Noise(_size * _size), Noise(_size * _size)];
        _vector = Noise(_size);
        _product = new double[_size];
    }

    /// <summary>Two products of a matrix with a vector. Returns a figure that depends on all of it.</summary>
    public double IndexVector()
    {
        var sum = 0.0;
        foreach (var matrix in _matrices)
        {
            for (var row = 0; row < _size; row++)
                _product[row] = Dot(matrix.AsSpan(row * _size, _size), _vector);
            sum += _product[0] + _product[^1];
        }
        return sum;
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var sums = Vector<double>.Zero;
        var at = 0;
        for (; at + Vector<double>.Count <= left.Length; at += Vector<double>.Count)
            sums += new Vector<double>(left[at..]) * new Vector<double>(right[at..]);
        var sum = Vector.Sum(sums);
        for (; at < left.Length; at++)
            sum += left[at] * right[at];
        return sum;
    }

    private static double[] Noise(int count)
    {
        var noise = new double[count];
        var bytes = RandomNumberGenerator.GetBytes(4096);
        for (var i = 0; i < count; i++)
            noise[i] = bytes[i % bytes.Length] / 255.0 + i % 7;
        return noise;
    }
}
