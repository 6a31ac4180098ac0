using Salus.Health.Fhir;
using static Salus.Health.Tests.Fhir.Imports;

namespace Salus.Health.Tests.Fhir;

public class ExportTests
{
    private static readonly FhirImport Import = Of(Bundle(Entry("Patient", "p"), Entry("Condition", "c", Reference("subject", "p")), Entry("Claim", "x")));

    private static ExportReport Write(IEnumerable<SliceSource> slices) => FhirExport.Write([.. slices], _ => null, new MemoryStream());

    [Fact]
    public void SlicesOfDifferentImportsAndOneTwiceAreDamage()
    {
        var other = Of(Bundle(Entry("Patient", "p"), Entry("Claim", "x")));
        Assert.Equal(ExportOutcome.Damaged, Write([Exports.Open(Import.Slices[0]), Exports.Open(other.Slices[1])]).Outcome);
        Assert.Equal(ExportOutcome.Damaged, Write([Exports.Open(Import.Slices[0]), Exports.Open(Import.Slices[0])]).Outcome);
        Assert.Throws<ArgumentException>(() => Write([]));
    }

    [Fact]
    public void EveryFlippedBitOfASliceIsDamageWhenAllAreThere()
    {
        var slices = Import.Slices.Select(Exports.Open).ToList();
        var body = Exports.Bytes(Import.Slices[1].OpenRead());
        for (var bit = 0; bit < body.Length * 8; bit++)
        {
            var flipped = (byte[])body.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            slices[1] = slices[1] with { Body = new MemoryStream(flipped) };
            Assert.Equal(ExportOutcome.Damaged, Write(slices).Outcome);
            // A part has no hash to go by: it is damage, or a valid bundle of what the slice says.
            Assert.Contains(Write([slices[1]]).Outcome, new[] { ExportOutcome.Damaged, ExportOutcome.Partial });
        }
    }

    [Fact]
    public void AShortenedSliceIsDamage()
    {
        var slice = Exports.Open(Import.Slices[1]);
        var body = Exports.Bytes(slice.Body);
        for (var length = 0; length < body.Length; length++)
            Assert.Equal(ExportOutcome.Damaged, Write([slice with { Body = new MemoryStream(body[..length]) }]).Outcome);
    }
}
