using Salus.Health.Fhir;
using static Salus.Health.Tests.Fhir.Imports;

namespace Salus.Health.Tests.Fhir;

public class PersonalFactsTests
{
    private const string Sample = "Carolee951_Sanford861_d88f994a-5efa-421d-9c40-5f116d2114a6.json";

    private static PersonalFacts Facts(string json, string partition) => Of(json).Slice(partition).Index.Facts;

    [Fact]
    public void InsuranceSaysThatItNamesIllnessesAndThePatient()
    {
        var facts = Of(FhirFiles.Read(Sample)).Slice("insurance").Index.Facts;
        Assert.True(facts.HasFlag(PersonalFacts.Conditions | PersonalFacts.Procedures | PersonalFacts.Costs | PersonalFacts.Names | PersonalFacts.PractitionerNames));
        Assert.False(facts.HasFlag(PersonalFacts.SocialSecurityNumber));
        Assert.False(facts.HasFlag(PersonalFacts.BirthDate));
        Assert.Contains("illnesses and findings", facts.Describe());
    }

    [Fact]
    public void PersonalSaysWhatAPatientResourceHolds()
    {
        var facts = Of(FhirFiles.Read(Sample)).Slice("personal").Index.Facts;
        Assert.True(facts.HasFlag(PersonalFacts.Names | PersonalFacts.BirthDate | PersonalFacts.Address | PersonalFacts.Telephone | PersonalFacts.SocialSecurityNumber
            | PersonalFacts.MedicalRecordNumber | PersonalFacts.DrivingLicence | PersonalFacts.Passport | PersonalFacts.RaceOrEthnicity | PersonalFacts.MothersName
            | PersonalFacts.MaritalStatus | PersonalFacts.Language | PersonalFacts.Gender | PersonalFacts.Coordinates | PersonalFacts.BirthPlace));
        Assert.False(facts.HasFlag(PersonalFacts.Conditions));
    }

    [Fact]
    public void PrescriptionsNameMedicinesAndNoIllness()
    {
        var facts = Of(FhirFiles.Read(Sample)).Slice("prescription").Index.Facts;
        Assert.True(facts.HasFlag(PersonalFacts.Medications | PersonalFacts.PractitionerNames | PersonalFacts.LinksToOtherPartitions));
        Assert.Equal(PersonalFacts.None, facts & (PersonalFacts.Conditions | PersonalFacts.BirthDate | PersonalFacts.Address));
    }

    [Theory]
    [InlineData("\"note\":[{\"text\":\"seen today\"}]", PersonalFacts.FreeText)]
    [InlineData("\"text\":{\"div\":\"<div>x</div>\"}", PersonalFacts.FreeText)]
    [InlineData("\"subject\":{\"display\":\"John Roe\"}", PersonalFacts.Names)]
    [InlineData("\"contained\":[{\"resourceType\":\"Patient\",\"birthDate\":\"1970-01-01\"}]", PersonalFacts.BirthDate)]
    [InlineData("\"extension\":[{\"url\":\"http://example.org\",\"valueAddress\":{\"city\":\"Ulm\"}}]", PersonalFacts.Address)]
    [InlineData("\"extension\":[{\"url\":\"http://example.org\",\"valueHumanName\":{\"family\":\"Roe\"}}]", PersonalFacts.Names)]
    [InlineData("\"reasonCode\":[{\"coding\":[{\"display\":\"Asthma\"}]}]", PersonalFacts.Conditions)]
    [InlineData("\"item\":[{\"productOrService\":{\"text\":\"Viral sinusitis (disorder)\"}}]", PersonalFacts.Conditions)]
    [InlineData("\"subscriberId\":\"X1\"", PersonalFacts.InsuranceNumber)]
    [InlineData("\"asserter\":{\"display\":\"Dr. No\"}", PersonalFacts.PractitionerNames)]
    [InlineData("\"performer\":[{\"reference\":\"Organization/1\",\"display\":\"Clinic\"}]", PersonalFacts.ProviderNames)]
    [InlineData("\"telecom\":[{\"value\":\"a@b.example\",\"system\":\"email\"}]", PersonalFacts.Email)]
    public void FactsAreFoundWhereverTheyStand(string element, PersonalFacts fact) =>
        Assert.True(Facts(Bundle(Entry("Basic", "b", element)), "medical").HasFlag(fact));

    [Fact]
    public void ThePatientsNameIsFoundInTheTextOfOtherSlices()
    {
        const string patient = "\"name\":[{\"family\":\"Quigley\",\"given\":[\"Ann\"]}],\"birthDate\":\"1970-03-30\",\"telecom\":[{\"value\":\"555-0101\"}]";
        PersonalFacts With(string value) => Facts(Bundle(Entry("Patient", "p", patient), Entry("Claim", "c", $"\"x\":\"{value}\"")), "insurance");
        Assert.Equal(PersonalFacts.Names, With("for Ms Quigley.") & PersonalFacts.Names);
        Assert.Equal(PersonalFacts.BirthDate, With("born 1970-03-30") & PersonalFacts.BirthDate);
        Assert.Equal(PersonalFacts.Telephone, With("555-0101") & PersonalFacts.Telephone);
        Assert.Equal(PersonalFacts.None, With("Annual visit, Quigleys, 1970-03-301") & (PersonalFacts.Names | PersonalFacts.BirthDate));
        // Where one window of the search ends and the next begins.
        for (var before = 65_400; before < 65_700; before += 7)
            Assert.Equal(PersonalFacts.Names, With(new string('-', before) + "Quigley" + new string('-', 70_000)) & PersonalFacts.Names);
    }

    [Fact]
    public void ADirectoryIsNotAboutThePatient()
    {
        var facts = Facts("{\"resourceType\":\"Practitioner\",\"name\":[{\"family\":\"No\"}],\"telecom\":[{\"value\":\"1\"}],\"identifier\":[{\"value\":\"2\"}],\"gender\":\"male\"}", "medical");
        Assert.Equal(PersonalFacts.PractitionerNames | PersonalFacts.ProviderContacts | PersonalFacts.ProviderIdentifiers, facts);
    }

    [Fact]
    public void EveryKindHasAPhrase() => Assert.All(Enum.GetValues<PersonalFacts>().Skip(1), f => Assert.DoesNotContain(f.ToString(), f.Describe()));
}
