using Salus.Health.Fhir;
using static Salus.Health.Tests.Fhir.Imports;

namespace Salus.Health.Tests.Fhir;

public class PartitionTests
{
    [Theory]
    [InlineData("personal", "Patient RelatedPerson Person Consent")]
    [InlineData("insurance", "Claim ClaimResponse ExplanationOfBenefit Coverage CoverageEligibilityRequest CoverageEligibilityResponse EnrollmentRequest "
        + "EnrollmentResponse Account Invoice ChargeItem PaymentNotice PaymentReconciliation Contract")]
    [InlineData("prescription", "Medication MedicationRequest MedicationAdministration MedicationDispense MedicationStatement VisionPrescription")]
    [InlineData("medical", "AllergyIntolerance Appointment CarePlan CareTeam Composition Condition Device DiagnosticReport DocumentReference Encounter "
        + "FamilyMemberHistory Goal ImagingStudy Immunization Media Observation Procedure Questionnaire QuestionnaireResponse ServiceRequest Specimen Unheard")]
    public void EachTypeGoesToItsPartition(string partition, string types)
    {
        foreach (var type in types.Split(' '))
        {
            Assert.Equal(partition, PartitionTable.Default.PartitionOf(type));
            Assert.Equal(partition, Assert.Single(Of($$"""{"resourceType":"{{type}}","id":"1"}""").Slices).Partition);
        }
    }

