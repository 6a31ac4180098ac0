using Salus.Cli.Parties;
using Salus.Client.Audit;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cli.Tests;

/// <summary>When a list is audited, and what is said of what was found.</summary>
public sealed class ScheduledListTests
{
    private static readonly TimeSpan Daily = TimeSpan.FromHours(24);

    [Theory]
    [InlineData("good", false)]
    [InlineData("failing", true)]
    public void AListThatIsWrittenWhileItIsAuditedIsAuditedAgainAtOnceUnlessAllWasWell(string state, bool isDue)
    {
        using var data = new TemporaryData();
        var list = Placed(data);
        Assert.True(list.IsDue(Daily));
        var made = list.Made;
        list.Write(new ScheduledResult(made, Of(state, new()), null));
        Assert.False(list.IsDue(Daily));
        Assert.True(list.IsDue(TimeSpan.Zero));
        // The result is the newer file of the two, and not of the list as it is.
        File.SetLastWriteTimeUtc(list.Path, made.UtcDateTime.AddSeconds(-1));
        Assert.Equal(isDue, list.IsDue(Daily));
        list.Place(list.Read());
        Assert.True(list.IsDue(Daily));
    }

    [Theory]
    [InlineData("failing", 3, 0, "missing")]
    [InlineData("failing", 3, 1, "failing")]
    [InlineData("silent", 0, 0, "silent")]
    public void WhoOnlyLacksFragmentsIsNotAccused(string state, int missing, int damaged, string said)
    {
        using var data = new TemporaryData();
        var list = Placed(data);
        Assert.Equal(("due", false), (list.Describe().State, list.Describe().Behind));
        list.IsBehind = true;
        list.Write(new ScheduledResult(list.Made, Of(state, new(missing, damaged)), null));
        Assert.Equal((said, true, list.Made), (list.Describe().State, list.Describe().Behind, list.Describe().Made));
        Assert.Equal(said == "missing", AuditText.Summary(list.Describe().Last!).Contains("lacks 3 of its fragments", StringComparison.Ordinal));
        list.Write(new ScheduledResult(list.Made, null, "no disk"));
        Assert.Equal("failed", list.Describe().State);
    }

    private static ScheduledList Placed(TemporaryData data)
    {
        var list = new ScheduledList(new DataFolder(data.Root), "0123456789abcdef.json");
        var key = SigningKey.Generate().PublicKey.ToString();
        list.Place(AuditList.Of(new PartyDirectory(new Party("cloud", new Uri("http://localhost"), key), [], []), []));
        return list;
    }

    private static AuditDocument Of(string state, (int Missing, int Damaged) store) => new(TimeProvider.System.GetUtcNow(), state, true, 8, 8, 8, 8, 1, new SeedDocument("", null, null, 0),
        [new StoreHealthDocument("store-1", state, 8, 8, 8, store.Missing, store.Damaged, 0, 0, 0, false, false, 1, 0, null)], [], []);
}
