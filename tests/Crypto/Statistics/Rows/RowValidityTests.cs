using Salus.Crypto.Statistics;
using Salus.Crypto.Statistics.Computing;
using Salus.Crypto.Statistics.Rows;
using Salus.Crypto.Statistics.Sharing;
using Salus.Crypto.Tests.Statistics.Computing;

namespace Salus.Crypto.Tests.Statistics.Rows;

public sealed class RowValidityTests
{
    private static readonly RowLayout Layout = new(
        [new RowVariable(30, 220, [60, 100], Presence.Optional), new RowVariable(-5, 5, [], Presence.Required), new RowVariable(0, 9, [4], Presence.Required)], [2, 3]);

    [Fact]
    public async Task EveryRowThatIsEncodedIsValid()
    {
        var rows = new List<ulong[]>();
        foreach (var first in new long?[] { null, 30, 59, 60, 99, 100, 220 })
            foreach (var second in new long[] { -5, 0, 5 })
                for (var third = 0; third <= 9; third++)
                    rows.Add(Layout.Encode([first, second, third], [third % 2, third % 3]));
        Assert.All(await CheckAsync(Layout, [.. rows]), Assert.True);
        var bare = new RowLayout([new RowVariable(7, 7, [], Presence.Required)], []);
        var valid = await CheckAsync(bare, bare.Encode([7], []), [8UL]);
        Assert.Equal([true, false], valid);
        Assert.Empty(await CheckAsync(Layout));
    }

    [Fact]
    public async Task EveryElementThatIsChangedMakesItsRowInvalidAndNoOther()
    {
        var good = Layout.Encode([72, -3, 4], [1, 2]);
        var rows = new List<ulong[]> { good };
        foreach (var by in new ulong[] { 1, 2, Field61.Modulus - 1, 1UL << 59 })
            for (var i = 0; i < good.Length; i++)
            {
                var changed = good.ToArray();
                changed[i] = Field61.Add(changed[i], by);
                rows.Add(changed);
            }
        rows.Add(good);
        var valid = await CheckAsync(Layout, [.. rows]);
        Assert.Equal(rows.Select((_, i) => i == 0 || i == rows.Count - 1), valid);
    }

    [Fact]
    public async Task RowsMadeUpToMoveAnAnswerAreInvalid()
    {
        ulong[] With(params (int At, ulong Element)[] changes)
        {
            var row = Layout.Encode([72, -3, 4], [1, 2]);
            foreach (var (at, element) in changes)
                row[at] = element;
            return row;
        }
        int low = Layout.Distances(1), high = low + Layout.Variables[1].Bits;
        Assert.DoesNotContain(true, await CheckAsync(Layout,
            // Beyond the upper bound, with distances that fit were they allowed to wrap: 6 is 11 from -5, and -1 from 5.
            With((1, 6), (low, 1), (low + 1, 1), (low + 2, 0), (low + 3, 1), (high, Field61.Modulus - 1), (high + 1, 0), (high + 2, 0), (high + 3, 0)),
            // Two categories at once, and minus one in a third.
            With((Layout.Category(1, 0), 1), (Layout.Category(1, 1), Field61.Modulus - 1)),
            With((Layout.Category(0, 0), 1)),
            // No category.
            With((Layout.Category(1, 2), 0)),
            // Another bucket than the value's.
            With((Layout.Bucket(2, 1), 0), (Layout.Bucket(2, 0), 1)),
            // Absent, and yet with a value.
            With((Layout.Present(0), 0)),
            With((Layout.Present(0), 0), (Layout.Bucket(0, 1), 0)),
            // Present twice.
            With((Layout.Present(0), 2), (Layout.Bucket(0, 0), 1)),
            new ulong[Layout.Count]));
    }

    [Fact]
    public async Task ARowOfAnotherSizeIsAMistakeOfTheCaller() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => CheckAsync(Layout, new ulong[Layout.Count + 1]));

    private static async Task<bool[]> CheckAsync(RowLayout layout, params ulong[][] rows)
    {
        var parcels = rows.Select(row =>
        {
            using var split = SplitVector.SplitElements(row);
            return Enumerable.Range(0, Parties.Count).Select(party =>
                SharePair.TryParse(party, row.Length, split.Parcel(party), out var pair) ? pair : throw new InvalidOperationException("Not a parcel.")).ToArray();
        }).ToArray();
        var results = await Ring.ResultsAsync(async computation => await
            RowValidity.CheckAsync(computation, layout, [.. parcels.Select(row => row[computation.Party])], default));
        Assert.All(results, result => Assert.Equal(results[0], result));
        return results[0];
    }
}
