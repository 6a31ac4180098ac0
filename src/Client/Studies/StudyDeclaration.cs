using System.Text.Json;
using System.Text.Json.Serialization;
using Salus.Client.Accounts;
using Salus.Protocol;
using Salus.Protocol.Studies;

namespace Salus.Client.Studies;

/// <summary>A quasi-identifier as a researcher declares it.</summary>
/// <param name="Hierarchy">Empty for the column's own; the name of a built-in one; or rows of a table.</param>
public sealed record DeclaredQuasi(string Column, string Hierarchy = "");

/// <summary>A number, in its unit: bounds are written as people write them, and scaled by 10^decimals.</summary>
public sealed record DeclaredVariable(string Name, string Source, decimal Lower, decimal Upper, string Unit = "", byte Decimals = 0, IReadOnlyList<decimal>? Bounds = null);

public sealed record DeclaredAttribute(string Name, string Source, IReadOnlyList<string> Categories);

/// <summary>An organisation by the mail address of its account.</summary>
public sealed record DeclaredOrganisation(string Mail, int Quota);

/// <summary>
/// A study as its researcher writes it down: JSON with comments, of which <see cref="Template"/> is an example. What is left out is as in <see cref="ReleaseRules.Default"/>.
/// </summary>
/// <param name="Custodian">Mail address.</param>
/// <param name="Ends">A day or an instant.</param>
/// <param name="Rules">De-identification rules as JSON, or nothing for the built-in ones.</param>
/// <param name="Budget">Rho; 0 for no statistics.</param>
public sealed record StudyDeclaration(
    string Title, string Purpose, string Custodian, DateTimeOffset Ends, DateTimeOffset? Opens = null, JsonElement? Rules = null,
    IReadOnlyList<string>? Resources = null, IReadOnlyList<DeclaredQuasi>? QuasiIdentifiers = null, string Sensitive = "",
    int K = 11, int L = 1, decimal T = 1, decimal Suppression = 0.05m, int MinimumCohort = 11, decimal Budget = 0,
    IReadOnlyList<DeclaredVariable>? Variables = null, IReadOnlyList<DeclaredAttribute>? Attributes = null, IReadOnlyList<DeclaredOrganisation>? Organisations = null)
{
    /// <summary>An example with everything that can be declared.</summary>
    public const string Template =
        """
        {
          // What people are asked. Both are signed and cannot be changed once the study is open.
          "title": "Sleep and glucose",
          "purpose": "Whether short sleep raises fasting glucose in adults.",

          // Another account, by its mail address: it alone opens contributions, and releases only what passes the gate below.
          "custodian": "ethics@hospital.example",

          // The first instant at which no contributions come any more. "opens" may be given too; else the study opens at once.
          "ends": "2027-03-01T00:00:00Z",

          // FHIR resource types whose de-identified copies are wanted; leave it out for statistics alone.
          "resources": ["Patient", "Condition", "Observation"],

          // De-identification rules in the format of Microsoft's FHIR anonymizer; without them the built-in ones (Safe Harbor).
          // "rules": { "fhirPathRules": [ { "path": "Patient.gender", "method": "keep" } ], "parameters": {} },

          // Columns by which people could be told apart, and the one whose values must differ among people who look alike.
          "quasiIdentifiers": [ { "column": "age" }, { "column": "sex" }, { "column": "zip" } ],
          "sensitive": "condition-code",

          // The release gate: k look alike, with l different sensitive values, within t of the distribution; so much may be left out.
          "k": 11, "l": 2, "t": 0.4, "suppression": 0.05, "minimumCohort": 11,

          // Statistics on secret shares: numbers and attributes of one row for each participant, and the privacy budget (rho) of all answers.
          "budget": 1.5,
          "variables": [
            { "name": "glucose", "source": "loinc:2339-0", "unit": "mg/dL", "decimals": 0, "lower": 40, "upper": 400, "bounds": [70, 100, 126, 200] }
          ],
          "attributes": [
            { "name": "sex", "source": "quasi:sex", "categories": ["female", "male", "other"] }
          ],

          // Organisations that contribute for their patients, and for how many at most.
          "organisations": [ { "mail": "records@clinic.example", "quota": 500 } ]
        }
        """;

    /// <summary>Throws <see cref="CannotException"/> with what is wrong and where.</summary>
    public static StudyDeclaration Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, DeclarationJson.Default.StudyDeclaration) ?? throw new JsonException("null");
        }
        catch (JsonException fault)
        {
            throw new CannotException($"This is no declaration of a study: {fault.Message} `salus study template` prints one.", Reasons.BadStudy);
        }
    }

    /// <summary>The terms, with the cards of whoever is named. Throws <see cref="CannotException"/> when they are not those of a study.</summary>
    internal async Task<StudyTerms> TermsAsync(Account account, StudyId id, CancellationToken cancel)
    {
        var contacts = new Contacts(account);
        var custodian = await contacts.ResolveAsync(Custodian, cancel);
        var organisations = new List<StudyOrganisation>();
        foreach (var organisation in Organisations ?? [])
            organisations.Add(new StudyOrganisation((await contacts.ResolveAsync(organisation.Mail, cancel)).Card.Account, organisation.Quota));
        return new StudyTerms(id, account.Card, custodian.Card, Study.InOrder(account.Trustees.Select(trustee => trustee.Key)), Title.Trim(), Purpose.Trim().ReplaceLineEndings("\n"),
            Rules is { ValueKind: JsonValueKind.Object } rules ? rules.GetRawText() : "", [.. Resources ?? []],
            [.. (QuasiIdentifiers ?? []).Select(quasi => new QuasiIdentifier(quasi.Column, quasi.Hierarchy))], Sensitive,
            new ReleaseRules(K, L, Mills(T, "t"), Mills(Suppression, "suppression"), MinimumCohort), Scaled(Budget, 6, "budget"),
            [.. (Variables ?? []).Select(Variable)], [.. (Attributes ?? []).Select(attribute => new StudyAttribute(attribute.Name, attribute.Source, [.. attribute.Categories]))],
            organisations, Opens ?? account.Now, Ends);
    }

    private static StudyVariable Variable(DeclaredVariable variable)
    {
        if (variable.Decimals > 9)
            throw new CannotException($"decimals of {variable.Name}: 0 to 9.", Reasons.BadStudy);
        return new StudyVariable(variable.Name, variable.Source, variable.Unit, variable.Decimals, Scaled(variable.Lower, variable.Decimals, $"lower of {variable.Name}"),
            Scaled(variable.Upper, variable.Decimals, $"upper of {variable.Name}"), [.. (variable.Bounds ?? []).Select(bound => Scaled(bound, variable.Decimals, $"bounds of {variable.Name}"))]);
    }

    private static int Mills(decimal part, string name) => part is >= 0 and <= 1 && Scaled(part, 3, name) is var mills
        ? (int)mills : throw new CannotException($"{name}: a number from 0 to 1.", Reasons.BadStudy);

    private static long Scaled(decimal number, int decimals, string name)
    {
        var factor = 1m;
        for (var i = 0; i < decimals; i++)
            factor *= 10;
        return Math.Abs(number) <= Limits.MaxStudyValue / factor && number * factor == decimal.Truncate(number * factor)
            ? (long)(number * factor)
            : throw new CannotException($"{name}: {number} has more than {decimals} decimals, or is too large.", Reasons.BadStudy);
    }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StudyDeclaration))]
internal sealed partial class DeclarationJson : JsonSerializerContext;
