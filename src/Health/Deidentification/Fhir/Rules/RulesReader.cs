using System.Globalization;
using System.Text.Json;
using Salus.Health.Deidentification.Fhir.Paths;
using Salus.Health.Deidentification.Fhir.Tree;
using Salus.Health.Deidentification.Fhir.Types;
using Salus.Health.Fhir;

namespace Salus.Health.Deidentification.Fhir.Rules;

/// <summary>Reads a configuration of Microsoft's FHIR anonymizer. What it does not know is an error: a rule that is misspelt protects nobody.</summary>
internal static class RulesReader
{
    private const int MaxBytes = 1024 * 1024, MaxRules = 10_000, MaxCases = 1000;

    /// <summary>Misspellings in the configurations that Microsoft publishes; read as what was meant, or as a path that matches nothing.</summary>
    private static readonly Dictionary<string, string?> Errata = new(StringComparer.Ordinal)
    {
        ["HealthcareService.notAvaliable.description"] = "HealthcareService.notAvailable.description",
        ["nodesByType('birthdate')"] = null,
    };

    private static readonly HashSet<string> Methods = new(Enum.GetNames<FhirMethod>(), StringComparer.OrdinalIgnoreCase);

    private static readonly string[] Known = ["fhirVersion", "processingError", "processingErrors", "fhirPathRules", "parameters", "unmatched"];

    private static readonly string[] KnownOfRules = ["path", "method", "span", "rangeType", "roundTo", "cases", "otherValues", "replaceWith", "comment"];

