using System.Globalization;
using System.IO.Compression;
using System.Text;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Readings;
using Salus.Client.Requests;
using Salus.Client.Search;
using Salus.Client.Search.Segments;
using Salus.Client.Sharing;
using Salus.Client.Statistics;
using Salus.Client.Studies;
using Salus.Crypto.Search;
using Salus.Protocol.Tests.Studies;

namespace Salus.Bench.Fuzz.Targets;

/// <summary>What the client reads of others: indexes, contributions, files of sensors; and what people type.</summary>
internal static class ClientTargets
{
    private static readonly byte[] Contribution = Encoding.UTF8.GetBytes(
        """{"pseudonym":"p-1","row":{"sex":"f","zip":""},"resources":[{"resourceType":"Patient","id":"1","x":[1,null,"ü"]}],"files":[{"mediaType":"image/png","content":"AQID"}]}""");

    private static readonly byte[] Observation = Encoding.UTF8.GetBytes(
        """{"resourceType":"Observation","code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},"effectiveDateTime":"2026-03-04T05:06:07Z","valueQuantity":{"value":71.5,"unit":"/min"}}""");

    public static IReadOnlyList<Target> All { get; } =
    [
        new("client/postings of a block", () => [Block()], bytes =>
        {
            var postings = new List<Posting>();
            return Verdict.When(bytes.Length == BlockSize.Plain && PostingRun.TryReadBlock(bytes, 1000, postings), $"{postings.Count}");
        }) { Longest = BlockSize.Plain },
        new("client/postings of a run", () => [[1, 1, 9, 2, 1, 9, 3, 4, 7]], bytes =>
        {
            var postings = new List<Posting>();
            return Verdict.When(bytes.Length > 0 && PostingRun.TryReadRun(bytes, 3, 1000, postings), $"{postings.Count}");
        }),
        new("client/dictionary of a segment", () => [Dictionary(0, 2), Dictionary(1, 0)], bytes =>
        {
            var isRead = SegmentDictionary.TryRead(bytes, bytes.Length > 13 && bytes[13] == 1 ? 0 : 2, out var dictionary);
            return Verdict.When(isRead, $"{dictionary?.Terms} {dictionary?.Find("a"u8)}");
        }),
        new("client/contribution", () => [Packed(Contribution)], bytes => Verdict.When(ContributionCopy.TryRead(bytes, out var copy), $"{copy?.Resources.Count}"))
        {
            Allowance = (512L << 20, 64),
        },
        new("client/contribution, unpacked", () => [Contribution], bytes => Verdict.When(ContributionCopy.TryRead(Packed(bytes), out var copy), $"{copy?.Resources.Count} {copy?.Files.Count}"))
        {
            Shape = Shape.Text,
            Allowance = (4 << 20, 400),
        },
        new("client/row of a contribution", () => [Row()], bytes =>
        {
            if (!ContributionRow.TryRead(StudyCases.Study, bytes, out var row))
                return Verdict.Refused;
            using (row)
                return Verdict.Canonical(row.ToBytes());
        }),
        new("client/readings", () => [Encoding.UTF8.GetBytes("time,heart rate\n2026-03-04T05:06:07Z,71\n1772600767,72.5\n"), Observation, [.. Observation, (byte)'\n', .. Observation]],
            bytes => Verdict.Taken($"{ReadingFile.Parse(bytes).Count}")) { Shape = Shape.Text, Documented = Cannot, Allowance = (4 << 20, 400) },
        Text("client/number", text => Verdict.When(DecimalText.TryParse(text, out var value) && DecimalText.TryScale(value, 3, out _)), "-12.50", "1.2e2"),
        Text("client/time", text => Verdict.When(ReadingTime.TryParse(text, out var time), time.Year.ToString(CultureInfo.InvariantCulture)), "2026-03-04T05:06:07.890+01:00", "1772600767"),
        Text("client/query", text => Verdict.When(Query.TryParse(text, out var query, out _), $"{query?.Groups.Count} {query?.Without.Count} {query?.Phrases.Count}"),
            "asthma -cough \"seen in may\" any: a b", "code:loinc|4548-4 date:2020-03 pre* partition:lab from:\"City Hospital\""),
        Text("client/question", text => Verdict.When(AskedStatistic.TryParse(text, StudyCases.Terms, out var asked, out _), $"{asked?.Function} {asked?.Question.Filters.Count}"),
            "mean(heart-rate) where sex=female", "quantile(heart-rate, 0.25)", "regression(heart-rate ~ balance)", "count() where heart-rate in [60..80)"),
        Text("client/study declaration", text => Verdict.Taken($"{StudyDeclaration.Read(Encoding.UTF8.GetBytes(text)).Title?.Length}"), StudyDeclaration.Template)
            with { Documented = Cannot, Allowance = (2 << 20, 400) },
        Text("client/passkey", text => Verdict.Taken($"{PasskeyJson.Read(text).Account is null}"),
            """{"id":"AAECAwQFBgcICQoLDA0ODw","rawId":"AAECAwQFBgcICQoLDA0ODw","type":"public-key","response":{"userHandle":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"}}""")
            with { Documented = Cannot },
        Text("client/passkey options", text => Verdict.Taken(PasskeyJson.Request(text).Length.ToString(CultureInfo.InvariantCulture)), """{"challenge":"AAAA","rpId":"a","timeout":5}""")
            with { Documented = static failure => failure is AlarmException },
        Text("client/recovery kit", text =>
        {
            using var kit = RecoveryKit.Parse(text);
            return Verdict.Taken();
        }, Kit()) with { Documented = Cannot },
        Text("client/release code", text =>
        {
            var isCode = ReleaseCode.TryParse(text, out var code);
            code?.Dispose();
            return Verdict.When(isCode);
        }, "ABCDE-12345"),
        Text("client/telephone number", text => Verdict.Taken(PhoneNumber.Parse(text).Text[..3]), "+41 79 000 00 00", "0041 (79) 000.00.00") with { Documented = Cannot },
    ];

    private static bool Cannot(Exception failure) => failure is CannotException;

    private static Target Text(string name, Func<string, Verdict> read, params string[] seeds) =>
        new(name, () => [.. seeds.Select(text => Encoding.UTF8.GetBytes(text))], bytes => read(Encoding.UTF8.GetString(bytes))) { Shape = Shape.Text, Longest = 8 * 1024 };

    private static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Block()
    {
        var block = new byte[BlockSize.Plain];
        new byte[] { 3, 1, 1, 9, 2, 1, 9, 3, 4, 7 }.CopyTo(block, 0);
        return block;
    }

    /// <summary>Two terms, "a" and "b", in three documents.</summary>
    private static byte[] Dictionary(byte flags, byte blocks) =>
    [
        .. DictionaryFormat.Magic, flags, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 27, 0, 0, 0, 2,
        .. flags == DictionaryFormat.Inline ? (byte[])[0, 1, (byte)'a', 1, 3, 1, 1, 9, 0, 1, (byte)'b', 1, 3, 2, 1, 9]
            : [0, 1, (byte)'a', 1, (byte)(blocks / 2), 0, 1, (byte)'b', 1, (byte)(blocks / 2)],
        .. new byte[3 * IndexedDocument.Size],
    ];

    private static byte[] Row()
    {
        using var row = ContributionRow.Prepare(StudyCases.Study, new RowValues(new Dictionary<string, decimal> { ["heart-rate"] = 71.5m }, new Dictionary<string, string> { ["sex"] = "female" }));
        return row.ToBytes();
    }

    private static string Kit()
    {
        using var kit = RecoveryKit.Generate();
        return kit.Reveal();
    }
}
