using System.Text;
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

    /// <summary>So many that hardly any noise takes them below what is answered.</summary>
    private const int People = 60;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task AResearcherAsksAboutPatientsWhoseRowsNobodyHas()
    {
        using var staff = await StudyTests.Staff.RegisterAsync(salus);
        using var clinic = await Person.RegisterAsync(salus, "clinic", organisation: "Lakeside Clinic");
        var study = await StudyTests.OpenAsync(staff, $$"""{{Rows}}, "organisations": [{ "mail": "{{clinic.Mail}}", "quota": 100 }]""");
        decimal[] weights = [.. Enumerable.Range(0, People).Select(i => 50 + i)];
        for (var i = 0; i < People; i++)
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Patient(i, weights[i])));
            await new Participation(clinic.Account).ContributeAsync(study, stream, None);
        }

        var counted = await AskAsync(staff.Researcher, study, "count()");
        Assert.InRange(counted.Values[0].Value, People - 30, People + 30);
        var summed = await AskAsync(staff.Researcher, study, "sum(weight)");
        var (sum, error) = ((double)weights.Sum(), summed.Values[0].Error);
        Assert.True(Math.Abs(summed.Values[0].Value - sum) < 5 * error + 1, $"{summed.Values[0]} {sum}");

        // The same by the command line, and what is left of the budget.
        var asked = await RunAsync(staff.Researcher, study.Id.ToString(), "mean(weight)", "--rho", "2000", "--json");
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

    internal static async Task<StatisticsResult> AskAsync(Person researcher, KnownStudy study, string text)
    {
        Assert.True(AskedStatistic.TryParse(text, study.Terms, out var asked, out var fault), fault);
        return await new StudyStatistics(researcher.Account).AskAsync(study.Study, asked, 1_000_000_000, None);
    }

    private static string Patient(int number, decimal weight) =>
        $$"""
        {"resourceType":"Bundle","type":"collection","entry":[
          {"resource":{"resourceType":"Patient","id":"p","identifier":[{"system":"urn:mrn","value":"{{number}}"}],"gender":"female","birthDate":"1970-01-01"} },
          {"resource":{"resourceType":"Observation","id":"o","status":"final","subject":{"reference":"Patient/p"},"effectiveDateTime":"2026-01-01",
            "code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},"valueQuantity":{"value": {{weight}} ,"unit":"kg","code":"kg"} } } ]}
        """;

    private Task<Outcome> RunAsync(Person person, params string[] arguments) =>
        CommandLine.RunAsync(["stats", .. arguments, "--data", salus.Data, "--profile", person.Name], ("SALUS_PASSPHRASE", person.Passphrase));
}
