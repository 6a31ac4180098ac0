using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Salus.Health.Deidentification;
using Salus.Health.Deidentification.Fhir;
using Salus.Health.Fhir;
using Salus.Health.Tests.Fhir;

namespace Salus.Health.Tests.Deidentification.Fhir;

/// <summary>Damaged and hostile records: a typed fault with its place, never a crash, and nothing of the patient in a message.</summary>
public class HostileRecordTests
{
    private static readonly byte[] Record = Encoding.UTF8.GetBytes(
        """
        {"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:04121321-4af5-424c-a0e1-ed3aab1c349d","resource":{"resourceType":"Patient","id":"needle1",
        "name":[{"family":"Needleman","given":["Jane",null],"_given":[null,{"id":"needle2"}]}],"birthDate":"1980-02-03","_birthDate":{"id":"needle3"}}},
        {"resource":{"resourceType":"Observation","status":"final","subject":{"reference":"Patient/needle1","display":"Jane Needleman"},"valueQuantity":{"value":1.5e3}}}]}
        """);

    [Fact]
    public void EveryTruncationIsRefusedWithItsPlaceAndWithoutItsValues()
    {
        for (var length = 0; length < Record.Length; length++)
        {
            var error = Assert.Throws<FhirFormatException>(() => Runs.Run(Record[..length], FhirRules.SafeHarbor));
            Assert.InRange(error.Offset, 0, length);
            HoldsNothing(error);
        }
    }

    [Fact]
    public void DamagedBytesGiveAFaultOrAResultWithoutTheNeedles() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(
        Gen.Choose(0, Record.Length - 1).ToArbitrary(), Gen.Choose(1, 255).ToArbitrary(), (at, by) =>
        {
            var damaged = (byte[])Record.Clone();
            damaged[at] ^= (byte)by;
            try
            {
                var text = Runs.Run(damaged, FhirRules.SafeHarbor).Text;
                Assert.DoesNotContain("Needleman", text, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("needle1", text, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("1980-02-03", text, StringComparison.Ordinal);
            }
            catch (Exception error) when (error is FhirFormatException or RulesException or IdentifiersLeftException)
            {
                HoldsNothing(error);
            }
        }));

    [Theory]
    [InlineData("""{"resourceType":"Patient","id":"a","id":"needle1"}""", FhirFault.DuplicateProperty)]
    [InlineData("""{"resourceType":"Needleman"}""", FhirFault.NotFhir)]
    [InlineData("""{"resourceType":"Resource","id":"needle1"}""", FhirFault.NotFhir)]
    [InlineData("""{"resourceType":["Patient"]}""", FhirFault.NotFhir)]
    [InlineData("""{"id":"needle1"}""", FhirFault.NotFhir)]
    [InlineData("\"needle1\"", FhirFault.NotFhir)]
    [InlineData("""{"resourceType":"Patient","name":[[{"family":"Needleman"}]]}""", FhirFault.NotFhir)]
    [InlineData("""{"resourceType":"Patient","contained":["Needleman"]}""", FhirFault.NotFhir)]
    [InlineData("""{"resourceType":"Patient","contained":[{"resourceType":"Needleman"}]}""", FhirFault.NotFhir)]
    [InlineData("""{"resourceType":"Patient","birthDate":"1980","_birthDate":"Needleman"}""", FhirFault.NotFhir)]
    [InlineData("""{"resourceType":"Patient","birthDate":"1980","_birthDate":[{"id":"Needleman"}]}""", FhirFault.NotFhir)]
    [InlineData("""{"resourceType":"Bundle","entry":{"resource":{"resourceType":"Patient"}}}""", FhirFault.NotFhir)]
    [InlineData("""{"resourceType":"Bundle","entry":["Needleman"]}""", FhirFault.NotFhir)]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":"Needleman"}]}""", FhirFault.NotFhir)]
    [InlineData("""{"resourceType":"Patient"} {"resourceType":"Patient"}""", FhirFault.NotJson)]
    [InlineData("<Patient/>", FhirFault.Xml)]
    [InlineData("", FhirFault.Empty)]
    public void WhatIsNoFhirIsRefused(string json, FhirFault fault)
    {
        var error = Assert.Throws<FhirFormatException>(() => Runs.Run(json, FhirRules.SafeHarbor));
        Assert.Equal(fault, error.Fault);
        HoldsNothing(error);
    }

    [Fact]
    public void DepthIsBounded()
    {
        var deep = "{\"resourceType\":\"Patient\",\"extension\":" + string.Concat(Enumerable.Repeat("[{\"extension\":", 500)) + "1";
        Assert.Equal(FhirFault.TooDeep, Assert.Throws<FhirFormatException>(() => Runs.Run(deep, FhirRules.SafeHarbor)).Fault);
        var nested = string.Concat(Enumerable.Repeat("{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":", 30)) + "{\"resourceType\":\"Patient\"}" + string.Concat(Enumerable.Repeat("}]}", 30));
        Assert.Equal(FhirFault.TooDeep, Assert.Throws<FhirFormatException>(() => Runs.Run(nested, FhirRules.SafeHarbor)).Fault);
    }

    [Fact]
    public void AResourceThatIsTooLargeIsRefused()
    {
        var json = new byte[66 * 1024 * 1024];
        json.AsSpan().Fill((byte)'A');
        "{\"resourceType\":\"Binary\",\"data\":\""u8.CopyTo(json);
        "\"}"u8.CopyTo(json.AsSpan(json.Length - 2));
        Assert.Equal(FhirFault.TooLarge, Assert.Throws<FhirFormatException>(() => Runs.Run(json, FhirRules.SafeHarbor)).Fault);
    }

    [Fact]
    public void FilesOfTheDataSetGiveTheSameWhenTheirTypeStandsAfterTheEntries()
    {
        const string First = """{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","active":true}}]}""";
        const string Last = """{"entry":[{"resource":{"active":true,"resourceType":"Patient"}}],"type":"collection","resourceType":"Bundle"}""";
        Assert.Equal(Runs.Run(First, FhirRules.SafeHarbor).Text, Runs.Run(Last, FhirRules.SafeHarbor).Text);
    }

    private static void HoldsNothing(Exception error)
    {
        foreach (var needle in (string[])["Needleman", "needle", "Jane", "1980"])
            Assert.DoesNotContain(needle, error.ToString().Split("   at ")[0], StringComparison.OrdinalIgnoreCase);
    }
}
