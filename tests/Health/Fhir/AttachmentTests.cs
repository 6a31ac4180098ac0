using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Salus.Health.Fhir;
using static Salus.Health.Tests.Fhir.Imports;

namespace Salus.Health.Tests.Fhir;

public class AttachmentTests
{
    private static byte[] Scan(int size) => [.. Enumerable.Range(0, size).Select(i => (byte)((i * 31 ^ i >> 3) & 0xFF))];

    private static string Document(string data, string more = "") => Bundle(
        Entry("DocumentReference", "d", $"\"content\":[{{\"attachment\":{{\"contentType\":\"application/pdf\",\"data\" :\r\n \"{data}\",\"title\":\"Scan\"{more}}}}}]"),
        Entry("Patient", "p"));

    [Theory]
    [InlineData(16 * 1024)]
    [InlineData(16 * 1024 + 1)]
    [InlineData(100_000)]
    [InlineData(100_001)]
    public void ALargeDocumentBecomesARecordOfItsOwn(int size)
    {
        var scan = Scan(size);
        var file = Document(Convert.ToBase64String(scan));
        var import = Of(file);

        var attachment = Assert.Single(import.Attachments);
        Assert.Equal(("medical", "application/pdf", "Scan", (long)size), (attachment.Partition, attachment.MediaType, attachment.Title, attachment.Length));
        Assert.Equal(scan, Exports.Bytes(attachment.OpenRead()));
        // The slice is small, says what is missing and under which id, and is still FHIR.
        var slice = import.Slice("medical");
        Assert.InRange(slice.Length, 1, 1000);
        using var resource = JsonDocument.Parse(slice.Text());
        var stub = resource.RootElement.GetProperty("resource").GetProperty("content")[0].GetProperty("attachment").GetProperty("_data").GetProperty("extension");
        Assert.Equal("masked", stub[0].GetProperty("valueCode").GetString());
        Assert.Equal(attachment.Id.ToString(), stub[1].GetProperty("valueUri").GetString());
        Assert.Equal(attachment.Id, Assert.Single(slice.Index.Attachments).Id);

        var (output, report) = Exports.Of(import);
        Assert.Equal(ExportOutcome.Exact, report.Outcome);
        Assert.Equal(file, Encoding.UTF8.GetString(output));
    }

    [Fact]
    public void AttachmentsAreReadFromAnyPosition()
    {
        var scan = Scan(70_001);
        using var stream = Assert.Single(Of(Document(Convert.ToBase64String(scan))).Attachments).OpenRead();
        foreach (var (at, length) in new[] { (0, 1), (1, 2), (2, 5), (16_383, 3), (16_384, 40_000), (69_999, 10), (70_001, 1) })
        {
            stream.Position = at;
            var piece = new byte[length];
            var n = stream.ReadAtLeast(piece, length, throwOnEndOfStream: false);
            Assert.Equal(scan.AsSpan(at, Math.Min(length, scan.Length - at)), piece.AsSpan(0, n));
        }
    }

    [Theory]
    [InlineData("unpadded", "QUJD", "QUI", "")]
    [InlineData("unused bits set", "QUJD", "QUJ=", "")]
    [InlineData("padding within", "QUI=", "QUJD", "")]
    [InlineData("line breaks", "QUJD\\r\\n", "QUJD", "")]
    [InlineData("escaped slash", "QUJD", "\\/9j\\/", "")]
    [InlineData("url alphabet", "QUJD", "_-8=", "")]
    [InlineData("blank", "QUJD", " ", "")]
    [InlineData("not base64", "é!", "!!", "")]
    [InlineData("its shadow is there", "QUJD", "QUJD", ",\"_data\":{\"id\":\"x\"}")]
    public void WhatBase64WouldNotGiveAgainStaysWhereItIs(string why, string repeated, string last, string more)
    {
        _ = why;
        var file = Document(string.Concat(Enumerable.Repeat(repeated, 20_000)) + last, more);
        var import = Of(file);
        Assert.Empty(import.Attachments);
        var (output, report) = Exports.Of(import);
        Assert.Equal(ExportOutcome.Exact, report.Outcome);
        Assert.Equal(file, Encoding.UTF8.GetString(output));
    }

    [Fact]
    public void SmallAttachmentsAndSampledDataStay()
    {
        Assert.Empty(Of(Document(Convert.ToBase64String(Scan(16 * 1024 - 1)))).Attachments);
        Assert.Empty(Of(Bundle(Entry("Observation", "o", $"\"valueSampledData\":{{\"data\":\"{new string('1', 40_000)}\"}}"))).Attachments);
    }

    [Fact]
    public void BinaryAndMediaAndReportsAreTakenOut()
    {
        var data = Convert.ToBase64String(Scan(20_000));
        var import = Of(Bundle(
            Entry("Binary", "b", $"\"contentType\":\"image/png\",\"data\":\"{data}\""),
            Entry("Media", "m", $"\"content\":{{\"data\":\"{data}\",\"contentType\":\"image/jpeg\"}}"),
            Entry("DiagnosticReport", "r", $"\"presentedForm\":[{{\"data\":\"{data}\"}},{{\"data\":\"{data}\"}}]"),
            Entry("Claim", "c", $"\"supportingInfo\":[{{\"valueAttachment\":{{\"data\":\"{data}\"}}}}]")));
        Assert.Equal(["image/png", "image/jpeg", null, null, null], import.Attachments.Select(a => a.MediaType));
        Assert.Equal(["medical", "medical", "medical", "medical", "insurance"], import.Attachments.Select(a => a.Partition));
        Assert.Equal(5, import.Attachments.Select(a => a.Id).Distinct().Count());
        Assert.Equal(ExportOutcome.Exact, Exports.Of(import).Report.Outcome);
    }

    [Fact]
    public void AMissingAttachmentIsSaidToBeMissing()
    {
        var import = Of(Document(Convert.ToBase64String(Scan(20_000))));
        var (output, report) = Exports.Of(import, withAttachments: false);
        Assert.Equal(ExportOutcome.Partial, report.Outcome);
        Assert.Equal([import.Attachments[0].Id], report.MissingAttachments);
        using var json = JsonDocument.Parse(output);
        Assert.Equal(2, json.RootElement.GetProperty("entry").GetArrayLength());
    }

    [Fact]
    public void APartGetsItsAttachmentsBack()
    {
        var data = Convert.ToBase64String(Scan(20_000));
        var (output, report) = Exports.Of(Of(Document(data)), "medical");
        Assert.Empty(report.MissingAttachments);
        Assert.Contains(data, Encoding.UTF8.GetString(output), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(19_999)]
    [InlineData(20_001)]
    [InlineData(0)]
    public void AnAttachmentOfTheWrongLengthIsDamage(int length)
    {
        var import = Of(Document(Convert.ToBase64String(Scan(20_000))));
        var report = FhirExport.Write([.. import.Slices.Select(Exports.Open)], _ => new MemoryStream(Scan(length)), new MemoryStream());
        Assert.Equal(ExportOutcome.Damaged, report.Outcome);
    }

    [Fact]
    public void AnotherAttachmentOfTheSameLengthIsDamage()
    {
        var import = Of(Document(Convert.ToBase64String(Scan(20_000))));
        var report = FhirExport.Write([.. import.Slices.Select(Exports.Open)], _ => new MemoryStream(RandomNumberGenerator.GetBytes(20_000)), new MemoryStream());
        Assert.Equal(ExportOutcome.Damaged, report.Outcome);
        Assert.NotEqual(report.ImportSha256, report.Sha256);
    }
}
