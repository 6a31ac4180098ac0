using System.Collections.Frozen;
using System.Text;

namespace Salus.Health.Keywords;

/// <summary>What becomes of an element of a FHIR resource, by its name.</summary>
internal enum FhirRule : byte
{
    /// <summary>Objects below it are looked into; a value of its own says nothing.</summary>
    Walk,

    /// <summary>Nothing below it is looked at: it identifies somebody, or is no word.</summary>
    Skip,

    /// <summary>Words for people.</summary>
    Words,

    /// <summary>The name of a practitioner; of anybody else it is skipped.</summary>
    PersonName,

    Date, Language, System, Code, Display, Concept, Coding, Markup, Reference, Type, Data, ContentType, ResourceType, Resource,
}

/// <summary>
/// The rules: what is not named is only walked through, so an element that nobody thought of gives no word. The patient's own data (name,
/// identifiers, address, telephone, birth date, photo, contacts) and everything that points to the patient is skipped wherever it stands.
/// </summary>
internal static class FhirRules
{
    private const int LongestName = 64;

    private static readonly FrozenDictionary<string, FhirRule> Rules = new Dictionary<FhirRule, string>
    {
        [FhirRule.Skip] = "identifier id fullUrl meta extension modifierExtension telecom address photo birthDate subject patient beneficiary policyHolder subscriber "
            + "subscriberId for contact implicitRules deceased deceasedDateTime deceasedBoolean multipleBirth link payee position endpoint request response",
        [FhirRule.Words] = "status intent gender criticality priority category verificationStatus clinicalStatus title description comment conclusion "
            + "patientInstruction summary valueString name alias instruction reason severity topic deviceName productName clinicalInformation",
        [FhirRule.PersonName] = "family given prefix suffix",
        [FhirRule.Date] = "date start end issued created authoredOn recorded recordedDate effectiveDateTime effectiveInstant onsetDateTime abatementDateTime "
            + "performedDateTime occurrenceDateTime dateAsserted assertedDate valueDateTime servicedDate whenPrepared whenHandedOver sent received started "
            + "collectedDateTime dateWritten dateRecorded timingDateTime time lastOccurrence indexed performedString",
        [FhirRule.Language] = "language",
        [FhirRule.System] = "system",
        [FhirRule.Code] = "code",
        [FhirRule.Display] = "display",
        [FhirRule.Concept] = "text",
        [FhirRule.Coding] = "coding",
        [FhirRule.Markup] = "div",
        [FhirRule.Reference] = "reference",
        [FhirRule.Type] = "type",
        [FhirRule.Data] = "data",
        [FhirRule.ContentType] = "contentType",
        [FhirRule.ResourceType] = "resourceType",
        [FhirRule.Resource] = "contained resource outcome",
    }.SelectMany(rule => rule.Value.Split(' ').Select(name => KeyValuePair.Create(name, rule.Key))).ToFrozenDictionary();

    private static readonly FrozenDictionary<string, FhirRule>.AlternateLookup<ReadOnlySpan<char>> ByName = Rules.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The rule for a property; "_birthDate" carries the extensions of "birthDate" and is skipped.</summary>
    public static FhirRule Of(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > LongestName || name[0] == '_')
            return FhirRule.Skip;
        Span<char> chars = stackalloc char[LongestName];
        return ByName.TryGetValue(chars[..Encoding.UTF8.GetChars(name, chars)], out var rule) ? rule : FhirRule.Walk;
    }

    /// <summary>A resource about the patient or about people around the patient: of these only what <see cref="OfPerson"/> lets through.</summary>
    public static bool IsPerson(string resourceType) => resourceType is "Patient" or "Person" or "RelatedPerson";

    /// <summary>What of a person is no identifier.</summary>
    public static bool OfPerson(ReadOnlySpan<byte> name) => name.SequenceEqual("gender"u8) || name.SequenceEqual("maritalStatus"u8) || name.SequenceEqual("language"u8)
        || name.SequenceEqual("relationship"u8) || name.SequenceEqual("resourceType"u8);
}
