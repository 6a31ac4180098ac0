using System.Text.Json;
using System.Text.Json.Serialization;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Studies;
using Salus.Protocol.Studies;

namespace Salus.Browser.Operations;

// What the operations of studies take and answer, as web/src/core/api.ts and research.ts say it.

internal sealed record StudiesArguments(bool? Elsewhere = null);

internal sealed record StudyArguments(string Study);

internal sealed record StudyPartyDocument(string Account, string? Mail, string? Organisation, string Fingerprint, bool Verified)
{
    public static StudyPartyDocument Of(StudyParty p) => new(p.Card.Account.ToString(), p.Mail, p.Card.Organisation, p.Card.Fingerprint, p.IsVerified);
}

internal sealed record QuasiDocument(string Column, string Hierarchy);

/// <summary>Numbers are as people write them; a study has them scaled.</summary>
internal sealed record VariableDocument(string Name, string Source, string Unit, byte Decimals, decimal Lower, decimal Upper, IReadOnlyList<decimal> Bounds)
{
    public static VariableDocument Of(StudyVariable v)
    {
        var scale = 1m;
        for (var i = 0; i < v.Decimals; i++)
            scale *= 10;
        return new VariableDocument(v.Name, v.Source, v.Unit, v.Decimals, v.Lower / scale, v.Upper / scale, [.. v.Bounds.Select(bound => bound / scale)]);
    }
}

internal sealed record AttributeDocument(string Name, string Source, IReadOnlyList<string> Categories);

internal sealed record ReleaseDocument(int K, int L, decimal T, decimal Suppression, int MinimumCohort)
{
    private const decimal Mills = 1000;

    public static ReleaseDocument Of(ReleaseRules r) => new(r.K, r.L, r.TMills / Mills, r.SuppressionMills / Mills, r.MinimumCohort);
}

internal sealed record StudyDocument(string Study, StudyPartyDocument Researcher, StudyPartyDocument Custodian, string State, string? Role, string Part, string Title, string Purpose,
    string Rules, IReadOnlyList<string> Resources, IReadOnlyList<QuasiDocument> QuasiIdentifiers, string Sensitive, ReleaseDocument Release, decimal Budget,
    IReadOnlyList<VariableDocument> Variables, IReadOnlyList<AttributeDocument> Attributes, DateTimeOffset Opens, DateTimeOffset Ends)
{
    private const decimal Micros = 1_000_000;

    public static StudyDocument Of(KnownStudy s, Account account, string? part)
    {
        var terms = s.Terms;
        return new StudyDocument(s.Id.ToString(), StudyPartyDocument.Of(s.Researcher), StudyPartyDocument.Of(s.Custodian), Words.StudyState(s.StateFor(account)),
            s.RoleOf(account) is not StudyOperations.Participant and var role ? role : null, part ?? "none", terms.Title, terms.Purpose, terms.Rules, terms.Resources,
            [.. terms.QuasiIdentifiers.Select(quasi => new QuasiDocument(quasi.Column, quasi.Hierarchy))], terms.Sensitive, ReleaseDocument.Of(terms.Release), terms.BudgetMicros / Micros,
            [.. terms.Variables.Select(VariableDocument.Of)], [.. terms.Attributes.Select(attribute => new AttributeDocument(attribute.Name, attribute.Source, attribute.Categories))],
            terms.Opens, s.Ends);
    }
}

internal sealed record StudiesDocument(IReadOnlyList<StudyDocument> Studies, IReadOnlyCollection<string> Complaints);

internal sealed record ResourceCountDocument(string Type, int Count);

internal sealed record ColumnDocument(string Column, string Value);

internal sealed record PreviewCopyDocument(IReadOnlyList<ResourceCountDocument> Resources, IReadOnlyList<PreviewChange> Changes, int Bytes, IReadOnlyList<ColumnDocument> Columns,
    int Images, int ImagesLeftOut);

/// <summary>A number or a word; null when the records do not say it.</summary>
internal sealed record RowValueDocument(string Name, JsonElement? Value);

internal sealed record PreviewDocument(PreviewCopyDocument? Copy, IReadOnlyList<RowValueDocument> Row)
{
    public static PreviewDocument Of(ContributionPreview p) => new(
        p.Copy is not { } copy ? null : new PreviewCopyDocument([.. copy.Resources.Select(type => new ResourceCountDocument(type.Key, type.Value))], copy.Changes, copy.Bytes,
            [.. copy.Columns.Select(column => new ColumnDocument(column.Key, column.Value))], copy.Images, copy.ImagesLeftOut),
        [.. p.Numbers.Select(number => new RowValueDocument(number.Key, number.Value is { } value ? JsonSerializer.SerializeToElement(value, StudyJson.Default.Decimal) : null)),
            .. p.Categories.Select(category => new RowValueDocument(category.Key, category.Value is { } value ? JsonSerializer.SerializeToElement(value, StudyJson.Default.String) : null))]);
}

internal sealed record JoinedDocument(int Bytes, IReadOnlyList<string> Complaints);

/// <summary>The terms of a study, and the custodian's address.</summary>
internal sealed record OpenStudyArguments(string Custodian, string Title, string Purpose, string Rules, IReadOnlyList<string> Resources, IReadOnlyList<QuasiDocument> QuasiIdentifiers,
    string Sensitive, ReleaseDocument Release, decimal Budget, IReadOnlyList<VariableDocument> Variables, IReadOnlyList<AttributeDocument> Attributes, DateTimeOffset Opens,
    DateTimeOffset Ends)
{
    public StudyDeclaration ToDeclaration()
    {
        JsonElement? rules = null;
        if (Rules.Length > 0)
            try
            {
                using var document = JsonDocument.Parse(Rules);
                rules = document.RootElement.Clone();
            }
            catch (JsonException fault)
            {
                throw new CannotException($"The de-identification rules are no JSON: {fault.Message}", Reasons.BadStudy);
            }
        return new StudyDeclaration(Title, Purpose, Custodian, Ends, Opens, rules, Resources, [.. QuasiIdentifiers.Select(quasi => new DeclaredQuasi(quasi.Column, quasi.Hierarchy))],
            Sensitive, Release.K, Release.L, Release.T, Release.Suppression, Release.MinimumCohort, Budget,
            [.. Variables.Select(v => new DeclaredVariable(v.Name, v.Source, v.Lower, v.Upper, v.Unit, v.Decimals, v.Bounds))],
            [.. Attributes.Select(attribute => new DeclaredAttribute(attribute.Name, attribute.Source, attribute.Categories))]);
    }
}

internal sealed record OpenedStudyDocument(string Study);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StudiesArguments))]
[JsonSerializable(typeof(StudyArguments))]
[JsonSerializable(typeof(StudiesDocument))]
[JsonSerializable(typeof(PreviewDocument))]
[JsonSerializable(typeof(JoinedDocument))]
[JsonSerializable(typeof(MissingDocument))]
[JsonSerializable(typeof(OpenStudyArguments))]
[JsonSerializable(typeof(OpenedStudyDocument))]
internal sealed partial class StudyJson : JsonSerializerContext;
