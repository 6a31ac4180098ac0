using System.Security.Cryptography;
using Salus.Client.Readings;

namespace Salus.Client.Tests.Readings;

/// <summary>A source is taken in once, however often it is read, grown or not, and wherever a kill has cut the taking in.</summary>
public class SourceRowsTests
{
    private static readonly ReadingSource File = new("/a/file");

    [Fact]
    public void EveryRowIsTakenInOnceThroughKillsAndGrowth()
    {
        for (var run = 0; run < 300; run++)
        {
            var rows = Enumerable.Range(0, RandomNumberGenerator.GetInt32(1, 40)).Select(i => new SensedRow(RandomNumberGenerator.GetInt32(1000), i)).ToArray();
            var taken = new List<SensedRow>();
            KeptSource? kept = null;
            for (var length = RandomNumberGenerator.GetInt32(1, rows.Length + 1); ; length = Math.Min(rows.Length, length + RandomNumberGenerator.GetInt32(0, 10)))
            {
                var isKilled = RandomNumberGenerator.GetInt32(3) > 0;
                foreach (var part in SourceRows.Split(File, kept, rows[..length]))
                {
                    var sorted = rows[..length][part.Range].OrderBy(row => row.Time).ToArray();
                    for (var done = (int)part.Done; done < sorted.Length && !(isKilled && RandomNumberGenerator.GetInt32(8) == 0);)
                    {
                        taken.Add(sorted[done++]);
                        kept = part.After(done);
                    }
                    if (kept is { Pending: > 0 } && kept.Done < kept.Pending)
                        break; // killed
                }
                if (length == rows.Length && kept is { } all && all.Rows == rows.Length)
                    break;
            }
            Assert.Equal(rows.Length, taken.Count);
            Assert.Equal(rows.OrderBy(row => row.Value), taken.OrderBy(row => row.Value));
            Assert.Empty(SourceRows.Split(File, kept, rows));
        }
    }

    [Fact]
    public void AnotherContentUnderTheSameNameIsNew()
    {
        SensedRow[] first = [new(1, 1), new(2, 2)], other = [new(1, 1), new(2, 3), new(3, 3)];
        var kept = Assert.Single(SourceRows.Split(File, null, first)).After(2);
        Assert.Equal(.., Assert.Single(SourceRows.Split(File, kept, other)).Range);
        Assert.Equal(.., Assert.Single(SourceRows.Split(File, kept, first[..1])).Range);
        Assert.Equal(2.., Assert.Single(SourceRows.Split(File, kept, [.. first, new(9, 9)])).Range);
        var behind = Assert.Single(SourceRows.Split(new ReadingSource("/a/file", Continues: true), kept, [new(9, 9)])).After(1);
        Assert.Empty(SourceRows.Split(File, behind, [.. first, new(9, 9)]));
    }

    [Fact]
    public void OnlyWhatIsKnownToBeNewIsNotCompared()
    {
        SensedRow[] rows = [new(3, 1), new(2, 2), new(1, 3)];
        var all = Assert.Single(SourceRows.Split(File, null, rows));
        Assert.True(all.IsUnknown);
        Assert.False(Assert.Single(SourceRows.Split(File, all.After(3), [.. rows, new(9, 9)])).IsUnknown);
        Assert.True(Assert.Single(SourceRows.Split(File, all.After(3), [new(9, 9), .. rows])).IsUnknown);
        // Cut in the middle and changed since.
        Assert.True(Assert.Single(SourceRows.Split(File, all.After(1), [new(9, 9), .. rows])).IsUnknown);
        Assert.False(Assert.Single(SourceRows.Split(File, all.After(1), rows)).IsUnknown);
    }

    [Fact]
    public void WhatIsMissingIsCountedAsOftenAsItIsMissing()
    {
        SensedRow[] rows = [new(1, 1), new(2, 2), new(1, 1), new(2, 3), new(1, 1)];
        Assert.Equal(rows, SourceRows.Missing(rows, []));
        Assert.Equal([new(2, 3), new(1, 1)], SourceRows.Missing(rows, [new(2, 2), new(1, 1), new(1, 1), new(7, 7)]));
        Assert.Empty(SourceRows.Missing(rows, [.. rows, .. rows]));
    }
}
