using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Salus.Health.Fhir;

namespace Salus.Health.Tests.Fhir;

public class GeneratedBundleTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(400).WithEndSize(int.MaxValue / 2);

    private static void ForSeeds(Action<int> property) => Check.One(Runs, Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), property));

    private static FhirImport Import(byte[] file) => Imports.Of(file, new() { AttachmentFloor = 16 });

    [Fact]
    public void EveryBundleComesBackByteForByte() => ForSeeds(seed =>
    {
        var bundle = new GeneratedBundle(seed);
        var import = Import(bundle.File);
        var (output, report) = Exports.Of(import);
        Assert.Equal(ExportOutcome.Exact, report.Outcome);
        Assert.Equal(bundle.File, output);
        Assert.Equal(bundle.Markers.Count, import.Resources);
    });

    [Fact]
    public void NothingOfAnotherPartitionIsInASliceItsIndexOrItsAttachments() => ForSeeds(seed =>
    {
        var bundle = new GeneratedBundle(seed);
        var import = Import(bundle.File);
        foreach (var slice in import.Slices.Where(_ => import.Slices.Count > 1))
        {
            var index = Encoding.UTF8.GetString(slice.Index.ToBytes());
            var all = slice.Text() + index;
            foreach (var (marker, partition) in bundle.Markers)
            {
                if (partition == slice.Partition || partition == "directory")
                    continue;
                Assert.DoesNotContain(marker, all, StringComparison.Ordinal);
                Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(marker))[..^4], all, StringComparison.Ordinal);
            }
            // The envelope is nobody's: not even the address that a search was made at.
            Assert.DoesNotContain("https://host/fhir", all, StringComparison.Ordinal);
        }
    });

    [Fact]
    public void EachSliceHoldsTheBytesOfItsEntriesAndNothingElse() => ForSeeds(seed =>
    {
        var bundle = new GeneratedBundle(seed);
        var file = Encoding.UTF8.GetString(bundle.File);
        foreach (var slice in Import(bundle.File).Slices.Where(s => s.Index.Attachments.Count == 0))
        {
            var body = Exports.Bytes(slice.OpenRead());
            Assert.Equal(slice.Length, slice.Index.BodyLength);
            foreach (var entry in slice.Index.Entries)
            {
                var text = Encoding.UTF8.GetString(body.AsSpan((int)entry.Offset, (int)entry.Length));
                Assert.Contains(text, file, StringComparison.Ordinal);
                using var resource = JsonDocument.Parse(body.AsMemory((int)entry.ResourceOffset, (int)entry.ResourceLength));
                Assert.Equal(entry.Type, resource.RootElement.GetProperty("resourceType").GetString());
            }
        }
    });

    [Fact]
    public void AnySetOfSlicesMakesAValidBundle() => ForSeeds(seed =>
    {
        var bundle = new GeneratedBundle(seed);
        var import = Import(bundle.File);
        var some = import.Slices.Where((_, i) => ((seed >> i) & 1) == 1).Select(s => s.Partition).ToArray();
        if (some.Length == 0 || some.Length == import.Slices.Count)
            return;
        var (output, report) = Exports.Of(import, withAttachments: (seed & 32) == 0, some);
        Assert.Equal(ExportOutcome.Partial, report.Outcome);
        using var json = JsonDocument.Parse(output, new JsonDocumentOptions { AllowDuplicateProperties = false });
        Assert.Equal("Bundle", json.RootElement.GetProperty("resourceType").GetString());
        Assert.Equal(report.Resources, json.RootElement.GetProperty("entry").GetArrayLength());
        Assert.Equal(report.Resources, Import(output).Resources);
    });

    [Fact]
    public void WhereTheBufferEndsMakesNoDifference() => ForSeeds(seed =>
    {
        var bundle = new GeneratedBundle(seed);
        var usual = Read(JsonScanner.UsualBuffer);
        Assert.Equal(usual, Read(1));
        Assert.Equal(usual, Read(2 + seed % 30));

        string Read(int buffer)
        {
            var reader = new FhirReader(new SourceBytes(new MemoryStream(bundle.File)), 16, buffer: buffer);
            reader.ReadFile();
            return string.Join('\n', reader.Units.Select(u =>
                    $"{u.Start} {u.End} {u.ResourceStart} {u.ResourceEnd} {u.Type} {u.Id} {u.LastLine} {u.Facts} {u.Summary.Line} {u.Summary.Date} {u.ReferenceCount}"))
                + string.Join('\n', reader.References.Select(r => r.ToString()));
        }
    });
}
