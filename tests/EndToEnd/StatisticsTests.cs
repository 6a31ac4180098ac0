using System.Globalization;
using System.Text.Json;
using Salus.Client;
using Salus.Client.Records;
using Salus.Client.Statistics;
using Salus.Client.Studies;
using Salus.Testing;

namespace Salus.EndToEnd.Tests;

/// <summary>Statistics on real servers: rows of shares from a hospital, questions by the command line, a trustee that is away.</summary>
public class StatisticsTests(SalusInstallation salus)
{
    /// <summary>What a declaration says more to have rows. The budget is so large that hardly any noise is left.</summary>
    internal const string Rows = """
        , "budget": 100000,
        "variables": [{ "name": "weight", "source": "loinc:29463-7", "unit": "kg", "decimals": 1, "lower": 0, "upper": 200, "bounds": [50, 80, 110] }],
        "attributes": [{ "name": "sex", "source": "quasi:sex", "categories": ["female", "male"] }]
        """;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task AResearcherAsksAboutPatientsWhoseRowsNobodyHas()
    {
        using var staff = await StudyTests.Staff.RegisterAsync(salus);
        using var clinic = await Person.RegisterAsync(salus, "clinic", organisation: "Lakeside Clinic");
        var study = await StudyTests.OpenAsync(staff, $$"""{{Rows}}, "organisations": [{ "mail": "{{clinic.Mail}}", "quota": 40 }]""");
        var weights = new List<decimal>();
        var files = Directory.GetFiles(Path.Combine(Places.Data, "fhir"), "*.json").Where(file => IsOfOnePatient(file, study)).OrderBy(file => new FileInfo(file).Length).Take(8).ToArray();
        foreach (var file in files)
        {
            await using (var stream = File.OpenRead(file))
                await new Participation(clinic.Account).ContributeAsync(study, stream, None);
            await using var again = File.OpenRead(file);
            using var data = ParticipantData.OfFile(again, study.Terms, None);
            if (ParticipantRow.Read(study.Terms, data.Resources, _ => "").Numbers.TryGetValue("weight", out var weight))
                weights.Add(weight);
        }
        Assert.True(weights.Count > 2, "the test data weighs nobody");

        var counted = await AskAsync(staff.Researcher, study, "count()");
        Assert.InRange(counted.Values[0].Value, files.Length - 30, files.Length + 30);
        var summed = await AskAsync(staff.Researcher, study, "sum(weight)");
        var (sum, error) = ((double)weights.Sum(), summed.Values[0].Error);
        Assert.True(Math.Abs(summed.Values[0].Value - sum) < 5 * error + 1, $"{summed.Values[0]} {sum}");

        // The same by the command line, and what is left of the budget.
        var asked = await RunAsync(staff.Researcher, study.Id.ToString(), "mean(weight) where sex=female", "--rho", "2000", "--json");
        Assert.True(asked.ExitCode == 0, asked.ToString());
        using var answer = JsonDocument.Parse(asked.Output);
        Assert.Equal(("mean", 2000m), (answer.RootElement.GetProperty("function").GetString(), answer.RootElement.GetProperty("rho").GetDecimal()));
        var shown = await RunAsync(staff.Researcher, study.Id.ToString(), "--json");
        Assert.True(shown.ExitCode == 0, shown.ToString());
        using var budget = JsonDocument.Parse(shown.Output);
        Assert.Equal(answer.RootElement.GetProperty("spent").GetDecimal(), budget.RootElement.GetProperty("spent").GetDecimal());
        var wrong = await RunAsync(staff.Researcher, study.Id.ToString(), "mean(height)");
        Assert.Contains("It has weight, sex", wrong.Errors, StringComparison.Ordinal);

        // Nobody else asks, and without a trustee there is no answer, which it is named for.
        Assert.Equal(Reasons.NotYours, (await Assert.ThrowsAsync<CannotException>(() => AskAsync(staff.Custodian, study, "count()"))).Code);
        await using (await salus.WithoutAsync("trustee-2"))
        {
            var away = await Assert.ThrowsAnyAsync<Exception>(() => AskAsync(staff.Researcher, study, "histogram(sex)"));
            Assert.Contains("trustee-2", away.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Asks, at a higher price again, until the noise no longer hides that there are enough.</summary>
    internal static async Task<StatisticsResult> AskAsync(Person researcher, KnownStudy study, string text)
    {
        Assert.True(AskedStatistic.TryParse(text, study.Terms, out var asked, out var fault), fault);
        for (var rho = 1_000_000_000L; ; rho++)
        {
            var result = await new StudyStatistics(researcher.Account).AskAsync(study.Study, asked, rho, None);
            if (result.Values.Count > 0 || rho == 1_000_000_020)
                return result;
        }
    }

    private static bool IsOfOnePatient(string file, KnownStudy study)
    {
        using var stream = File.OpenRead(file);
        using var data = ParticipantData.OfFile(stream, study.Terms, None);
        return data.Resources.Count(resource => ParticipantData.IsOfType(resource, "Patient")) == 1;
    }

    private Task<Outcome> RunAsync(Person person, params string[] arguments) =>
        CommandLine.RunAsync(["stats", .. arguments, "--data", salus.Data, "--profile", person.Name], ("SALUS_PASSPHRASE", person.Passphrase));
}
