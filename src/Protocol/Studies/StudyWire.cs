using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Studies;

/// <summary>The encoding of <see cref="StudyTerms"/> behind the magic; lists are a u32 count and their items, texts UTF-8.</summary>
internal static class StudyWire
{
    private const int MaxCard = 1024;
    private const int MaxSource = 64;
    private const int MaxUnit = 40;
    private const int MaxDecimals = 9;

    public static void Write(WireWriter writer, StudyTerms terms)
    {
        writer.Id(terms.Id).Variable(terms.Researcher.Signed).Variable(terms.Custodian.Signed);
        foreach (var trustee in terms.Trustees)
            writer.Key(trustee);
        Text(writer, terms.Title);
        Text(writer, terms.Purpose);
        Text(writer, terms.Rules);
        List(writer, terms.Resources, type => Text(writer, type));
        List(writer, terms.QuasiIdentifiers, quasi =>
        {
            Text(writer, quasi.Column);
            Text(writer, quasi.Hierarchy);
        });
        Text(writer, terms.Sensitive);
        var release = terms.Release;
        foreach (var number in (int[])[release.K, release.L, release.TMills, release.SuppressionMills, release.MinimumCohort])
            writer.UInt32(unchecked((uint)number));
        Value(writer, terms.BudgetMicros);
        List(writer, terms.Variables, variable =>
        {
            Text(writer, variable.Name);
            Text(writer, variable.Source);
            Text(writer, variable.Unit);
            writer.Byte(variable.Decimals);
            Value(writer, variable.Lower);
            Value(writer, variable.Upper);
            List(writer, variable.Bounds, bound => Value(writer, bound));
        });
        List(writer, terms.Attributes, attribute =>
        {
            Text(writer, attribute.Name);
            Text(writer, attribute.Source);
            List(writer, attribute.Categories, category => Text(writer, category));
        });
        List(writer, terms.Organisations, organisation => writer.Id(organisation.Account).UInt32(unchecked((uint)organisation.Quota)));
        writer.Time(terms.Opens).Time(terms.Ends);
    }

