namespace Salus.Health.Fhir;

/// <summary>Which kind of personal fact an element is, by its name and the names above it.</summary>
internal static class FactRules
{
    /// <summary>What a directory entry tells is about a provider, not about the patient.</summary>
    private const PersonalFacts AboutSomebody = PersonalFacts.Names | PersonalFacts.Address | PersonalFacts.Telephone | PersonalFacts.Email
        | PersonalFacts.OtherIdentifiers | PersonalFacts.RelativesAndContacts | PersonalFacts.Gender | PersonalFacts.Coordinates
        | PersonalFacts.Language | PersonalFacts.Photo;

    public static PersonalFacts OfString(ReadOnlySpan<byte> text, Element property, Element of, Element parent, Element grandParent)
    {
        if (text.IsEmpty)
            return PersonalFacts.None;
        return property switch
        {
            Element.Family or Element.Given => PersonalFacts.Names,
            Element.Text when of == Element.Name => PersonalFacts.Names,
            Element.Text when of == Element.Note => PersonalFacts.FreeText,
            Element.Text or Element.Display => OfWords(text, of) | OfWords(text, parent),
            Element.Div => PersonalFacts.FreeText,
            Element.BirthDate => PersonalFacts.BirthDate,
            Element.DeceasedDateTime => PersonalFacts.DeathDate,
            Element.Line or Element.City or Element.PostalCode => PersonalFacts.Address,
            Element.Gender => PersonalFacts.Gender,
            Element.SubscriberId => PersonalFacts.InsuranceNumber,
            Element.Value when of == Element.Identifier => PersonalFacts.OtherIdentifiers,
            Element.System when of == Element.Identifier => OfSystem(text),
            Element.Code when of == Element.Coding && parent == Element.Type && grandParent == Element.Identifier => OfIdentifierType(text),
            Element.Url when of == Element.Extension => OfExtension(text),
            Element.Data when of != Element.ValueSampledData => PersonalFacts.Documents,
            _ => PersonalFacts.None,
        };
    }

    public static PersonalFacts OfNumber(Element property) =>
        property is Element.Longitude or Element.Latitude ? PersonalFacts.Coordinates : PersonalFacts.None;

    public static PersonalFacts OfObject(Element property, bool ofResource) => property switch
    {
        Element.MaritalStatus => PersonalFacts.MaritalStatus,
        Element.Communication when ofResource => PersonalFacts.Language,
        Element.Photo => PersonalFacts.Photo,
        Element.Contact when ofResource => PersonalFacts.RelativesAndContacts,
        Element.Total or Element.Net => PersonalFacts.Costs,
        _ => PersonalFacts.None,
    };

    /// <summary>A reference's display: <c>"subject": { "display": "John Roe" }</c>.</summary>
    public static PersonalFacts OfDisplay(Element of, string? targetType) => (targetType, of) switch
    {
        ("Patient" or "Person", _)
            or (null, Element.Subject or Element.Patient or Element.Beneficiary or Element.PolicyHolder or Element.Subscriber or Element.For) =>
            PersonalFacts.Names,
        ("RelatedPerson", _) => PersonalFacts.RelativesAndContacts,
        ("Organization" or "Location" or "HealthcareService", _) => PersonalFacts.ProviderNames,
        ("Practitioner" or "PractitionerRole", _)
            or (_, Element.Practitioner or Element.Performer or Element.Provider or Element.Requester or Element.Recorder or Element.Asserter
                or Element.Author or Element.Individual or Element.GeneralPractitioner or Element.Who or Element.Actor) =>
            PersonalFacts.PractitionerNames,
        _ => PersonalFacts.None,
    };

