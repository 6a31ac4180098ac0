namespace Salus.Health.Fhir;

/// <summary>
/// Kinds of facts about people that the bytes of one slice hold. A partition is named for what it is for, not for what it happens to contain: an
/// insurance claim names the illness and the patient. These are found in the bytes, so that a person knows before granting.
/// </summary>
[Flags]
public enum PersonalFacts : ulong
{
    None = 0,
    Names = 1UL << 0,
    RelativesAndContacts = 1UL << 1,
    PractitionerNames = 1UL << 2,
    BirthDate = 1UL << 3,
    DeathDate = 1UL << 4,
    BirthPlace = 1UL << 5,
    MothersName = 1UL << 6,
    Address = 1UL << 7,
    Coordinates = 1UL << 8,
    Telephone = 1UL << 9,
    Email = 1UL << 10,
    SocialSecurityNumber = 1UL << 11,
    MedicalRecordNumber = 1UL << 12,
    DrivingLicence = 1UL << 13,
    Passport = 1UL << 14,
    InsuranceNumber = 1UL << 15,
    OtherIdentifiers = 1UL << 16,
    Gender = 1UL << 17,
    RaceOrEthnicity = 1UL << 18,
    Language = 1UL << 19,
    MaritalStatus = 1UL << 20,
    Photo = 1UL << 21,
    ProviderNames = 1UL << 22,
    ProviderContacts = 1UL << 23,
    ProviderIdentifiers = 1UL << 24,
    Conditions = 1UL << 25,
    Allergies = 1UL << 26,
    Medications = 1UL << 27,
    Procedures = 1UL << 28,
    Immunizations = 1UL << 29,
    Measurements = 1UL << 30,
    Visits = 1UL << 31,
    Costs = 1UL << 32,
    FreeText = 1UL << 33,
    Documents = 1UL << 34,
    LinksToOtherPartitions = 1UL << 35,
}

public static class PersonalFactsText
{
    internal const PersonalFacts All = (PersonalFacts)((1UL << 36) - 1);

    /// <summary>One phrase for each kind, in the order of the enumeration, to be read by people.</summary>
    public static IReadOnlyList<string> Describe(this PersonalFacts facts) =>
        [.. Enum.GetValues<PersonalFacts>().Where(f => f != PersonalFacts.None && facts.HasFlag(f)).Select(Phrase)];

    private static string Phrase(PersonalFacts fact) => fact switch
    {
        PersonalFacts.Names => "the patient's name",
        PersonalFacts.RelativesAndContacts => "relatives and contact persons",
        PersonalFacts.PractitionerNames => "names of doctors and other staff",
        PersonalFacts.BirthDate => "birth date",
        PersonalFacts.DeathDate => "date of death",
        PersonalFacts.BirthPlace => "place of birth",
        PersonalFacts.MothersName => "mother's name",
        PersonalFacts.Address => "address",
        PersonalFacts.Coordinates => "map coordinates",
        PersonalFacts.Telephone => "telephone numbers",
        PersonalFacts.Email => "mail addresses",
        PersonalFacts.SocialSecurityNumber => "social security number",
        PersonalFacts.MedicalRecordNumber => "medical record number",
        PersonalFacts.DrivingLicence => "driving licence number",
        PersonalFacts.Passport => "passport number",
        PersonalFacts.InsuranceNumber => "insurance number",
        PersonalFacts.OtherIdentifiers => "other identifiers",
        PersonalFacts.Gender => "gender",
        PersonalFacts.RaceOrEthnicity => "race or ethnicity",
        PersonalFacts.Language => "languages",
        PersonalFacts.MaritalStatus => "marital status",
        PersonalFacts.Photo => "photographs",
        PersonalFacts.ProviderNames => "names of hospitals, practices and insurers",
        PersonalFacts.ProviderContacts => "addresses and telephone numbers of hospitals and practices",
        PersonalFacts.ProviderIdentifiers => "register numbers of doctors and hospitals",
        PersonalFacts.Conditions => "illnesses and findings",
        PersonalFacts.Allergies => "allergies",
        PersonalFacts.Medications => "medicines",
        PersonalFacts.Procedures => "procedures and services",
        PersonalFacts.Immunizations => "vaccinations",
        PersonalFacts.Measurements => "measurements and laboratory values",
        PersonalFacts.Visits => "visits and stays",
        PersonalFacts.Costs => "costs and payments",
        PersonalFacts.FreeText => "free text, which may name anything",
        PersonalFacts.Documents => "documents and images",
        PersonalFacts.LinksToOtherPartitions => "references to records in other partitions",
        _ => fact.ToString(),
    };
}
