using Salus.Crypto.Statistics;
using Salus.Crypto.Statistics.Computing;
using Salus.Crypto.Statistics.Sharing;
using BigInteger = System.Numerics.BigInteger;

namespace Salus.Crypto.Tests.Statistics.Computing;

public sealed class ComputationTests
{
    private static readonly BigInteger P = Field61.Modulus;

    [Theory]
    [InlineData(0), InlineData(1), InlineData(2), InlineData(7), InlineData(8), InlineData(9), InlineData(63), InlineData(4096), InlineData(4097), InlineData(20000)]
    public async Task ProductsAndDotProductsEqualIntegers(int count)
    {
        var random = new Random(count);
        ulong[] a = Field61Tests.Elements(random, count), b = Field61Tests.Elements(random, count);
        SecretVector[] x = Share(a), y = Share(b);
        var expected = a.Zip(b, (u, v) => (ulong)((BigInteger)u * v % P)).ToArray();
        var results = await Ring.ResultsAsync(async computation =>
        {
            var i = computation.Party;
            var products = await computation.MultiplyAsync([Product.Elements(x[i], y[i]), Product.Dot(y[i], x[i])], default);
            return (await computation.OpenAsync(products[0], default), await computation.OpenAsync(products[1], default));
        });
        Assert.All(results, result => Assert.Equal(expected, result.Item1));
        Assert.All(results, result => Assert.Equal([FieldVector.Sum(expected)], result.Item2));
    }

    [Theory]
    [InlineData(1, 5), InlineData(3, 4), InlineData(300, 7), InlineData(7, 300), InlineData(1000, 33)]
    public async Task BlocksAreSummedEachForItself(int blocks, int length)
    {
        var random = new Random(length);
        ulong[] a = Field61Tests.Elements(random, blocks * length), b = Field61Tests.Elements(random, blocks * length);
        SecretVector[] x = Share(a), y = Share(b);
        var expected = Enumerable.Range(0, blocks).Select(block => FieldVector.Dot(a.AsSpan(block * length, length), b.AsSpan(block * length, length))).ToArray();
        var results = await Ring.ResultsAsync(async computation => await computation.OpenAsync(
            (await computation.MultiplyAsync([Product.Blocks(x[computation.Party], y[computation.Party], length)], default))[0], default));
        Assert.All(results, result => Assert.Equal(expected, result));
    }

    [Fact]
    public async Task WhatIsLinearNeedsNoProducts()
    {
        SecretVector[] x = Ring.Share(1, 2, 3, 4), y = Ring.Share(10, 20, 30, -40);
        var results = await Ring.ResultsAsync(async computation =>
        {
            var (u, v) = (x[computation.Party], y[computation.Party]);
            var all = SecretVector.Concat(u.Add(v), v.Subtract(u), u.Scale(3), u.AddPublic(5), u.Sum(), u.SumBlocks(2), u.Scale([1, 10]), u.Slice(1, 2),
                SecretVector.Public(computation.Party, [7]));
            return await computation.OpenAsync(all, default);
        });
        long[] expected = [11, 22, 33, -36, 9, 18, 27, -44, 3, 6, 9, 12, 6, 7, 8, 9, 10, 3, 7, 1, 20, 3, 40, 2, 3, 7];
        Assert.All(results, result => Assert.Equal(expected, result.Select(Field61.ToSigned)));
    }

    [Fact]
    public async Task ProductsOfProductsAndSeveralVerificationsHold()
    {
        SecretVector[] x = Ring.Share(2, 3, 5);
        var results = await Ring.ResultsAsync(async computation =>
        {
            var u = x[computation.Party];
            var square = (await computation.MultiplyAsync([Product.Elements(u, u)], default))[0];
            var cube = (await computation.MultiplyAsync([Product.Elements(square, u)], default))[0];
            var first = await computation.OpenAsync(cube, default);
            var sixth = (await computation.MultiplyAsync([Product.Dot(cube, cube)], default))[0];
            return (ulong[])[.. first, .. await computation.OpenAsync(sixth, default)];
        });
        Assert.All(results, result => Assert.Equal([8, 27, 125, 64 + 729 + 15625], result));
    }

