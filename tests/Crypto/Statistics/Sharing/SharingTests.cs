using System.Globalization;
using Salus.Crypto.Statistics;
using Salus.Crypto.Statistics.Sharing;
using Salus.Testing;

namespace Salus.Crypto.Tests.Statistics.Sharing;

public sealed class SharingTests
{
    public static TheoryData<Vector> All => [.. Vectors.Read("sharing")];

    [Theory]
    [MemberData(nameof(All))]
    public void ParcelsAndCommitmentsAreThoseOfTheVectors(Vector vector)
    {
        long[] values = [.. vector["values"].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(value => long.Parse(value, CultureInfo.InvariantCulture))];
        var elements = new ulong[values.Length];
        FieldVector.FromSigned(values, elements);
        using var split = SplitVector.From(Secret.CopyOf(vector.Bytes("seeds")), Secret.CopyOf(vector.Bytes("blind")), elements);
        for (var party = 0; party < Parties.Count; party++)
            Assert.Equal(vector.Bytes($"parcel{party}"), split.Parcel(party));
        Assert.Equal(vector.Bytes("commitments"), split.Commit().Bytes.ToArray());
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(9), InlineData(4096)]
    public void AnyTwoGiveTheValuesBack(int count)
    {
        var random = new Random(count);
        long[] values = [.. Enumerable.Range(0, count).Select(_ => random.NextInt64(-Field61.MaxMagnitude, Field61.MaxMagnitude + 1))];
        var pairs = Split(values, out var commitments);
        var elements = new ulong[count];
        var back = new long[count];
        for (var i = 0; i < Parties.Count; i++)
        {
            Assert.True(pairs[i].Fits(commitments));
            foreach (var j in new[] { Parties.Next(i), Parties.Previous(i) })
            {
                Assert.True(Reconstruction.TryFromTwo(pairs[i], pairs[j], elements));
                FieldVector.ToSigned(elements, back);
                Assert.Equal(values, back);
            }
        }
        Assert.Equal(Suspects.None, Reconstruction.FromThree([pairs[2], pairs[0], pairs[1]], elements));
        FieldVector.ToSigned(elements, back);
        Assert.Equal(values, back);
    }

    [Fact]
    public void EveryWrongBitOfAParcelIsHeldAgainstTheCommitmentsOfThatParty()
    {
        using var split = SplitVector.Split([60, 61, 62]);
        var commitments = split.Commit();
        for (var party = 0; party < Parties.Count; party++)
        {
            var parcel = split.Parcel(party);
            for (var bit = 0; bit < 8 * parcel.Length; bit++)
            {
                var changed = parcel.ToArray();
                changed[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.False(SharePair.TryParse(party, 3, changed, out var pair) && pair.Fits(commitments));
            }
        }
    }

    [Fact]
    public void ParcelsOfAnotherLengthPartyOrCountAreRefused()
    {
        using var split = SplitVector.Split([1, 2, 3]);
        var commitments = split.Commit();
        for (var party = 0; party < Parties.Count; party++)
        {
            var parcel = split.Parcel(party);
            for (var length = 0; length < parcel.Length; length++)
                Assert.False(SharePair.TryParse(party, 3, parcel.AsSpan(0, length), out _));
            Assert.False(SharePair.TryParse(party, 3, [.. parcel, 0], out _));
            Assert.False(SharePair.TryParse(party, 4, parcel, out var other) && other.Fits(commitments));
        }
        Assert.False(SharePair.TryParse(2, 3, split.Parcel(1), out var moved) && moved.Fits(commitments));
        Assert.Throws<ArgumentOutOfRangeException>(() => SplitVector.ParcelSize(3, 1));
    }

    [Fact]
    public void TwoThatDisagreeGiveNothing()
    {
        var pairs = Split([5, 6], out _);
        var others = Split([5, 6], out _);
        var elements = new ulong[] { 1, 1 };
        Assert.False(Reconstruction.TryFromTwo(pairs[0], others[1], elements));
        Assert.Equal([0, 0], elements);
        Assert.Throws<ArgumentOutOfRangeException>(() => Reconstruction.TryFromTwo(pairs[0], pairs[0], elements));
        Assert.Throws<ArgumentException>(() => Reconstruction.FromThree([pairs[0], pairs[0], pairs[1]], elements));
    }

    [Fact]
    public void TheOneThatAnswersWronglyIsNamedByTheOtherTwo()
    {
        for (var wrong = 0; wrong < Parties.Count; wrong++)
        {
            var pairs = Split([5, 6], out _);
            pairs[wrong] = Split([5, 6], out _)[wrong];
            Assert.Equal((Suspects)(1 << wrong), Reconstruction.FromThree(pairs, new ulong[2]));
        }
    }

    [Fact]
    public void AWrongShareOfOneVectorLeavesItsTwoHoldersAndTheCommitmentsNameOne()
    {
        using var split = SplitVector.Split([5]);
        var commitments = split.Commit();
        // Vector 2 stands at the end of the parcel of party 1 and before the seed in that of party 2.
        foreach (var (liar, at) in new[] { (1, 64), (2, 32) })
        {
            var pairs = Enumerable.Range(0, Parties.Count).Select(party =>
            {
                var parcel = split.Parcel(party);
                if (party == liar)
                    parcel[at] ^= 1;
                Assert.True(SharePair.TryParse(party, 1, parcel, out var pair));
                return pair;
            }).ToArray();
            Assert.Equal(Suspects.Party1 | Suspects.Party2, Reconstruction.FromThree(pairs, new ulong[1]));
            Assert.Equal([liar], pairs.Where(pair => !pair.Fits(commitments)).Select(pair => pair.Party));
        }
    }

    [Fact]
    public void SplittingTheSameTwiceHasNothingInCommon()
    {
        using var one = SplitVector.Split([7, 7]);
        using var two = SplitVector.Split([7, 7]);
        Assert.All(Enumerable.Range(0, Parties.Count), party => Assert.NotEqual(one.Parcel(party), two.Parcel(party)));
        Assert.False(one.Commit().Equals(two.Commit()));
        Assert.Equal("[redacted]", one.ToString());
    }

    internal static SharePair[] Split(long[] values, out ShareCommitments commitments)
    {
        using var split = SplitVector.Split(values);
        commitments = split.Commit();
        return [.. Enumerable.Range(0, Parties.Count).Select(party =>
        {
            Assert.True(SharePair.TryParse(party, values.Length, split.Parcel(party), out var pair));
            return pair;
        })];
    }
}
