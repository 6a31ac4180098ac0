using System.Text.RegularExpressions;

namespace Salus.Rules.Tests;

/// <summary>
/// Every reader of bytes, text or JSON that somebody else may have written is a target of `./salus bench fuzz`, or stands here with the target that reaches it. Readers are found by their names:
/// what is static, is called Read, Parse, Decode, Verify, Unseal or Unpad, and takes bytes, text or a stream; and whatever the client's JSON contexts know.
/// </summary>
public partial class ParserTests
{
    /// <summary>Readers that no target names, and why.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["Ed25519.Verify"] = "bytes of fixed lengths, no structure: every signed message",
        ["Mac.Verify"] = "bytes of fixed lengths, no structure: crypto/sealed blob",
        ["Voprf.Verify"] = "crypto/Evaluation",
        ["ContentPrint.ReadAsync"] = "hashes its own user's content, whatever it is",
        ["FragmentRoot.ReadAsync"] = "hashes leaves, whatever they are",
        ["Identifier.Read"] = "any 16 bytes are one",
        ["SignedMessage.Verify"] = "every signed message",
        ["Cosignature.Verify"] = "log/cosigned checkpoint",
        ["ReadingFile.ReadAsync"] = "client/readings",
        ["ReadingTime.TryParseIso"] = "client/time",
        ["SdJson.TryParse"] = "signed copy/resources of a file",
        ["SignedCopies.VerifyAsync"] = "signed copy/head of a file, then signed copy/text",
        ["KeywordPreview.Read"] = "health/words of all kinds",
        ["IndexedDocument.Read"] = "client/dictionary of a segment",
        ["Varint.TryRead"] = "client/postings of a run",
        ["PartyKeys.TryVerifying"] = "sealed/metadata of a record",
        ["PartyKeys.Verifying"] = "json/answer: parties, then protocol/VerifyingKey",
        ["Endpoints.ReadAddress"] = "server/address of a fragment",
        ["CloudOptions.ParseKey"] = "the operator's own configuration",
        ["OptionsFile.Read"] = "the operator's own configuration",
        ["PathDate.TryParse"] = "deidentification/FHIRPath",
        ["RulesReader.Read"] = "deidentification/rules",
        ["SliceIndexCodec.TryDecode"] = "health/slice index",
        ["FhirKeywords.ReadFile"] = "health/words of FHIR",
        ["PlainText.Read"] = "health/words of text",
        ["PlainText.ReadMarkup"] = "health/words of HTML",
    };

    /// <summary>Types of the client's JSON that no target names, and why.</summary>
    private static readonly Dictionary<string, string> JsonElsewhere = new()
    {
        ["GrantView"] = "json/answer: grants",
        ["DepositView"] = "json/answer: deposits",
        ["JsonElement"] = "is only written",
        ["ReleaseReport"] = "is only written",
        ["StudyDeclaration"] = "client/study declaration",
        ["ProfileContent"] = "json/profile",
    };

    private static readonly string[] Readers = ["Crypto", "Protocol", "Client", "Store", "Cloud", "Trustee", "Health", "Hosting"];

    /// <summary>The targets, and the valid messages of each kind with the reader of each.</summary>
    private static string Fuzzed { get; } = string.Join('\n',
        Checkout.Sources("bench/Fuzz").Concat(Checkout.Sources("tests/Protocol").Where(path => path.EndsWith("Cases.cs", StringComparison.Ordinal))).SelectMany(Checkout.Code));

    [Fact]
    public void EveryReaderIsFuzzed() =>
        Assert.Equal(Elsewhere.Keys.Order(StringComparer.Ordinal), Readers.SelectMany(folder => Checkout.Sources("src/" + folder)).SelectMany(In).Distinct()
            .Where(reader => !Regex.IsMatch(Fuzzed, $@"\b{Regex.Escape(reader)}\b")).Order(StringComparer.Ordinal));

    [Fact]
    public void EveryJsonIsFuzzed() =>
        Assert.Equal(JsonElsewhere.Keys.Order(StringComparer.Ordinal), Checkout.Sources("src/Client").SelectMany(path => Json().Matches(Checkout.Read(path))).Select(match => match.Groups[1].Value)
            .Distinct().Where(type => !Regex.IsMatch(Fuzzed, $@"Json\.Default\.{type}\b|\bOf\(new {type}\(")).Order(StringComparer.Ordinal));

    private static IEnumerable<string> In(string path)
    {
        var type = "";
        foreach (var line in Checkout.Code(path))
            if (Type().Match(line) is { Success: true } found)
                type = found.Groups[1].Value;
            else if (Reader().Match(line) is { Success: true } reader)
                yield return $"{type}.{reader.Groups[1].Value}";
    }

    /// <summary>A type that stands in no other.</summary>
    [GeneratedRegex(@"^(?:public|internal)\s[^(]*?\b(?:class|struct|record|interface|enum)\s(?!class\b|struct\b)(\w+)")]
    private static partial Regex Type();

    [GeneratedRegex(@"^\s*(?:public|internal)\sstatic\s(?:async\s)?[^=;{(]*?\b((?:Try)?(?:Read|Parse|Decode|Verify|Unseal|Unpad)\w*)(?:<\w+>)?\(.*(?:" + Foreign + ")")]
    private static partial Regex Reader();

    private const string Foreign = @"Span<byte>|Memory<byte>|byte\[\]|string\??\s|Stream\s";

    [GeneratedRegex(@"\[JsonSerializable\(typeof\((\w+)\)\)\]")]
    private static partial Regex Json();
}
