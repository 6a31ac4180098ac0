using System.Security.Cryptography;
using Salus.Crypto;

namespace Salus.Crypto.Tests;

public class TranscriptTests
{
    [Fact]
    public void HashesLengthPrefixedParts()
    {
        byte[] expected = [
            0, 0, 0, 0, 0, 0, 0, 1, (byte)'x',
            0, 0, 0, 0, 0, 0, 0, 2, 7, 8,
            0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 9,
            0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 10,
            0, 0, 0, 0, 0, 0, 0, 0];
        using var transcript = new Transcript("x");
        Assert.Equal(SHA512.HashData(expected), transcript.Append([7, 8]).Append(9u).Append(10ul).Append([]).ToHash());
    }

    [Fact]
    public void MovingAByteBetweenPartsChangesTheHash()
    {
        using var left = new Transcript("t").Append([1, 2]).Append([3]);
        using var right = new Transcript("t").Append([1]).Append([2, 3]);
        Assert.NotEqual(left.ToHash(), right.ToHash());
    }

    [Fact]
    public void LabelsSeparate()
    {
        using var left = new Transcript("ta").Append([1]);
        using var right = new Transcript("t").Append([1]);
        Assert.NotEqual(left.ToHash(), right.ToHash());
    }

    [Fact]
    public void ShortHashIsAPrefixAndEndsTheTranscript()
    {
        using var whole = new Transcript("t");
        using var part = new Transcript("t");
        var first = new byte[32];
        part.ToHash(first);
        Assert.Equal(whole.ToHash()[..32], first);
        Assert.Throws<InvalidOperationException>(() => part.ToHash(first));
        Assert.Throws<InvalidOperationException>(() => part.Append([1]));
    }
}
