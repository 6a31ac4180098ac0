using System.Text;
using Salus.Health.Fhir;
using static Salus.Health.Tests.Fhir.Imports;

namespace Salus.Health.Tests.Fhir;

public class RestoreMapTests
{
    private static readonly string File = "{\"resourceType\":\"Bundle\",\"identifier\":{\"value\":\"envelope-secret\"},\"type\":\"collection\",\"entry\":["
        + string.Join(" , ", Enumerable.Range(0, 40).Select(i => Entry(i % 3 == 0 ? "Claim" : i % 3 == 1 ? "Patient" : "Condition", $"{i}"))) + "]}";

    private static List<ReadOnlyMemory<byte>> Shares(FhirImport import) => [.. import.Slices.Select(s => s.Index.Share)];

    [Fact]
    public void OnlyAllSharesTogetherAreTheMap()
    {
        var shares = Shares(Of(File));
        Assert.Equal(3, shares.Count);
        Assert.NotNull(RestoreMap.Combine(shares));
        for (var subset = 0; subset < 7; subset++)
            Assert.Null(RestoreMap.Combine([.. shares.Where((_, i) => (subset >> i & 1) == 1)]));
        Assert.Null(RestoreMap.Combine([.. shares, shares[0]]));
        Assert.Null(RestoreMap.Combine([shares[0], shares[1], Shares(Of(File))[2]]));
    }

    [Fact]
    public void FewerThanAllSharesAreRandomBytes()
    {
        // The map of a bundle is mostly zeros and ASCII; any share, and any two of three together, must look like coin tosses.
        var counts = new int[6, 8];
        long bytes = 0;
        for (var run = 0; run < 200; run++)
        {
            var shares = Shares(Of(File));
            bytes += shares[0].Length;
            for (var i = 0; i < shares[0].Length; i++)
                for (var bit = 0; bit < 8; bit++)
                    for (var j = 0; j < 3; j++)
                    {
                        var (a, b) = (shares[j].Span[i], shares[(j + 1) % 3].Span[i]);
                        counts[j, bit] += a >> bit & 1;
                        counts[j + 3, bit] += (a ^ b) >> bit & 1;
                    }
        }
        // Six standard deviations.
        var spread = 6 * Math.Sqrt(bytes) / 2;
        foreach (var count in counts)
            Assert.InRange(count, bytes / 2.0 - spread, bytes / 2.0 + spread);
    }

    [Fact]
    public void SharesTellOnlyTheMagnitudeOfAnImport()
    {
        var one = Of(Bundle(Entry("Claim", "c"), Entry("Patient", "p")));
        var more = Of(Bundle([Entry("Claim", "c"), .. Enumerable.Range(0, 30).Select(i => Entry("Patient", $"{i}"))]));
        Assert.Equal(one.Slice("insurance").Index.ToBytes().Length, more.Slice("insurance").Index.ToBytes().Length);
        Assert.Equal(one.Slice("insurance").Text(), more.Slice("insurance").Text());
    }

    [Fact]
    public void TheEnvelopeIsInNoSlice()
    {
        var import = Of(File);
        Assert.Equal(3, import.Slices.Count);
        foreach (var slice in import.Slices)
            Assert.DoesNotContain("envelope-secret", slice.Text() + Encoding.UTF8.GetString(slice.Index.ToBytes()), StringComparison.Ordinal);
        Assert.Equal(File, Encoding.UTF8.GetString(Exports.Of(import).Output));
    }

    [Theory, InlineData(33), InlineData(63), InlineData(65)]
    public void MoreSharesThanAStepHasBitsAreNoMap(int shares)
    {
        var map = new RestoreMap { Length = 1, Hash = new byte[32], Head = [1], Gaps = [[]], Steps = [new(uint.MaxValue, 0, 1)] };
        Assert.NotNull(RestoreMap.Combine([.. map.Split(32).Select(share => (ReadOnlyMemory<byte>)share)]));
        Assert.Null(RestoreMap.Combine([.. map.Split(shares).Select(share => (ReadOnlyMemory<byte>)share)]));
    }

    [Fact]
    public void AMapThatWouldFillTheDiskStopsAtTheFilesLength()
    {
        var gap = new byte[1000];
        var map = new RestoreMap { Length = 5000, Hash = new byte[32], Head = [], Gaps = [gap], Steps = [new(1, 0, 100_000)] };
        var index = new SliceIndex
        {
            Import = new(Guid.Empty),
            Partition = "medical",
            Form = FhirForm.Bundle,
            Facts = default,
            Entries = [.. Enumerable.Range(0, 100_000).Select(i => new ResourceEntry("Basic", null, null, null, "", i, 1, i, 1, false))],
            Attachments = [],
            Links = [],
            Share = map.Split(1)[0],
        };
        var output = new MemoryStream();
        Assert.Equal(ExportOutcome.Damaged, FhirExport.Write([new(index, new MemoryStream(new byte[100_000]))], _ => null, output).Outcome);
        Assert.InRange(output.Length, 0, 7000);
    }
}
