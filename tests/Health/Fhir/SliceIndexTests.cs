using System.Text.Json;
using Salus.Health.Fhir;
using static Salus.Health.Tests.Fhir.Imports;

namespace Salus.Health.Tests.Fhir;

public class SliceIndexTests
{
    private static readonly FhirImport Import = Of(Bundle(
        Entry("Patient", "p", "\"name\":[{\"family\":\"Roe\",\"given\":[\"Zoë\"]}]"),
        Entry("Practitioner", "d"),
        Entry("Observation", "o", Reference("subject", "p") + "," + Reference("performer", "d") + ",\"effectiveDateTime\":\"2024-05-01\""
            + ",\"code\":{\"text\":\"Hemoglobin A1c\",\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"4548-4\"}]},\"valueQuantity\":{\"value\":6.30,\"unit\":\"%\"}"),
        Entry("Media", "m", $"\"content\":{{\"data\" : \"{Convert.ToBase64String(new byte[30])}\",\"contentType\":\"image/png\",\"title\":\"T\"}}")),
        new() { AttachmentFloor = 10 });

    [Fact]
    public void TheEncodingIsReadBack()
    {
        foreach (var slice in Import.Slices)
        {
            var bytes = slice.Index.ToBytes();
            Assert.True(SliceIndex.TryParse(bytes, out var index));
            Assert.Equal(bytes, index.ToBytes());
            Assert.Equal(slice.Index.Entries, index.Entries);
            Assert.Equal(slice.Index.Links, index.Links);
            Assert.Equal((slice.Partition, slice.Index.Import, slice.Index.Form, slice.Index.BundleType, slice.Index.Facts),
                (index.Partition, index.Import, index.Form, index.BundleType, index.Facts));
            Assert.Equal(slice.Length, index.BodyLength);
        }
    }

    [Fact]
    public void OneLaboratoryValueIsOpenedByARangedRead()
    {
        var slice = Import.Slice("medical");
        var entry = slice.Index.Entries.Single(e => e.Code == "loinc|4548-4");
        Assert.Equal(("Observation", "o", "2024-05-01", "Hemoglobin A1c 6.30 %"), (entry.Type, entry.Id, entry.Date, entry.Summary));
        using var stream = slice.OpenRead();
        stream.Position = entry.ResourceOffset;
        var range = new byte[entry.ResourceLength];
        stream.ReadExactly(range);
        using var json = JsonDocument.Parse(range);
        Assert.Equal("6.30", json.RootElement.GetProperty("valueQuantity").GetProperty("value").GetRawText());
    }

    [Fact]
    public void EveryTruncationAndEveryExtraByteIsRefused()
    {
        foreach (var bytes in Import.Slices.Select(s => s.Index.ToBytes()))
        {
            for (var length = 0; length < bytes.Length; length++)
                Assert.False(SliceIndex.TryParse(bytes.AsSpan(0, length), out _));
            Assert.False(SliceIndex.TryParse([.. bytes, 0], out _));
        }
    }

    [Fact]
    public void EveryBitFlipIsRefusedOrAnotherIndexThatNeverBreaksAnExport()
    {
        var slices = Import.Slices.Select(Exports.Open).ToList();
        var attachments = Import.Attachments.ToDictionary(a => a.Id);
        for (var which = 0; which < slices.Count; which++)
        {
            var bytes = slices[which].Index.ToBytes();
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                var flipped = (byte[])bytes.Clone();
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                if (!SliceIndex.TryParse(flipped, out var index))
                    continue;
                Assert.Equal(flipped, index.ToBytes());
                if (index.Import != Import.Slices[0].Index.Import || slices.Any(s => s.Index.Partition == index.Partition && s != slices[which]))
                    continue;
                var some = slices.Select((s, i) => i == which ? s with { Index = index } : s).ToList();
                var report = FhirExport.Write(some, id => attachments.TryGetValue(id, out var a) ? a.OpenRead() : null, new MemoryStream());
                // Only what is no part of the bytes (a summary, a fact) may be altered without notice.
                if (report.Outcome == ExportOutcome.Exact)
                    Assert.Equal(Import.Sha256, report.Sha256);
            }
        }
    }

    [Fact]
    public void HugeCountsAllocateNothing()
    {
        var bytes = Import.Slices[0].Index.ToBytes();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var at = 21; at < bytes.Length; at++)
        {
            byte[] hostile = [.. bytes[..at], 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, .. bytes[at..]];
            _ = SliceIndex.TryParse(hostile, out _);
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40L * bytes.Length * 1024);
    }

    [Fact]
    public void LengthsAtTheEndOfTheNumbersAreRefusedOrDamage()
    {
        foreach (var length in new[] { (1L << 56) - 10, 1L << 56, long.MaxValue - 50, long.MaxValue })
        {
            var index = new SliceIndex
            {
                Import = Import.Slices[0].Index.Import,
                Partition = "medical",
                Form = FhirForm.Bundle,
                Facts = default,
                Entries = [new("Basic", null, null, null, "", 0, length, 0, length, false)],
                Attachments = [new(new AttachmentId(Guid.Empty), null, null, length, length - 1, Array.Empty<byte>())],
                Links = [length - 1],
                Share = new byte[512],
            };
            if (SliceIndex.TryParse(index.ToBytes(), out var parsed))
                Assert.Equal(
                    ExportOutcome.Damaged,
                    FhirExport.Write([new(parsed, new MemoryStream("{\"resourceType\":\"Basic\"}"u8.ToArray()))], _ => null, new MemoryStream()).Outcome);
            else
                Assert.True(length > 1L << 56);
        }
    }
}