    [Fact]
    public async Task EveryPartysInputIsSharedAndItsBitsAreChecked()
    {
        ulong[][] given = [[1, 0, 1], [0, 0, 1], [1, 1, 0]];
        var results = await Ring.ResultsAsync(async computation =>
        {
            var inputs = await computation.InputAsync(given[computation.Party], default);
            foreach (var input in inputs)
                computation.AssertBits(input);
            return await computation.OpenAsync(SecretVector.Concat(inputs), default);
        });
        Assert.All(results, result => Assert.Equal(given.SelectMany(bits => bits), result));
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(2)]
    public async Task AnInputThatIsNoBitEndsTheComputation(int liar)
    {
        var outcomes = await new Ring().RunAsync(async computation =>
        {
            foreach (var input in await computation.InputAsync(new ulong[] { 1, computation.Party == liar ? 2UL : 0UL }, default))
                computation.AssertBits(input);
            return await computation.OpenAsync(SecretVector.Public(computation.Party, [1]), default);
        });
        Assert.All(outcomes, outcome => Assert.Equal(AbortReason.NotZero, outcome.Reason));
    }

    [Fact]
    public async Task WhatIsNotZeroEndsTheComputation()
    {
        SecretVector[] zeros = Ring.Share(0, 0), ones = Ring.Share(0, 1);
        Assert.All(await new Ring().RunAsync(computation => Asserted(computation, zeros)), outcome => Assert.Null(outcome.Reason));
        Assert.All(await new Ring().RunAsync(computation => Asserted(computation, ones)), outcome => Assert.Equal(AbortReason.NotZero, outcome.Reason));

        static async Task<ulong[]> Asserted(Computation computation, SecretVector[] vector)
        {
            computation.AssertZero(vector[computation.Party]);
            return await computation.OpenAsync(SecretVector.Public(computation.Party, [1]), default);
        }
    }

    [Fact]
    public async Task PartiesThatWereAskedForDifferentThingsEnd()
    {
        SecretVector[] x = Ring.Share(1);
        var outcomes = await new Ring().RunAsync(
            async computation => await computation.OpenAsync(x[computation.Party], default), party => party == 1 ? "the mean" : "the sum");
        Assert.All(outcomes, outcome => Assert.True(outcome.Reason is AbortReason.Confirmation or AbortReason.Unreachable));
    }

    [Fact]
    public async Task ARecipientGetsTheResultFromTwoOrThree()
    {
        SecretVector[] x = Ring.Share(11, -12);
        var revealed = await Ring.ResultsAsync(async computation =>
        {
            var squares = (await computation.MultiplyAsync([Product.Elements(x[computation.Party], x[computation.Party])], default))[0];
            return await computation.RevealAsync(squares, default);
        });
        var answers = revealed.Select((bytes, party) => Opening.TryParse(party, 2, bytes, out var shares) ? shares : null).ToArray();
        var elements = new ulong[2];
        Assert.Equal(Suspects.None, Reconstruction.FromThree(answers!, elements));
        Assert.Equal([121UL, 144UL], elements);
        Assert.True(Reconstruction.TryFromTwo(answers[2]!, answers[1]!, elements));
        Assert.Equal([121UL, 144UL], elements);
        Assert.False(Opening.TryParse(0, 3, revealed[0], out _));
        Assert.False(Opening.TryParse(0, 2, [.. revealed[0].AsSpan(1), 0xff], out _));
    }

    private static SecretVector[] Share(ulong[] elements)
    {
        using var split = SplitVector.SplitElements(elements);
        return [.. Enumerable.Range(0, Parties.Count).Select(party =>
            SharePair.TryParse(party, elements.Length, split.Parcel(party), out var pair) ? new SecretVector(pair) : throw new InvalidOperationException("Not a parcel."))];
    }
}