    [Fact]
    public void DirectoryEntriesAreCopiedWhereTheyAreReferredToAndNowhereElse()
    {
        var import = Of(Bundle(
            Entry("Patient", "p", "\"generalPractitioner\":[{\"reference\":\"urn:uuid:gp\"}]"),
            Entry("Practitioner", "gp"),
            Entry("PractitionerRole", "role", Reference("practitioner", "oncologist") + "," + Reference("organization", "clinic")),
            Entry("Practitioner", "oncologist"),
            Entry("Organization", "clinic", Reference("endpoint", "end")),
            Entry("Endpoint", "end"),
            Entry("Location", "nowhere"),
            Entry("Observation", "o", Reference("performer", "role")),
            Entry("Claim", "c", Reference("provider", "clinic"))));

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["insurance"] = "clinic end c",
                ["medical"] = "role oncologist clinic end nowhere o",
                ["personal"] = "p gp",
            },
            import.Ids());
        Assert.Equal(ExportOutcome.Exact, Exports.Of(import).Report.Outcome);
    }

    [Theory]
    [InlineData("relative", "Practitioner/gp", "https://a.example/fhir/Practitioner/gp")]
    [InlineData("absolute", "https://a.example/fhir/Practitioner/gp", "https://a.example/fhir/Practitioner/gp")]
    [InlineData("versioned", "Practitioner/gp/_history/3", "https://a.example/fhir/Practitioner/gp")]
    [InlineData("urn", "urn:uuid:6F1C2A0E-0000-4000-8000-000000000001", "urn:uuid:6f1c2a0e-0000-4000-8000-000000000001")]
    public void EveryKindOfReferenceFindsItsTarget(string kind, string reference, string fullUrl)
    {
        _ = kind;
        var import = Of(Bundle(
            $$$"""{"fullUrl":"{{{fullUrl}}}","resource":{"resourceType":"Practitioner","id":"gp"}}""",
            $$$$"""{"resource":{"resourceType":"Claim","id":"c","provider":{"reference":"{{{{reference}}}}"}}}"""));
        Assert.Equal("gp c", Assert.Single(import.Ids()).Value);
        Assert.Equal("insurance", import.Slices[0].Partition);
    }

    [Theory]
    [InlineData("Provenance", "\"target\":[{\"reference\":\"urn:uuid:claim\"}]", "insurance")]
    [InlineData("Provenance", "\"target\":[{\"reference\":\"urn:uuid:claim\"},{\"reference\":\"urn:uuid:patient\"}]", "medical")]
    [InlineData("Provenance", "\"target\":[{\"reference\":\"MedicationRequest/elsewhere\"}]", "prescription")]
    [InlineData("Provenance", "\"target\":[{\"reference\":\"https://host/fhir/Patient/elsewhere/_history/1\"}]", "personal")]
    [InlineData("Provenance", "\"target\":[{\"reference\":\"urn:uuid:unknown\"}]", "medical")]
    [InlineData("List", "\"entry\":[{\"item\":{\"reference\":\"urn:uuid:medicine\"}}],\"subject\":{\"reference\":\"urn:uuid:patient\"}", "prescription")]
    [InlineData("Task", "\"focus\":{\"reference\":\"urn:uuid:claim\"},\"for\":{\"reference\":\"urn:uuid:patient\"}", "insurance")]
    [InlineData("Task", "\"basedOn\":[{\"reference\":\"urn:uuid:medicine\"}],\"for\":{\"reference\":\"urn:uuid:patient\"}", "prescription")]
    [InlineData("Task", "\"for\":{\"reference\":\"urn:uuid:patient\"}", "medical")]
    [InlineData("Binary", "\"securityContext\":{\"reference\":\"urn:uuid:claim\"}", "insurance")]
    [InlineData("Binary", "\"contentType\":\"text/plain\"", "medical")]
    public void FollowersGoWhereTheirTargetsAre(string type, string more, string partition)
    {
        var import = Of(Bundle(
            Entry(type, "follower", more), Entry("Patient", "patient"), Entry("Claim", "claim"), Entry("MedicationRequest", "medicine"), Entry("Condition", "c")));
        Assert.Contains("follower", import.Slice(partition).Index.Entries.Select(e => e.Id));
        Assert.Single(import.Slices, s => s.Index.Entries.Any(e => e.Id == "follower"));
    }

    [Fact]
    public void BinariesGoWhereTheyAreReferredToAndTheirProvenanceWithThem()
    {
        var import = Of(Bundle(
            Entry("Provenance", "prov", "\"target\":[{\"reference\":\"Binary/bin\"}]"),
            Entry("Binary", "bin", "\"contentType\":\"application/pdf\""),
            Entry("ClaimResponse", "c", "\"form\":{\"contentType\":\"application/pdf\",\"url\":\"Binary/bin\"}"),
            Entry("Observation", "o")));
        Assert.Equal("prov bin c", import.Ids()["insurance"]);
    }

    [Fact]
    public void WhatSpansPartitionsDrawsNoDirectoryIntoItsOwn()
    {
        var import = Of(Bundle(
            Entry("Provenance", "prov", "\"target\":[{\"reference\":\"urn:uuid:c\"},{\"reference\":\"urn:uuid:p\"},{\"reference\":\"urn:uuid:adjuster\"}]"),
            Entry("Claim", "c", Reference("enterer", "adjuster")), Entry("Practitioner", "adjuster"), Entry("Patient", "p")));
        Assert.Equal("prov", import.Ids()["medical"]);
    }

    [Fact]
    public void CirclesOfFollowersEndInMedical()
    {
        var import = Of(Bundle(
            Entry("List", "a", "\"entry\":[{\"item\":{\"reference\":\"urn:uuid:b\"}}]"), Entry("List", "b", "\"entry\":[{\"item\":{\"reference\":\"urn:uuid:a\"}}]")));
        Assert.Equal("a b", import.Ids()["medical"]);
    }

    [Fact]
    public void BundlesInsideBundlesAreOpened()
    {
        var inner = Bundle(Entry("Patient", "p2"), Entry("Claim", "c2"));
        var late = "{\"type\":\"collection\",\"entry\":[" + Entry("Patient", "p3") + "],\"resourceType\":\"Bundle\"}";
        var file = Bundle(Entry("Observation", "o1"), $$"""{"fullUrl":"urn:uuid:inner","resource":{{inner}}}""", $$"""{"resource":{{late}},"fullUrl":"urn:uuid:late"}""");
        var import = Of(file);
        Assert.Equal(new Dictionary<string, string> { ["insurance"] = "c2", ["medical"] = "o1", ["personal"] = "p2 p3" }, import.Ids());
        Assert.Equal(ExportOutcome.Exact, Exports.Of(import).Report.Outcome);
        Assert.All(import.Slices, s => Assert.DoesNotContain("urn:uuid:inner", s.Text()));
    }

    [Fact]
    public void EntriesWithoutResourceGoByTheirRequest()
    {
        var import = Of(Bundle(
            """{"request":{"method":"DELETE","url":"Patient/7"}}""", """{"request":{"method":"GET","url":"Claim?patient=7"}}""",
            """{"response":{"status":"201","location":"MedicationRequest/1/_history/1"}}""", """{"request":{"method":"GET","url":"metadata"}}"""));
        Assert.Equal(["insurance", "medical", "personal", "prescription"], import.Slices.Select(s => s.Partition));
        Assert.All(import.Slices, s => Assert.Equal(0, Assert.Single(s.Index.Entries).ResourceLength));
    }

    [Fact]
    public void OwnersMakePartitionsOfTheirOwn()
    {
        var file = Bundle(Entry("Patient", "p"), Entry("Claim", "c"), Entry("Practitioner", "d"));
        var whole = Of(file, new() { WholePartition = "mental health" });
        Assert.Equal("p c d", Assert.Single(whole.Ids()).Value);
        Assert.Equal("mental health", whole.Slices[0].Partition);
        var moved = Of(file, new() { Partitions = PartitionTable.Default.With("Claim", "bills") });
        Assert.Equal("c", moved.Ids()["bills"]);
        Assert.Throws<ArgumentException>(() => PartitionTable.Default.With("Binary", "x"));
        Assert.Throws<ArgumentException>(() => Of(file, new() { WholePartition = "\u0007" }));
    }

    [Fact]
    public void AnEmptyBundleIsKept()
    {
        var import = Of("""{"resourceType":"Bundle","type":"searchset","total":0}""");
        var slice = Assert.Single(import.Slices);
        Assert.Equal((0, "medical"), (slice.Length, slice.Partition));
        Assert.Equal(ExportOutcome.Exact, Exports.Of(import).Report.Outcome);
    }
}
