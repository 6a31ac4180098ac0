using System.Text;
using System.Text.RegularExpressions;
using Salus.Client.Records;
using Salus.Client.Studies;
using Salus.Protocol;
using Salus.Protocol.Studies;
using Salus.Testing;

namespace Salus.EndToEnd.Tests;

/// <summary>Two people contribute: in what the cloud saw and stored of their contributions nothing tells one from the other.</summary>
public partial class StudyAnonymityTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>Of the fixed parts of an upload: longer runs that two uploads share, besides these, would be somebody's.</summary>
    private const int LongestShared = 8;

    [Fact]
    public async Task TwoContributorsAreIndistinguishableInAllThatTheCloudSawAndStored()
    {
        using var staff = await StudyTests.Staff.RegisterAsync(salus);
        var study = await StudyTests.OpenAsync(staff);
        // Two people with different records, of different sizes.
        var bundles = StudyTests.Patients(2);
        var (people, seen) = (new List<Person>(), new List<IReadOnlyList<Exchange>>());
        foreach (var bundle in bundles)
        {
            var person = await Person.RegisterAsync(salus, "patient");
            people.Add(person);
            await person.Imports.ImportAsync(bundle, new ImportOptions(null, new DispersalChoice()), null, None);
            await using var between = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
            await person.ThroughAsync(salus.Parties.With("cloud", between.Url));
            await StudyTests.JoinAsync(person, study);
            seen.Add([.. between.Passed.Where(exchange => exchange.Path.StartsWith("/v1/studies/", StringComparison.Ordinal))]);
        }

        // The same requests in the same order, with the same headers and sizes, none of a session.
        Assert.Equal(seen[0].Select(Shape), seen[1].Select(Shape));
        Assert.Equal([$"PUT /v1/studies/{study.Id}/contributions/*"], seen[0].Select(exchange => $"{exchange.Method} {Starred(exchange, study.Id)}"));
        Assert.All(seen.SelectMany(exchanges => exchanges), exchange => Assert.DoesNotContain(exchange.RequestHeaders.Keys, name => name is "Authorization" or "Cookie"));
        Assert.All(seen.SelectMany(exchanges => exchanges), exchange => AssertNobodys(exchange, people));

        // The bytes of the two uploads: besides the format, the study and the trustees, nothing that both share and nothing that is anybody's.
        var uploads = seen.Select(exchanges => exchanges.Single(exchange => exchange.Method == "PUT").Request).ToArray();
        var known = (byte[][])["salus contribution 1\n"u8.ToArray(), "salus contribution receipt 1\n"u8.ToArray(), study.Id.ToBytes(),
            .. study.Terms.Trustees.Select(trustee => trustee.Bytes.ToArray())];
        Assert.InRange(LongestCommonRun(Without(uploads[0], known), Without(uploads[1], known)), 0, LongestShared);
        Assert.All(uploads, upload => AssertMixed(ContributionUpload.TryRead(upload, out var read) ? read.SealedCopy : []));

        // The rows in the database: the same columns filled, of the same sizes, no account and no time; and no other table knows of a contribution.
        var tables = await new Holdings(salus).TablesAsync("cloud");
        var rows = people.Select(person => Row(tables["cloud.contributions"], person, study.Id)).ToArray();
        Assert.Equal(rows[0].Select(column => column.Length), rows[1].Select(column => column.Length));
        Assert.Equal(7, rows[0].Length);
        foreach (var person in people)
        {
            using var keys = ParticipantKeys.Of(person.Account, study.Id);
            Assert.All(rows, row => Assert.DoesNotContain(person.Account.Id.ToString(), string.Concat(row).Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase));
            foreach (var (table, content) in tables.Where(table => table.Key != "cloud.contributions"))
                Assert.False(content.Replace("-", "", StringComparison.Ordinal).Contains(keys.Contribution.ToString(), StringComparison.Ordinal), $"{table} names a contribution");
        }
        people.ForEach(person => person.Dispose());
    }

    [Fact, Attack("U07")]
    public async Task ThePseudonymsAndContributionsOfTwoStudiesHaveNothingInCommon()
    {
        using var person = await Person.RegisterAsync(salus, "patient");
        using var first = ParticipantKeys.Of(person.Account, new StudyId(1));
        using var second = ParticipantKeys.Of(person.Account, new StudyId(2));
        using var again = ParticipantKeys.Of(person.Account, new StudyId(1));
        using var patient = ParticipantKeys.Of(person.Account, new StudyId(1), "urn:x|1");
        Assert.Equal((first.Pseudonym, first.Contribution), (again.Pseudonym, again.Contribution));
        Assert.Equal(3, new[] { first.Pseudonym, second.Pseudonym, patient.Pseudonym }.Distinct().Count());
        Assert.Equal(3, new[] { first.Contribution, second.Contribution, patient.Contribution }.Distinct().Count());
        var trustee = person.Account.Trustees[0].Key;
        Assert.Equal(first.TokenNonce(trustee), again.TokenNonce(trustee));
        Assert.NotEqual(first.TokenNonce(trustee), second.TokenNonce(trustee));
        Assert.NotEqual(first.TokenNonce(trustee), first.TokenNonce(person.Account.Trustees[1].Key));
    }

    private static string Shape(Exchange exchange) => $"{exchange.Method} {Hexadecimal().Replace(exchange.Path, "*")} {exchange.Request.Length} {exchange.Status} {exchange.Body.Length} "
        + string.Join(';', exchange.RequestHeaders.OrderBy(header => header.Key, StringComparer.Ordinal).Where(header => header.Key is not "Host").Select(header => $"{header.Key}={header.Value}"));

    private static string Starred(Exchange exchange, StudyId study) => Hexadecimal().Replace(exchange.Path, match => match.Value == study.ToString() ? match.Value : "*");

    /// <summary>No account, mail address, session or key of anybody's in path, headers or body.</summary>
    private static void AssertNobodys(Exchange exchange, IEnumerable<Person> people)
    {
        var text = exchange.Path + string.Concat(exchange.RequestHeaders.Values) + Encoding.Latin1.GetString(exchange.Request);
        foreach (var person in people)
        {
            var account = person.Account;
            foreach (var part in (string[])[account.Id.ToString(), Encoding.Latin1.GetString(account.Id.ToBytes()), person.Mail, Encoding.Latin1.GetString(account.Card.Identity.Bytes),
                account.Card.Identity.ToString(), account.Content.Token!])
                Assert.DoesNotContain(part, text, StringComparison.Ordinal);
        }
    }

    private static byte[] Without(byte[] bytes, IEnumerable<byte[]> known)
    {
        var text = Encoding.Latin1.GetString(bytes);
        foreach (var (part, number) in known.Select((part, number) => (Encoding.Latin1.GetString(part), number)))
            text = text.Replace(part, "", StringComparison.Ordinal);
        return Encoding.Latin1.GetBytes(text);
    }

    /// <summary>The longest run of bytes that both have anywhere, up to one more than is allowed.</summary>
    private static int LongestCommonRun(byte[] first, byte[] second)
    {
        const int length = LongestShared + 1;
        var runs = new HashSet<string>();
        for (var i = 0; i + length <= first.Length; i++)
            runs.Add(Convert.ToHexString(first, i, length));
        for (var i = 0; i + length <= second.Length; i++)
            if (runs.Contains(Convert.ToHexString(second, i, length)))
                return length;
        return 0;
    }

    /// <summary>Every byte value occurs about equally often: chi-squared over 256 values stays far below what text or compressed data would give.</summary>
    private static void AssertMixed(byte[] bytes)
    {
        Assert.True(bytes.Length >= CopySize.Smallest);
        var expected = bytes.Length / 256.0;
        var chi = Enumerable.Range(0, 256).Sum(value => Math.Pow(bytes.Count(b => b == value) - expected, 2) / expected);
        Assert.InRange(chi, 130, 420); // 255 degrees of freedom: mean 255, deviation 22.6
    }

    /// <summary>The columns of a person's contribution as pg_dump writes them: study, id, head, receipts, copy, withdrawal, whether there was one.</summary>
    private static string[] Row(string table, Person person, StudyId study)
    {
        using var keys = ParticipantKeys.Of(person.Account, study);
        return Assert.Single(table.Split('\n'), line => line.Replace("-", "", StringComparison.Ordinal).Contains(keys.Contribution.ToString(), StringComparison.Ordinal)).Split('\t');
    }

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex Hexadecimal();
}
