using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Salus.Client.Studies;
using Salus.Client.Studies.Custody;
using Salus.Crypto;
using Salus.Health.Cohort;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Studies;

namespace Salus.Client.Tests.Studies;

public class CustodyTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly ReleaseRules Rules = new(K: 3, L: 1, TMills: 1000, SuppressionMills: 100, MinimumCohort: 5);
    private static readonly string[] Quasi = ["sex", "birth-year", "zip", "race"];
    private static readonly string[] Types = ["Patient", "Condition", "Observation"];

    private static ContributionCopy Copy(int i, string? race = null)
    {
        var row = new Dictionary<string, string>
        {
            ["sex"] = i % 2 == 0 ? "female" : "male", ["birth-year"] = $"{1961 + (i % 4)}", ["zip"] = $"7910{i % 5}", ["race"] = race ?? "White", ["condition-code"] = $"{i % 3}",
            ["shoe-size"] = "needle-shoe",
        };
        byte[][] resources =
        [
            Encoding.UTF8.GetBytes($$"""
                {"resourceType":"Patient","id":"pat-{{i}}","birthDate":"{{row["birth-year"]}}-03-0{{1 + (i % 9)}}","name":[{"family":"needle-name"}],"gender":"other",
                 "address":[{"postalCode":"{{row["zip"]}}","line":["needle-street"]}],"extension":[{"url":"x","valueString":"needle-extension"}]}
                """),
            Encoding.UTF8.GetBytes($$$"""{"resourceType":"Condition","id":"c-{{{i}}}","subject":{"reference":"Patient/pat-{{{i}}}"},"code":{"text":"ü"}}"""),
            """{"resourceType":"Practitioner","name":[{"family":"needle-doctor"}]}"""u8.ToArray(),
        ];
        return new ContributionCopy($"pseudo-{i:D2}-{(i * 7919) % 97}", row, [.. resources.Select(bytes => (ReadOnlyMemory<byte>)bytes)], [new ContributedFile("image/png", [(byte)i, 1])]);
    }

    private static async Task<(Study Study, IReadOnlyList<Participant> Participants, CohortRelease? Release, ReleaseReport Report)> WeighAsync(
        CustodianAccount custodian, Study study, IEnumerable<ContributionCopy> copies)
    {
        foreach (var copy in copies)
            custodian.Contribute(study, copy);
        var count = custodian.Listed.Count;
        var (participants, tally) = await new Contributions(custodian.Account, study).ReadAsync(new HashSet<ContributionId>(), None);
        Assert.Equal(new ContributionTally(count, 0, 0, 0, 0, count), tally);
        var (release, report) = StudyGate.Pass(study, participants, tally, None);
        return (study, participants, release, report);
    }

    private static async Task<ReleaseReport> WriteAsync(CustodianAccount custodian, string folder, Study study, IReadOnlyList<Participant> participants, CohortRelease release, ReleaseReport report)
    {
        using var files = new ReleaseFolder(folder, study, release);
        files.WriteTable(release, participants);
        for (var row = 0; row < participants.Count; row++)
            if (release.Keeps(row))
                files.WriteCopy(release, row, (await new Contributions(custodian.Account, study).CopyAsync(participants[row], None))!);
        return files.Finish(report);
    }

    [Fact]
    public async Task OnlyContributionsThatHoldAreCounted()
    {
        using var custodian = await CustodianAccount.CreateAsync();
        var study = custodian.Declare(Rules, "", Types, Quasi);
        var other = custodian.Declare(Rules, "", Types, Quasi);
        var good = custodian.Contribute(study, Copy(1));
        custodian.Contribute(study, Copy(2));

        // Refused: twice, one receipt, both of one trustee, of another study, the copy of somebody else, a head that was changed.
        custodian.Listed.Add(custodian.Listed[0]);
        var (view, header, copy, key) = custodian.Contribution(study, Copy(3).ToBytes());
        custodian.Copies[header.Id] = copy;
        custodian.Listed.Add(view with { Receipts = custodian.Receipts(study, header, 0) });
        custodian.Listed.Add(view with { Receipts = custodian.Receipts(study, header, 0, 0) });
        custodian.Listed.Add(view with { Receipts = [.. custodian.Receipts(study, good, 0, 1)] });
        custodian.Listed.Add(custodian.Contribution(other, Copy(4).ToBytes()).View);
        custodian.Listed.Add(new ContributionView([.. view.Header!.AsSpan(0, view.Header!.Length - 1), (byte)(view.Header![^1] ^ 1)], view.Receipts, null));
        var swapped = custodian.Contribution(study, Copy(5).ToBytes());
        custodian.Copies[swapped.Header.Id] = copy;
        custodian.Listed.Add(swapped.View);
        custodian.Listed.Add(new ContributionView(null, [], [1, 2, 3]));

        // Unreadable: no document, a pseudonym that is there.
        foreach (var content in new[] { "no document"u8.ToArray(), Copy(1).ToBytes() })
        {
            var made = custodian.Contribution(study, content);
            custodian.Copies[made.Header.Id] = made.Copy;
            custodian.Listed.Add(made.View);
        }

        // Withdrawn: by a tombstone, or gone since it was listed.
        custodian.Listed.Add(new ContributionView(null, [], ContributionWithdrawal.Create(SigningKey.Generate(), study.Id).Signed));
        custodian.Listed.Add(custodian.Contribution(study, Copy(6).ToBytes()).View);

        // Rows only.
        var rows = ContributionHeader.Create(key, study.Id, [], new byte[32]);
        custodian.Listed.Add(new ContributionView(rows.Signed, custodian.Receipts(study, rows, 1, 2), null));

        var (participants, tally) = await new Contributions(custodian.Account, study).ReadAsync(new HashSet<ContributionId>(), None);
        Assert.Equal(new ContributionTally(Listed: 15, Withdrawn: 2, WithoutCopy: 1, Refused: 8, Unreadable: 2, Participants: 2), tally);
        Assert.Equal([Copy(1).Pseudonym, Copy(2).Pseudonym], participants.Select(participant => participant.Pseudonym));
        Assert.All(participants, participant => Assert.DoesNotContain("shoe-size", participant.Row.Keys));
    }

    [Fact]
    public async Task AWithdrawalRemovesWhereverItIsListed()
    {
        using var custodian = await CustodianAccount.CreateAsync();
        var study = custodian.Declare(Rules, "", Types, Quasi);
        var (view, header, copy, key) = custodian.Contribution(study, Copy(1).ToBytes());
        custodian.Copies[header.Id] = copy;
        var gone = new ContributionView(null, [], ContributionWithdrawal.Create(key, study.Id).Signed);
        foreach (var list in new[] { new[] { view, gone }, [gone, view] })
        {
            custodian.Listed.Clear();
            custodian.Listed.AddRange(list);
            var (participants, tally) = await new Contributions(custodian.Account, study).ReadAsync(new HashSet<ContributionId>(), None);
            Assert.Empty(participants);
            Assert.Equal((1, 0), (tally.Withdrawn, tally.Participants));
        }
    }

    [Fact]
    public void StudiesWhoseNumbersBeginAlikeShareNoPartition()
    {
        string[] names = [.. new[] { 1, 2 }.Select(end => Custodian.PartitionOf(new StudyId(((UInt128)0xdeadbeef << 96) + (UInt128)end)))];
        Assert.StartsWith("study-deadbeef", names[0], StringComparison.Ordinal);
        Assert.NotEqual(names[0], names[1]);
    }

    [Fact]
    public async Task AListWithoutEndIsAnAlarm()
    {
        using var custodian = await CustodianAccount.CreateAsync();
        var study = custodian.Declare(Rules, "", Types, Quasi);
        for (var i = 0; i < 7; i++)
            custodian.Contribute(study, Copy(i));
        var seen = 0;
        custodian.Cursor = _ => ++seen > 2 ? "000000003" : null;
        Assert.Equal(AlarmKind.Integrity, (await Assert.ThrowsAsync<AlarmException>(() => new Contributions(custodian.Account, study).ReadAsync(new HashSet<ContributionId>(), None))).Kind);
    }

    [Fact]
    public async Task AReleaseKeepsThePromiseAndHoldsNothingElse()
    {
        using var custodian = await CustodianAccount.CreateAsync();
        // One of 21 is of a race of their own, and is left out.
        var (study, participants, release, report) = await WeighAsync(custodian, custodian.Declare(Rules, "condition-code", Types, Quasi),
            Enumerable.Range(0, 20).Select(i => Copy(i)).Append(Copy(20, "needle-race")));
        Assert.Null(report.Refusal);
        Assert.Equal(1, release!.Suppressed);
        var folder = custodian.Folder("release");
        var written = await WriteAsync(custodian, folder, study, participants, release, report);

        // The table by itself.
        using (var csv = File.OpenRead(Path.Combine(folder, "data.csv")))
        {
            var measures = CohortMeasures.Of(CohortTable.Read(csv, Quasi, "condition-code"));
            Assert.Equal((20, release.Measures.K), (measures.Rows, measures.K));
            Assert.True(measures.K >= 3);
        }

        // The patients say what the table says, and nothing else.
        var table = File.ReadAllLines(Path.Combine(folder, "data.csv")).Skip(1).Select(line => line.Split(',')).ToDictionary(fields => fields[0]);
        var patients = File.ReadAllLines(Path.Combine(folder, "fhir", "Patient.ndjson")).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(20, patients.Count);
        foreach (var patient in patients)
        {
            var fields = table[patient.GetProperty("identifier")[0].GetProperty("value").GetString()!];
            Assert.Equal(fields[1] == "*" ? null : fields[1], patient.TryGetProperty("gender", out var gender) ? gender.GetString() : null);
            Assert.Equal(fields[3] == "*" ? null : fields[3], patient.TryGetProperty("address", out var address) ? address[0].GetProperty("postalCode").GetString() : null);
            Assert.Empty(patient.EnumerateObject().Select(member => member.Name).Except(["resourceType", "id", "identifier", "gender", "birthDate", "address", "extension"]));
        }

        // Nothing of who was left out, of what the study did not ask for, or of what was generalised away.
        var gone = participants.Single(participant => participant.Row["race"] == "needle-race").Pseudonym;
        foreach (var (name, text) in Texts(folder))
            foreach (var needle in new[] { gone, "pat-20", "needle", "Practitioner" }.Where(needle => !(name.EndsWith("report.json", StringComparison.Ordinal) && needle == "Practitioner")))
                Assert.False(text.Contains(needle, StringComparison.Ordinal), $"{needle} in {name}");
        Assert.DoesNotContain("pseudo-", File.ReadAllText(Path.Combine(folder, "report.json")), StringComparison.Ordinal);
        Assert.Equal((20, 20, 20), (written.Resources["Patient"], written.Resources["Condition"], written.Files));
        Assert.Equal(20, written.LeftOut["other"]);
        Assert.Equal(20, Directory.GetFiles(Path.Combine(folder, "files"), "*.png").Length);
    }

    /// <summary>Every file and every entry of the archive, names included.</summary>
    private static IEnumerable<(string Name, string Text)> Texts(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            yield return (path, path[folder.Length..] + File.ReadAllText(path, Encoding.Latin1));
        using var archive = ZipFile.OpenRead(Path.Combine(folder, ReleaseFolder.ArchiveName));
        Assert.Equal(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Count() - 1, archive.Entries.Count);
        foreach (var entry in archive.Entries)
        {
            using var reader = new StreamReader(entry.Open(), Encoding.Latin1);
            yield return (entry.FullName, entry.FullName + reader.ReadToEnd());
        }
    }

    [Fact]
    public async Task AReleaseThatIsCutShortIsNotThere()
    {
        using var custodian = await CustodianAccount.CreateAsync();
        var (study, participants, release, report) = await WeighAsync(custodian, custodian.Declare(Rules, "", Types, Quasi), Enumerable.Range(0, 9).Select(i => Copy(i)));
        var folder = custodian.Folder("release");
        using (var killed = new ReleaseFolder(folder, study, release!))
        {
            killed.WriteTable(release!, participants);
            Assert.False(Directory.Exists(folder));
        }
        Assert.False(Directory.Exists(folder));
        // What the kill has left is in nobody's way, and an empty folder is filled.
        Directory.CreateDirectory(folder);
        await WriteAsync(custodian, folder + Path.DirectorySeparatorChar, study, participants, release!, report);
        Assert.Equal(["data.csv", "fhir", "files", "release.zip", "report.json"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task TheSameReleaseIsTheSameBytes()
    {
        using var custodian = await CustodianAccount.CreateAsync();
        var (study, participants, release, report) = await WeighAsync(custodian, custodian.Declare(Rules, "", Types, Quasi), Enumerable.Range(0, 9).Select(i => Copy(i)));
        await WriteAsync(custodian, custodian.Folder("one"), study, participants, release!, report);
        await WriteAsync(custodian, custodian.Folder("two"), study, participants, release!, report);
        Assert.Equal(File.ReadAllBytes(custodian.Folder("one/release.zip")), File.ReadAllBytes(custodian.Folder("two/release.zip")));
    }

    [Fact]
    public async Task WhatTheGateGeneralisedNoResourceTells()
    {
        using var custodian = await CustodianAccount.CreateAsync();
        var (study, participants, release, report) = await WeighAsync(custodian,
            custodian.Declare(Rules with { K = 7, SuppressionMills = 0 }, "", Types, "condition-code"), Enumerable.Range(0, 9).Select(i => Copy(i)));
        Assert.Equal([1], release!.Levels);
        var written = await WriteAsync(custodian, custodian.Folder("release"), study, participants, release, report);
        Assert.Equal(9, written.LeftOut["Condition"]);
        Assert.False(File.Exists(custodian.Folder("release/fhir/Condition.ndjson")));
    }

    [Fact]
    public async Task ATableThatDoesNotNameARareConditionDoesNotReleaseItsResources()
    {
        using var custodian = await CustodianAccount.CreateAsync();
        var terms = custodian.Declare(Rules with { SuppressionMills = 0 }, "", Types, "condition-code").Terms;
        var study = custodian.Declare(terms with { QuasiIdentifiers = [new QuasiIdentifier("condition-code", "common;*\n")] });
        var (_, participants, release, report) = await WeighAsync(custodian, study, Enumerable.Range(0, 9).Select(i => Copy(i)));
        Assert.Equal([0], release!.Levels);
        Assert.Equal(9, (await WriteAsync(custodian, custodian.Folder("release"), study, participants, release, report)).LeftOut["Condition"]);
    }

    [Theory]
    [InlineData("""{"resourceType":"Observation","contained":[PERSON]}""", "Patient")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Parameters","parameter":[{"resource":PERSON}]}}]}""", "RelatedPerson")]
    [InlineData("PERSON", "Person")]
    public async Task DemographicsBesideTheTableAreLeftOut(string resource, string person)
    {
        using var custodian = await CustodianAccount.CreateAsync();
        var (study, participants, release, report) = await WeighAsync(custodian, custodian.Declare(Rules, "", [.. Types, "Bundle", "Person"], Quasi), Enumerable.Range(0, 20).Select(i =>
        {
            var copy = Copy(i);
            var bytes = Encoding.UTF8.GetBytes(resource.Replace("PERSON", $$"""{"birthDate":"1951-needle","resourceType":"{{person}}","address":[{"state":"WY"}]}""", StringComparison.Ordinal));
            return copy with { Resources = [.. copy.Resources, bytes] };
        }));
        var written = await WriteAsync(custodian, custodian.Folder("release"), study, participants, release!, report);
        Assert.Equal(20, written.LeftOut.Where(pair => pair.Key != "other").Sum(pair => pair.Value));
        Assert.Equal(20, written.Resources["Condition"]);
        foreach (var (name, text) in Texts(custodian.Folder("release")))
            Assert.False(text.Contains("needle", StringComparison.Ordinal) || text.Contains("WY", StringComparison.Ordinal), name);
    }

    [Fact]
    public async Task AColumnThatTellsPeopleApartIsNotReleasedAsSensitive()
    {
        using var custodian = await CustodianAccount.CreateAsync();
        var study = custodian.Declare(Rules, "birth-date", Types, Quasi);
        var refused = await Assert.ThrowsAsync<CannotException>(() => WeighAsync(custodian, study, Enumerable.Range(0, 9).Select(i => Copy(i))));
        Assert.Contains("birth-date", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "Nobody has contributed")]
    [InlineData(4, "4 participants are fewer than the 5")]
    [InlineData(6, "However far the columns are generalised")]
    public async Task BelowThePromiseNothingIsReleased(int participants, string why)
    {
        using var custodian = await CustodianAccount.CreateAsync();
        var study = custodian.Declare(Rules with { K = 7 }, "", Types, Quasi);
        var (_, people, release, report) = await WeighAsync(custodian, study, Enumerable.Range(0, participants).Select(i => Copy(i)));
        Assert.Null(release);
        Assert.Null(report.Release);
        Assert.StartsWith(why, report.Refusal, StringComparison.Ordinal);
        var weighed = new WeighedStudy(study, null!, people, release, report, null);
        var folder = custodian.Folder("release");
        var refused = await Assert.ThrowsAsync<CannotException>(() => new Custodian(custodian.Account).ReleaseAsync(weighed, folder, null, None));
        Assert.StartsWith("Refused: ", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task WhoWithdrawsWhileAReleaseIsWrittenIsInNone()
    {
        using var custodian = await CustodianAccount.CreateAsync();
        var study = custodian.Declare(Rules, "", Types, Quasi);
        var (_, people, release, report) = await WeighAsync(custodian, study, Enumerable.Range(0, 6).Select(i => Copy(i)));
        custodian.Copies.Remove(people[3].Header.Id);
        var folder = custodian.Folder("release");
        var failure = await Assert.ThrowsAsync<CannotException>(() => new Custodian(custodian.Account).ReleaseAsync(new WeighedStudy(study, null!, people, release, report, null), folder, null, None));
        Assert.Contains("withdrew", failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task AFolderThatHoldsSomethingIsNotWrittenInto()
    {
        using var custodian = await CustodianAccount.CreateAsync();
        var study = custodian.Declare(Rules, "", Types, Quasi);
        var (_, people, release, report) = await WeighAsync(custodian, study, Enumerable.Range(0, 6).Select(i => Copy(i)));
        var folder = Directory.CreateDirectory(custodian.Folder("release")).FullName;
        var mine = Path.Combine(folder, "mine.txt");
        File.WriteAllText(mine, "mine");
        await Assert.ThrowsAsync<CannotException>(() => new Custodian(custodian.Account).ReleaseAsync(new WeighedStudy(study, null!, people, release, report, null), folder, null, None));
        Assert.Equal([mine], Directory.EnumerateFileSystemEntries(folder));
    }
}
