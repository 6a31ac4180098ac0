using System.Text;

namespace Salus.Health.Fhir;

/// <summary>
/// The element names that an import looks at; every other one is <see cref="None"/>. A name is its member with a small first letter.
/// </summary>
internal enum Element : byte
{
    None, ResourceType, Id, FullUrl, Resource, Request, Response, Entry, Url, Location, Type, Reference, Display, Data, ContentType, Title,
    Contained, Code, Coding, Text, Div, System, Value, Unit, Name, Family, Given, BirthDate, DeceasedDateTime, Address, Line, City, PostalCode,
    Telecom, Identifier, Gender, MaritalStatus, Communication, Photo, Contact, Diagnosis, DiagnosisCodeableConcept, DiagnosisReference,
    Condition, ReasonCode, ReasonReference, ProductOrService, ProcedureCodeableConcept, MedicationCodeableConcept, MedicationReference,
    VaccineCode, ValueQuantity, ValueString, ValueCodeableConcept, ValueAddress, ValueSampledData, EffectiveDateTime, EffectivePeriod, Start,
    Issued, OnsetDateTime, RecordedDate, AuthoredOn, PerformedPeriod, PerformedDateTime, OccurrenceDateTime, Period, BillablePeriod, Created,
    Date, DateAsserted, Recorded, Target, Item, Focus, BasedOn, SecurityContext, Subject, Patient, Beneficiary, PolicyHolder, Subscriber, For,
    SubscriberId, Practitioner, Performer, Provider, Requester, Recorder, Asserter, Author, Individual, GeneralPractitioner, Who, Actor, Note,
    Description, Extension, Longitude, Latitude, Prescription, Meta, Net, Total, Category,
}

/// <summary>Finds an <see cref="Element"/> by the bytes of its name.</summary>
internal static class Elements
{
    private const int Slots = 1024;

    private static readonly (byte[] Name, Element Element)[] Table = Build();

    public static Element Find(ReadOnlySpan<byte> name, uint hash)
    {
        for (var i = (int)(hash % Slots); ; i = (i + 1) % Slots)
        {
            var (known, element) = Table[i];
            if (known is null || known.AsSpan().SequenceEqual(name))
                return element;
        }
    }

    private static (byte[] Name, Element Element)[] Build()
    {
        var table = new (byte[] Name, Element Element)[Slots];
        foreach (var element in Enum.GetValues<Element>())
        {
            if (element == Element.None)
                continue;
            var member = element.ToString();
            var name = Encoding.UTF8.GetBytes(char.ToLowerInvariant(member[0]) + member[1..]);
            var i = (int)(NameStack.HashOf(name) % Slots);
            while (table[i].Name is not null)
                i = (i + 1) % Slots;
            table[i] = (name, element);
        }
        return table;
    }
}