    public static FhirRules Read(ReadOnlyMemory<byte> json, Unmatched? unmatched)
    {
        if (json.Length > MaxBytes)
            throw new RulesException("", $"a configuration is larger than {MaxBytes >> 20} MiB");
        if (json.Span.StartsWith("\uFEFF"u8))
            json = json[3..];
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions
            {
                AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 32, AllowDuplicateProperties = false,
            });
        }
        catch (JsonException error)
        {
            throw new RulesException("", $"this is no JSON without repeated members (line {error.LineNumber + 1})");
        }
        catch (InvalidOperationException)
        {
            // The search for repeated members reads their names.
            throw NoUnicode();
        }
        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new RulesException("", "a configuration is a JSON object");
            try
            {
                return Read(document.RootElement, unmatched);
            }
            catch (InvalidOperationException)
            {
                // A text of bytes that are no UTF-8, or of half a character.
                throw NoUnicode();
            }
        }
    }

    private static RulesException NoUnicode() => new("", "a text in it is no Unicode");

    private static FhirRules Read(JsonElement root, Unmatched? unmatched)
    {
        foreach (var member in root.EnumerateObject())
            if (!Known.Contains(member.Name))
                throw new RulesException("", $"'{PathTypes.Show(member.Name)}' is no member of a configuration");
        if (Text(root, "fhirVersion", "") is not ("" or "R4"))
            throw new RulesException("", "'fhirVersion' is not R4");
        foreach (var name in (string[])["processingError", "processingErrors"])
            if (Text(root, name, "raise").ToLowerInvariant() is not ("raise" or "skip" or ""))
                throw new RulesException("", $"'{name}' is neither raise nor skip");
        var stated = Text(root, "unmatched", "redact").ToLowerInvariant() switch
        {
            "redact" => Unmatched.Redact,
            "keep" => Unmatched.Keep,
            _ => throw new RulesException("", "'unmatched' is neither redact nor keep"),
        };
        if (!root.TryGetProperty("fhirPathRules", out var list) || list.ValueKind != JsonValueKind.Array)
            throw new RulesException("", "'fhirPathRules' is missing");
        if (list.GetArrayLength() > MaxRules)
            throw new RulesException("", $"there are more than {MaxRules} rules");
        var (rules, notes, number) = (new List<FhirRule>(), new List<string>(), 0);
        foreach (var element in list.EnumerateArray())
            if (ReadRule(element, ++number, notes) is { } rule)
                rules.Add(rule);
        return new FhirRules(rules, ReadParameters(root), unmatched ?? stated, notes);
    }

    private static FhirRule? ReadRule(JsonElement element, int number, List<string> notes)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"rule {number}");
        if (element.ValueKind != JsonValueKind.Object)
            throw new RulesException(name, "a rule is a JSON object");
        if (Text(element, "path", "") is not { Length: > 0 } path)
            throw new RulesException(name, "'path' is missing");
        name = $"{name} ({PathTypes.Show(path)})";
        foreach (var member in element.EnumerateObject())
            if (!KnownOfRules.Contains(member.Name))
                throw new RulesException(name, $"'{PathTypes.Show(member.Name)}' is no member of a rule");
        var stated = Text(element, "method", "");
        if (!Methods.Contains(stated) || !Enum.TryParse<FhirMethod>(stated, ignoreCase: true, out var method))
            throw new RulesException(name, "the method is none of keep, redact, cryptoHash, dateShift, encrypt, substitute, perturb, generalize");
        if (Errata.TryGetValue(path, out var meant))
        {
            notes.Add(meant is null ? $"{name}: misspelt in Microsoft's configuration; it matches nothing" : $"{name}: misspelt in Microsoft's configuration; read as {meant}");
            if (meant is null)
                return null;
            path = meant;
        }
        try
        {
            var node = PathParser.Parse(path);
            var types = node.Check(PathTypes.Resources, PathTypes.Resources);
            if (!types.IsAny && types.All.Count == 0)
                throw new PathException("the path gives a value, and no element of a record");
            if (method == FhirMethod.Generalize && !types.IsAny && !types.All.Any(type => type.IsPrimitive))
                throw new PathException("only primitives are generalized");
            return new FhirRule(name, node, method)
            {
                Perturbation = method == FhirMethod.Perturb ? ReadPerturbation(element) : null,
                Generalization = method == FhirMethod.Generalize ? ReadGeneralization(element, types) : null,
                Replacement = method == FhirMethod.Substitute ? ReadReplacement(element, types) : null,
            };
        }
        catch (PathException error)
        {
            throw new RulesException(name, error.Message);
        }
        catch (FhirFormatException)
        {
            throw new RulesException(name, "'replaceWith' is no element of FHIR R4");
        }
    }

    private static Perturbation ReadPerturbation(JsonElement rule)
    {
        if (!rule.TryGetProperty("span", out var span) || Number(span) is not { } width || width is < 0 or > 1_000_000_000_000m)
            throw new PathException("'span' is no number from 0 on");
        var places = rule.TryGetProperty("roundTo", out var round) ? Number(round) : 2;
        if (places is not { } digits || digits != decimal.Truncate(digits) || digits is < 0 or > 28)
            throw new PathException("'roundTo' is no whole number from 0 to 28");
        return new Perturbation(width, Text(rule, "rangeType", "fixed").ToLowerInvariant() switch
        {
            "fixed" => false,
            "proportional" => true,
            _ => throw new PathException("'rangeType' is neither fixed nor proportional"),
        }, (int)digits);
    }

    private static Generalization ReadGeneralization(JsonElement rule, PathTypes types)
    {
        if (!rule.TryGetProperty("cases", out var cases) || cases.ValueKind != JsonValueKind.Object)
            throw new PathException("'cases' is missing");
        var list = new List<(PathNode, PathNode)>();
        foreach (var entry in cases.EnumerateObject())
        {
            if (list.Count == MaxCases)
                throw new PathException($"there are more than {MaxCases} cases");
            if (entry.Value.ValueKind != JsonValueKind.String)
                throw new PathException("the value of a case is an expression in a string");
            var (when, then) = (PathParser.Parse(entry.Name), PathParser.Parse(entry.Value.GetString()!));
            when.Check(types, types);
            then.Check(types, types);
            list.Add((when, then));
        }
        return new Generalization(list, Text(rule, "otherValues", "redact").ToLowerInvariant() switch
        {
            "redact" => false,
            "keep" => true,
            _ => throw new PathException("'otherValues' is neither keep nor redact"),
        });
    }

    private static JsonTree ReadReplacement(JsonElement rule, PathTypes types)
    {
        if (!rule.TryGetProperty("replaceWith", out var with) || with.ValueKind is JsonValueKind.Array)
            throw new PathException("'replaceWith' is missing, or a list");
        var tree = TreeOf(with);
        foreach (var type in types.All)
            if (tree.Kind != JsonToken.Null && type.IsPrimitive == (tree.Kind == JsonToken.StartObject))
                throw new PathException($"'replaceWith' does not fit {type.Name}");
            else if (tree.Kind == JsonToken.StartObject)
                CheckFit(FhirTree.Element(tree, null, "", type));
        return tree;
    }

    private static void CheckFit(FhirNode node)
    {
        foreach (var child in node.Children)
        {
            if (child.Type is null)
                throw new PathException($"'replaceWith' has the element '{PathTypes.Show(child.Name)}', which {node.Type!.Name} has not");
            CheckFit(child);
        }
    }

    private static JsonTree TreeOf(JsonElement element)
    {
        var tree = new JsonTree
        {
            Kind = element.ValueKind switch
            {
                JsonValueKind.Object => JsonToken.StartObject,
                JsonValueKind.Array => JsonToken.StartArray,
                JsonValueKind.String => JsonToken.String,
                JsonValueKind.Number => JsonToken.Number,
                JsonValueKind.True => JsonToken.True,
                JsonValueKind.False => JsonToken.False,
                _ => JsonToken.Null,
            },
            Text = element.ValueKind == JsonValueKind.String ? element.GetString()! : element.ValueKind == JsonValueKind.Number ? element.GetRawText() : "",
            Line = 0,
            Offset = 0,
        };
        if (element.ValueKind == JsonValueKind.Object)
            foreach (var member in element.EnumerateObject())
                tree.Members.Add((member.Name, TreeOf(member.Value)));
        if (element.ValueKind == JsonValueKind.Array)
            foreach (var item in element.EnumerateArray())
                tree.Items.Add(TreeOf(item));
        return tree;
    }

    private static FhirParameters ReadParameters(JsonElement root)
    {
        if (!root.TryGetProperty("parameters", out var given) || given.ValueKind == JsonValueKind.Null)
            return new FhirParameters();
        if (given.ValueKind != JsonValueKind.Object)
            throw new RulesException("", "'parameters' is no object");
        foreach (var member in given.EnumerateObject())
            if (member.Name is not ("dateShiftKey" or "dateShiftScope" or "cryptoHashKey" or "encryptKey" or "enablePartialAgesForRedact"
                or "enablePartialDatesForRedact" or "enablePartialZipCodesForRedact" or "restrictedZipCodeTabulationAreas"))
                throw new RulesException("", $"'{PathTypes.Show(member.Name)}' is no parameter");
        return new FhirParameters
        {
            DateShiftKey = Text(given, "dateShiftKey", ""),
            DateShiftScope = Text(given, "dateShiftScope", "resource").ToLowerInvariant() switch
            {
                "" or "resource" => DateShiftScope.Resource,
                "file" => DateShiftScope.File,
                "folder" => DateShiftScope.Folder,
                _ => throw new RulesException("", "'dateShiftScope' is none of resource, file, folder"),
            },
            CryptoHashKey = Text(given, "cryptoHashKey", ""),
            EncryptKey = Text(given, "encryptKey", ""),
            PartialAges = Flag(given, "enablePartialAgesForRedact"),
            PartialDates = Flag(given, "enablePartialDatesForRedact"),
            PartialZipCodes = Flag(given, "enablePartialZipCodesForRedact"),
            RestrictedZipCodes = ReadAreas(given),
        };
    }

    private static List<string> ReadAreas(JsonElement parameters)
    {
        var areas = new List<string>();
        if (!parameters.TryGetProperty("restrictedZipCodeTabulationAreas", out var list) || list.ValueKind == JsonValueKind.Null)
            return areas;
        if (list.ValueKind != JsonValueKind.Array)
            throw new RulesException("", "'restrictedZipCodeTabulationAreas' is no list");
        foreach (var area in list.EnumerateArray())
            areas.Add(area.ValueKind == JsonValueKind.String && area.GetString() is { Length: > 0 and <= 5 } digits && digits.All(char.IsAsciiDigit) ? digits
                : throw new RulesException("", "an area of 'restrictedZipCodeTabulationAreas' is not made of digits"));
        return areas;
    }

    private static string Text(JsonElement owner, string name, string otherwise) => !owner.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? otherwise
        : value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new RulesException("", $"'{name}' is no text");

    private static bool Flag(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) && value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False or JsonValueKind.Null => false,
        _ => throw new RulesException("", $"'{name}' is neither true nor false"),
    };

    private static decimal? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetDecimal(out var number) ? number : null,
        JsonValueKind.String => PathValue.NumberOf(value.GetString()!) as decimal?,
        _ => null,
    };
}
