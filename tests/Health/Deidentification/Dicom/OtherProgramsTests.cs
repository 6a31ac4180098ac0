using System.Net;
using System.Text.Json;
using Salus.Health.Deidentification.Dicom;
using Salus.Health.Dicom;
using Salus.Testing;

namespace Salus.Health.Tests.Deidentification.Dicom;

/// <summary>What we write opens in dcmtk and in Orthanc, and shows them the same pixels as before.</summary>
public sealed class OtherProgramsTests(OrthancServer orthanc) : IClassFixture<OrthancServer>
{
    /// <summary>Files whose pixels dcmtk itself does not decode: JPEG 2000, and a JPEG of 12 bits in a file that says 16.</summary>
    private static readonly string[] NotDecoded = ["1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"];

    public static TheoryData<string> Files => [.. DicomFiles.Whole];

    [Theory, MemberData(nameof(Files))]
    public void DcmtkReadsTheFileWithoutComplaint(string file)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("out.dcm");
        File.WriteAllBytes(path, DicomFiles.Run(DicomFiles.Bytes(file)));

        var (code, test) = DebianPrograms.Run("dcmftest", path);
        Assert.True(code == 0 && test.StartsWith("yes", StringComparison.Ordinal), test);
        (code, var dump) = DebianPrograms.Run("dcmdump", "+E", "+L", path);
        Assert.Equal(0, code);
        // Two files of the data set have fragments of an odd length, which stay as they are.
        Assert.DoesNotContain(dump.Split('\n'), static line => line.StartsWith("E: ", StringComparison.Ordinal)
            || (line.StartsWith("W: ", StringComparison.Ordinal) && !line.StartsWith("W: DcmItem: Length of element (7fe0,0010) is not a", StringComparison.Ordinal)));
        Assert.Contains("(0012,0062) CS [YES]", dump, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Files))]
    public void DcmtkDecodesTheSamePixels(string file)
    {
        var before = DicomFiles.Bytes(file);
        if (DicomFiles.PixelsOf(before).Length == 0)
        {
            Assert.Contains(file, new[] { "rtplan.dcm", "waveform_ecg.dcm" });
            return;
        }
        using var folder = new TemporaryFolder();
        var path = folder.File("out.dcm");
        File.WriteAllBytes(path, DicomFiles.Run(before));

        var (old, now) = (Picture(DicomFiles.PathOf(file), folder.File("old.pnm")), Picture(path, folder.File("new.pnm")));
        if (old is null)
            Assert.Contains(DicomDeidentifierTests.SyntaxOf(before), NotDecoded);
        Assert.Equal(old, now);
    }

    [Theory, MemberData(nameof(Files))]
    public async Task OrthancStoresTheFileAndGivesItBackUnchanged(string file)
    {
        // Some files of the data set are one instance in several syntaxes: each is of a study of its own here.
        var bytes = DicomFiles.Run(DicomFiles.Bytes(file), study: file);

        using var answer = await orthanc.Http.PostAsync("instances", new ByteArrayContent(bytes));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var stored = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var id = stored.RootElement.GetProperty("ID").GetString();
        Assert.Equal(bytes, await orthanc.Http.GetByteArrayAsync($"instances/{id}/file"));
        using var tags = JsonDocument.Parse(await orthanc.Http.GetStringAsync($"instances/{id}/simplified-tags"));
        Assert.Equal("YES", tags.RootElement.GetProperty("PatientIdentityRemoved").GetString());
        Assert.Equal("", tags.RootElement.TryGetProperty("PatientName", out var name) ? name.GetString() : "");
    }

    [Fact]
    public async Task OrthancPutsFilesOfOneSeriesTogetherAgain()
    {
        var series = new HashSet<string?>();
        foreach (var file in new[] { "77654033_CT2_17106.dcm", "77654033_CT2_17136.dcm" })
        {
            using var answer = await orthanc.Http.PostAsync("instances", new ByteArrayContent(DicomFiles.Run(DicomFiles.Bytes(file), study: "of a series")));
            using var stored = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            series.Add(stored.RootElement.GetProperty("ParentSeries").GetString());
        }
        Assert.Single(series);
    }

    [Fact]
    public void BlackedOutPixelsAreBlackToDcmtk()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("out.dcm"), DicomFiles.Run(DicomFiles.Bytes("us_burned_in_phi.dcm"), new DicomOptions { BlackOut = [new PixelRegion(0, 0, 100, 50)] }));
        var picture = Picture(folder.File("out.dcm"), folder.File("out.pnm"))!;
        var layout = DicomSurvey.Of(File.OpenRead(folder.File("out.dcm"))).Layout;

        // The pixels of a PPM stand at its end, three bytes each, line by line.
        var pixels = picture.AsSpan(picture.Length - layout.Rows * layout.Columns * 3);
        for (var y = 0; y < 50; y++)
            Assert.True(pixels.Slice(y * layout.Columns * 3, 300).IndexOfAnyExcept((byte)0) < 0);
        Assert.True(pixels.IndexOfAnyExcept((byte)0) >= 0);
    }

    /// <summary>The frames as dcmtk shows it, null when it cannot decode them.</summary>
    private static byte[]? Picture(string dicom, string into)
    {
        foreach (var program in new[] { "dcmj2pnm", "dcml2pnm" })
            if (DebianPrograms.Run(program, "+Fa", "+op", dicom, into) is { Code: 0 } && FilesOf(into) is { Count: > 0 } frames)
                return [.. frames.SelectMany(File.ReadAllBytes)];
        return null;

        static List<string> FilesOf(string path) => [.. Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "*").Order(StringComparer.Ordinal)];
    }
}