    public static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out StudyTerms? terms)
    {
        terms = null;
        // 1 Who.
        if (!reader.Id(out StudyId id) || !TryReadCard(ref reader, out var researcher) || !TryReadCard(ref reader, out var custodian) || !TryReadTrustees(ref reader, out var trustees))
            return false;

        // 2 What for, and what of whom.
        if (!TryReadText(ref reader, Limits.MaxStudyTitle, out var title) || !TryReadText(ref reader, Limits.MaxStudyPurpose, out var purpose)
            || !TryReadText(ref reader, Limits.MaxStudyRules, out var rules)
            || !TryReadList(ref reader, Limits.MaxStudyResources, TryReadResource, out IReadOnlyList<string> resources)
            || !TryReadList(ref reader, Limits.MaxQuasiIdentifiers, TryReadQuasi, out IReadOnlyList<QuasiIdentifier> quasi)
            || !TryReadText(ref reader, StudySymbol.MaxLength, out var sensitive) || !TryReadRelease(ref reader, out var release)
            || !reader.UInt64(out var budget) || budget > (ulong)Limits.MaxStudyValue
            || !TryReadList(ref reader, Limits.MaxStudyVariables, TryReadVariable, out IReadOnlyList<StudyVariable> variables)
            || !TryReadList(ref reader, Limits.MaxStudyAttributes, TryReadAttribute, out IReadOnlyList<StudyAttribute> attributes)
            || !TryReadList(ref reader, Limits.MaxStudyOrganisations, TryReadOrganisation, out IReadOnlyList<StudyOrganisation> organisations)
            || !reader.Time(out var opens) || !reader.Time(out var ends))
            return false;

        // 3 And whether it goes together.
        var read = new StudyTerms(id, researcher, custodian, trustees, title, purpose, rules, resources, quasi, sensitive, release, (long)budget, variables, attributes,
            organisations, opens, ends);
        terms = IsCoherent(read) ? read : null;
        return terms is not null;
    }

    private static bool IsCoherent(StudyTerms terms) =>
        terms.Researcher.Account != terms.Custodian.Account && terms.Ends > terms.Opens && terms.Ends - terms.Opens <= Limits.MaxStudyDuration
        && VisibleName.IsVisible(terms.Title) && IsProse(terms.Purpose)
        && (terms.WantsCopies || terms.WantsRows) && (terms.BudgetMicros == 0 || terms.WantsRows) && terms.LetsTheGateMeasure
        && (terms.Sensitive.Length == 0 || StudySymbol.IsColumn(terms.Sensitive)) && terms.QuasiIdentifiers.All(quasi => quasi.Column != terms.Sensitive)
        && AllDiffer(terms.Resources) && AllDiffer(terms.QuasiIdentifiers.Select(quasi => quasi.Column))
        && AllDiffer(terms.Variables.Select(variable => variable.Name).Concat(terms.Attributes.Select(attribute => attribute.Name)))
        && AllDiffer(terms.Organisations.Select(organisation => organisation.Account));

    private delegate bool TryReadItem<T>(ref WireReader reader, [NotNullWhen(true)] out T? item);

    private static bool TryReadCard(ref WireReader reader, [NotNullWhen(true)] out AccountCard? card)
    {
        card = null;
        return reader.Variable(MaxCard, out var bytes) && AccountCard.TryVerify(bytes, out card);
    }

    private static bool TryReadTrustees(ref WireReader reader, out VerifyingKey[] trustees)
    {
        trustees = new VerifyingKey[Study.TrusteeCount];
        for (var i = 0; i < trustees.Length; i++)
            if (!reader.Key(out trustees[i]) || (i > 0 && trustees[i - 1].Bytes.SequenceCompareTo(trustees[i].Bytes) >= 0))
                return false;
        return true;
    }

    private static bool TryReadResource(ref WireReader reader, [NotNullWhen(true)] out string? type) =>
        TryReadText(ref reader, StudySymbol.MaxLength, out type) && type.Length > 0 && char.IsAsciiLetterUpper(type[0]) && type.All(char.IsAsciiLetter);

    private static bool TryReadQuasi(ref WireReader reader, [NotNullWhen(true)] out QuasiIdentifier? quasi)
    {
        quasi = null;
        if (!TryReadColumn(ref reader, out var column) || !TryReadText(ref reader, Limits.MaxHierarchy, out var hierarchy))
            return false;
        quasi = new QuasiIdentifier(column, hierarchy);
        return true;
    }

    private static bool TryReadRelease(ref WireReader reader, [NotNullWhen(true)] out ReleaseRules? release)
    {
        release = null;
        if (!reader.UInt32(out var k) || k is < 2 or > 10_000 || !reader.UInt32(out var l) || l < 1 || l > k || !reader.UInt32(out var t) || t > 1000
            || !reader.UInt32(out var suppression) || suppression > 1000 || !reader.UInt32(out var cohort) || cohort is < 2 or > 1_000_000)
            return false;
        release = new ReleaseRules((int)k, (int)l, (int)t, (int)suppression, (int)cohort);
        return true;
    }

    private static bool TryReadVariable(ref WireReader reader, [NotNullWhen(true)] out StudyVariable? variable)
    {
        variable = null;
        if (!TryReadColumn(ref reader, out var name) || !TryReadSource(ref reader, out var source) || !TryReadText(ref reader, MaxUnit, out var unit)
            || !(unit.Length == 0 || VisibleName.IsVisible(unit)) || !reader.Byte(out var decimals) || decimals > MaxDecimals
            || !TryReadValue(ref reader, out var lower) || !TryReadValue(ref reader, out var upper) || lower >= upper
            || !reader.UInt32(out var count) || count > Limits.MaxStudyBounds)
            return false;
        var bounds = new List<long>();
        for (var i = 0; i < count; i++)
        {
            if (!TryReadValue(ref reader, out var bound) || bound <= (i == 0 ? lower : bounds[^1]) || bound > upper)
                return false;
            bounds.Add(bound);
        }
        variable = new StudyVariable(name, source, unit, decimals, lower, upper, bounds);
        return true;
    }

    private static bool TryReadAttribute(ref WireReader reader, [NotNullWhen(true)] out StudyAttribute? attribute)
    {
        attribute = null;
        if (!TryReadColumn(ref reader, out var name) || !TryReadSource(ref reader, out var source)
            || !TryReadList(ref reader, Limits.MaxStudyCategories, TryReadCategory, out IReadOnlyList<string> categories) || categories.Count < 2 || !AllDiffer(categories))
            return false;
        attribute = new StudyAttribute(name, source, categories);
        return true;
    }

    private static bool TryReadOrganisation(ref WireReader reader, [NotNullWhen(true)] out StudyOrganisation? organisation)
    {
        organisation = null;
        if (!reader.Id(out AccountId account) || !reader.UInt32(out var quota) || quota is 0 or > Limits.MaxStudyQuota)
            return false;
        organisation = new StudyOrganisation(account, (int)quota);
        return true;
    }

    private static bool TryReadColumn(ref WireReader reader, [NotNullWhen(true)] out string? name) =>
        TryReadText(ref reader, StudySymbol.MaxLength, out name) && StudySymbol.IsColumn(name);

    private static bool TryReadCategory(ref WireReader reader, [NotNullWhen(true)] out string? name) =>
        TryReadText(ref reader, StudySymbol.MaxLength, out name) && StudySymbol.IsCategory(name);

    private static bool TryReadSource(ref WireReader reader, [NotNullWhen(true)] out string? source) =>
        TryReadText(ref reader, MaxSource, out source) && source.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 && colon < source.Length - 1
        && source[..colon] is "loinc" or "quasi" or "column" && source.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '-' or '_' or '.');

    private static bool TryReadValue(ref WireReader reader, out long value)
    {
        var ok = reader.UInt64(out var bits);
        value = unchecked((long)bits);
        return ok && value >= -Limits.MaxStudyValue && value <= Limits.MaxStudyValue;
    }

    private static bool TryReadText(ref WireReader reader, int limit, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!reader.Variable(limit, out var bytes) || !Utf8.IsValid(bytes))
            return false;
        text = Encoding.UTF8.GetString(bytes);
        return true;
    }

    private static bool TryReadList<T>(ref WireReader reader, int limit, TryReadItem<T> tryReadItem, out IReadOnlyList<T> list)
        where T : class
    {
        var items = new List<T>();
        list = items;
        if (!reader.UInt32(out var count) || count > limit)
            return false;
        for (var i = 0; i < count; i++)
        {
            if (!tryReadItem(ref reader, out var item))
                return false;
            items.Add(item);
        }
        return true;
    }

    /// <summary>Lines of visible characters: nothing that turns text around or hides it.</summary>
    private static bool IsProse(string text) => text.Length > 0 && text.Split('\n').All(line => line.Length == 0 || VisibleName.IsVisible(line));

    private static bool AllDiffer<T>(IEnumerable<T> items)
    {
        var seen = new HashSet<T>();
        return items.All(seen.Add);
    }

    /// <summary>Two's complement. What the reader would refuse, it shall refuse: so no check here.</summary>
    private static void Value(WireWriter writer, long value) => writer.UInt64(unchecked((ulong)value));

    private static void Text(WireWriter writer, string text) => writer.Variable(Encoding.UTF8.GetBytes(text));

    private static void List<T>(WireWriter writer, IReadOnlyList<T> items, Action<T> write)
    {
        writer.UInt32((uint)items.Count);
        foreach (var item in items)
            write(item);
    }
}
