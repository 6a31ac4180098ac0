using Salus.Client.Records;
using Salus.Testing;

namespace Salus.EndToEnd.Tests;

/// <summary>Files of every size and kind come back as they were.</summary>
public class SizeTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task EverySizeComesBack()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        // Chunks are 16 KiB; a stripe of four data units of 64 KiB is 256 KiB.
        foreach (var size in new[] { 0, 1, 16_383, 16_384, 16_385, 65_536, 262_143, 262_145, 20_000_000 })
        {
            var bytes = Extensions.RandomBytes(size);
            var stored = await patient.PutAsync(bytes);
            Assert.Equal(size, stored.Bytes);
            Extensions.AssertSame(bytes, (await patient.GetAsync(stored.Record)).Bytes, $"{size} bytes");
        }
    }

    [Theory]
    [InlineData("dicom/CT_small.dcm", "application/dicom")]
    [InlineData("dicom/liver.dcm", "application/dicom")]
    [InlineData("ccda/Discharge_Summary.xml", null)]
    [InlineData("fhir/bulk-ndjson/Patient.000.ndjson", null)]
    public async Task EveryKindOfFileComesBack(string name, string? mediaType)
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var path = Path.Combine(Places.Data, name);
        var stored = await patient.Records.PutAsync(path, new PutOptions("medical", ["a word", "Wörter"], new DispersalChoice()), null, None);
        Extensions.AssertSame(await File.ReadAllBytesAsync(path), (await patient.GetAsync(stored.Record)).Bytes, path);
        var summary = await patient.Records.ShowAsync(stored.Record, None);
        Assert.Equal((Path.GetFileName(path), new FileInfo(path).Length), (summary.Name, summary.Bytes));
        Assert.Equal(["a word", "Wörter"], summary.Keywords);
        if (mediaType is not null)
            Assert.Equal(mediaType, summary.MediaType);
    }

    [Fact]
    public async Task ADeletedRecordIsGoneFromCatalogueAndStores()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var stored = await patient.PutAsync(Extensions.RandomBytes(1000));
        await patient.ShareAsync(doctor, ["medical"]);
        var fragments = await patient.FragmentsAsync(stored.Record);
        Assert.All(fragments, fragment => Assert.True(File.Exists(fragment.File)));
        Assert.Empty((await patient.Records.DeleteAsync(stored.Record, Person.NoKey, None)).Unreached);
        Assert.Empty(await patient.Records.ListAsync(None));
        Assert.Empty(await doctor.SharedAsync());
        Assert.All(fragments, fragment => Assert.False(File.Exists(fragment.File)));
    }
}
