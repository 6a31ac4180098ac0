using System.Security.Cryptography;
using Salus.Health.Fhir;

namespace Salus.Health.Tests.Fhir;

public class RoundTripTests
{
    [Theory, MemberData(nameof(FhirFiles.All), MemberType = typeof(FhirFiles))]
    public void EveryFileComesBackByteForByte(string name)
    {
        var file = FhirFiles.Read(name);
        var import = FhirImport.Read(new MemoryStream(file));
        Assert.Equal(SHA256.HashData(file), import.Sha256);

        var (output, report) = Exports.Of(import);

        Assert.Equal(ExportOutcome.Exact, report.Outcome);
        Assert.Equal(file, output);
        Assert.Equal(SHA256.HashData(file), report.Sha256);
        Assert.Equal(import.Resources, report.Resources);
    }

    [Theory, MemberData(nameof(FhirFiles.All), MemberType = typeof(FhirFiles))]
    public void EveryFileComesBackWithItsAttachmentsTakenOut(string name)
    {
        var file = FhirFiles.Read(name);
        var import = FhirImport.Read(new MemoryStream(file), new() { AttachmentFloor = 1 });
        var (output, report) = Exports.Of(import);
        Assert.Equal(ExportOutcome.Exact, report.Outcome);
        Assert.Equal(file, output);
    }
}
