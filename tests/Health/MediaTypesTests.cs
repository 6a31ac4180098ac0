using System.Text;
using Salus.Testing;

namespace Salus.Health.Tests;

public class MediaTypesTests
{
    [Theory]
    [InlineData("fhir", "*.json", MediaTypes.FhirJson)]
    [InlineData("fhir", "*.ndjson", MediaTypes.FhirNdjson)]
    [InlineData("dicom", "*", MediaTypes.Dicom)]
    [InlineData("ccda", "*", MediaTypes.Cda)]
    [InlineData("hl7v2", "*", MediaTypes.Hl7V2)]
    [InlineData("images", "*.png", MediaTypes.Png)]
    [InlineData("images", "*.jpg", MediaTypes.Jpeg)]
    public void EveryFileOfTheDataSetIsWhatItIs(string folder, string pattern, string expected)
    {
        var files = Directory.GetFiles(Path.Combine(Places.Data, folder), pattern, SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var bytes = File.ReadAllBytes(file);
            Assert.True(expected == MediaTypes.Detect(bytes.AsSpan(0, Math.Min(bytes.Length, MediaTypes.HeadSize)), file), file);
            // By the bytes alone, but for one DICOM file that begins with a stray byte.
            if (!file.EndsWith("no_meta.dcm", StringComparison.Ordinal))
                Assert.True(expected == MediaTypes.Detect(bytes.AsSpan(0, Math.Min(bytes.Length, MediaTypes.HeadSize)), ""), file);
        }
    }

    [Theory]
    [InlineData("%PDF-1.7\n", "", MediaTypes.Pdf)]
    [InlineData("GIF89a..", "", MediaTypes.Gif)]
    [InlineData("RIFF1234WEBPVP8 ", "", MediaTypes.WebP)]
    [InlineData("RIFF1234WAVEfmt ", "a.wav", MediaTypes.Text)]
    [InlineData("\0\0\0\u0018ftypmp42", "", MediaTypes.Mp4)]
    [InlineData("II*\0", "", MediaTypes.Tiff)]
    [InlineData("MM\0*", "", MediaTypes.Tiff)]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"/>", "", MediaTypes.FhirXml)]
    [InlineData("\uFEFF<?xml version=\"1.0\"?><note/>", "", MediaTypes.Xml)]
    [InlineData("{\"a\":1}", "a.json", MediaTypes.Json)]
    [InlineData("{\"a\":1}\n{\"a\":2}\n", "", MediaTypes.Ndjson)]
    [InlineData("{\"resourceType\":\"Patient\"}\n{\"resourceType\":\"Patient\"}\n", "export", MediaTypes.FhirNdjson)]
    [InlineData("a,b\n1,2\n", "a.csv", MediaTypes.Csv)]
    [InlineData("Dear Sir,\r\n", "letter", MediaTypes.Text)]
    [InlineData("", "empty.txt", MediaTypes.Unknown)]
    [InlineData("\u0001\u0002\u0003", "x.bin", MediaTypes.Unknown)]
    public void KindsAreToldByTheirBytes(string head, string name, string expected) =>
        Assert.Equal(expected, MediaTypes.Detect(Encoding.UTF8.GetBytes(head), name));

    [Fact]
    public void ACharacterCutAtTheEndOfTheHeadIsStillText()
    {
        var text = Encoding.UTF8.GetBytes("naïve 😀");
        for (var length = 1; length <= text.Length; length++)
            Assert.Equal(MediaTypes.Text, MediaTypes.Detect(text.AsSpan(0, length), ""));
        Assert.Equal(MediaTypes.Unknown, MediaTypes.Detect([0x61, 0xFF, 0x61, 0x61, 0x61, 0x61], ""));
    }

    [Fact]
    public void NoBytesBreakIt()
    {
        var random = new Random(3);
        var bytes = new byte[300];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            Assert.NotEmpty(MediaTypes.Detect(bytes.AsSpan(0, random.Next(bytes.Length)), "x"));
        }
    }
}