    /// <summary>What a resource of a type is about in itself, and whose the facts found in it are.</summary>
    public static PersonalFacts Settle(PersonalFacts found, string type)
    {
        if (PartitionTable.IsDirectory(type))
        {
            var provider = found & ~AboutSomebody;
            if ((found & (PersonalFacts.Address | PersonalFacts.Telephone | PersonalFacts.Email | PersonalFacts.Coordinates)) != 0)
                provider |= PersonalFacts.ProviderContacts;
            if ((found & PersonalFacts.OtherIdentifiers) != 0)
                provider |= PersonalFacts.ProviderIdentifiers;
            return provider | (type is "Practitioner" or "PractitionerRole" ? PersonalFacts.PractitionerNames : PersonalFacts.ProviderNames);
        }
        return found | type switch
        {
            "RelatedPerson" => PersonalFacts.RelativesAndContacts,
            "Condition" or "FamilyMemberHistory" or "ClinicalImpression" => PersonalFacts.Conditions,
            "AllergyIntolerance" => PersonalFacts.Allergies,
            "Medication" or "MedicationRequest" or "MedicationAdministration" or "MedicationDispense" or "MedicationStatement" =>
                PersonalFacts.Medications,
            "Procedure" => PersonalFacts.Procedures,
            "Immunization" => PersonalFacts.Immunizations,
            "Observation" or "DiagnosticReport" => PersonalFacts.Measurements,
            "Encounter" or "EpisodeOfCare" or "Appointment" => PersonalFacts.Visits,
            "Claim" or "ClaimResponse" or "ExplanationOfBenefit" or "Invoice" or "ChargeItem" => PersonalFacts.Costs,
            "Binary" or "DocumentReference" or "Media" => PersonalFacts.Documents,
            _ => PersonalFacts.None,
        };
    }

    private static PersonalFacts OfWords(ReadOnlySpan<byte> text, Element concept)
    {
        // SNOMED says itself what a term is; claims name illnesses in productOrService.
        if (text.EndsWith("(disorder)"u8) || text.EndsWith("(finding)"u8) || text.EndsWith("(situation)"u8))
            return PersonalFacts.Conditions;
        return concept switch
        {
            Element.Diagnosis or Element.DiagnosisCodeableConcept or Element.DiagnosisReference or Element.Condition or Element.ReasonCode
                or Element.ReasonReference => PersonalFacts.Conditions,
            Element.ProductOrService or Element.ProcedureCodeableConcept => PersonalFacts.Procedures,
            Element.MedicationCodeableConcept or Element.MedicationReference or Element.Prescription => PersonalFacts.Medications,
            Element.VaccineCode => PersonalFacts.Immunizations,
            _ => PersonalFacts.None,
        };
    }

    private static PersonalFacts OfSystem(ReadOnlySpan<byte> system) =>
        system.EndsWith("/us-ssn"u8) || system.EndsWith("2.16.840.1.113883.4.1"u8) ? PersonalFacts.SocialSecurityNumber
        : system.EndsWith("passportNum-USA"u8) ? PersonalFacts.Passport
        : PersonalFacts.None;

    /// <summary>HL7 table 0203.</summary>
    private static PersonalFacts OfIdentifierType(ReadOnlySpan<byte> code) =>
        code.SequenceEqual("SS"u8) || code.SequenceEqual("SB"u8) ? PersonalFacts.SocialSecurityNumber
        : code.SequenceEqual("MR"u8) ? PersonalFacts.MedicalRecordNumber
        : code.SequenceEqual("DL"u8) ? PersonalFacts.DrivingLicence
        : code.SequenceEqual("PPN"u8) ? PersonalFacts.Passport
        : code.SequenceEqual("MB"u8) || code.SequenceEqual("SN"u8) ? PersonalFacts.InsuranceNumber
        : PersonalFacts.None;

    private static PersonalFacts OfExtension(ReadOnlySpan<byte> url) =>
        url.EndsWith("us-core-race"u8) || url.EndsWith("us-core-ethnicity"u8) ? PersonalFacts.RaceOrEthnicity
        : url.EndsWith("patient-birthPlace"u8) || url.EndsWith("birthPlace"u8) ? PersonalFacts.BirthPlace
        : url.EndsWith("birthTime"u8) ? PersonalFacts.BirthDate
        : url.EndsWith("mothersMaidenName"u8) ? PersonalFacts.MothersName
        : url.EndsWith("geolocation"u8) ? PersonalFacts.Coordinates
        : PersonalFacts.None;
}
