using System.Globalization;
using System.Text;
using System.Text.Json;
using Salus.EndToEnd.Tests;
using Salus.Testing;

namespace Salus.Browser.Tests.Operations;

/// <summary>Readings and studies by the page's operations, natively.</summary>
public class ResearchTests(SalusInstallation salus)
{
    private static readonly string Bundle = Path.Combine(Places.Root, "samples", "patient-bundle.json");

    [Fact]
    public async Task ReadingsAreSplitReadBackSharedAndDeleted()
    {
        using var patient = await Page.RegisterAsync(salus, "asha");
        using var doctor = await Page.RegisterAsync(salus, "lee");
        Assert.Empty((await patient.CallAsync("series")).GetProperty("series").EnumerateArray());

        // Added: a file, and the same file again brings nothing new.
        var start = new DateTimeOffset(2026, 11, 1, 8, 0, 0, TimeSpan.Zero);
        var lines = Enumerable.Range(0, 300).Select(i => string.Create(CultureInfo.InvariantCulture, $"{start.AddMinutes(i):yyyy-MM-ddTHH:mm:ssZ},{60 + i % 40}"));
        var file = patient.File("pulse.csv", Encoding.UTF8.GetBytes("time,value\n" + string.Join('\n', lines) + "\n"));
        var added = await patient.CallAsync("readings.add", new { file, name = "heart-rate", code = "8867-4" });
        Assert.True(added.GetProperty("stored").GetBoolean());
        Assert.Empty(added.GetProperty("missing").EnumerateArray());
        Assert.Equal(300, Assert.Single(added.GetProperty("series").EnumerateArray()).GetProperty("added").GetInt64());
        Assert.Contains(patient.Reports, report => report.TryGetProperty("done", out var done) && done.GetInt64() == report.GetProperty("total").GetInt64());
        var again = Assert.Single((await patient.CallAsync("readings.add", new { file, name = "heart-rate", code = "8867-4" })).GetProperty("series").EnumerateArray());
        Assert.Equal((0, 300), (again.GetProperty("added").GetInt64(), again.GetProperty("known").GetInt64()));
        Assert.Equal("bad-reading", (await patient.FailsAsync("readings.add", new { file = patient.File("no.csv", "time,value\nnever,1\n"u8.ToArray()), name = "x" })).Code);

        // Read back: all, and a span with both ends.
        var listed = await patient.CallAsync("series");
        var series = Assert.Single(listed.GetProperty("series").EnumerateArray());
        Assert.Equal(("heart-rate", "8867-4", "/min"), (Page.Text(series, "name"), Page.Text(series, "code"), Page.Text(series, "unit")));
        Assert.False(listed.GetProperty("waiting").GetBoolean());
        var (id, owner) = (Page.Text(series, "series"), Page.Text(series, "account"));
        var all = await patient.CallAsync("readings", new { series = id, owner });
        Assert.Equal(Enumerable.Range(0, 300).Select(i => (decimal)(60 + i % 40)), all.GetProperty("values").EnumerateArray().Select(value => value.GetDecimal()));
        Assert.Equal(start.ToUnixTimeMilliseconds(), all.GetProperty("times")[0].GetInt64());
        Assert.Equal(0, all.GetProperty("alarms").GetInt32());
        var some = await patient.CallAsync("readings", new { series = id, owner, from = start.AddMinutes(10), to = start.AddMinutes(12) });
        Assert.Equal([70m, 71m, 72m], some.GetProperty("values").EnumerateArray().Select(value => value.GetDecimal()));

        // A doctor reads them while records of that part are shared, and deletes none.
        Assert.Equal("no-series", (await doctor.FailsAsync("readings", new { series = id, owner })).Code);
        var proposal = await patient.CallAsync("share.propose", new { to = doctor.Mail, role = "doctor" });
        await patient.CallAsync("share.confirm", new { proposal = proposal.GetProperty("proposal").GetInt32() });
        Assert.Equal(owner, Page.Text(Assert.Single((await doctor.CallAsync("series")).GetProperty("series").EnumerateArray()), "account"));
        Assert.Equal(300, (await doctor.CallAsync("readings", new { series = id, owner })).GetProperty("values").GetArrayLength());
        Assert.Equal("no-series", (await doctor.FailsAsync("readings.delete", new { series = id })).Code);

        Assert.Empty((await patient.CallAsync("readings.delete", new { series = id })).GetProperty("missing").EnumerateArray());
        Assert.Empty((await patient.CallAsync("series")).GetProperty("series").EnumerateArray());
    }

    [Fact]
    public async Task AStudyIsOpenedJoinedAfterALookAndLeft()
    {
        using var researcher = await Page.RegisterAsync(salus, "okafor");
        using var custodian = await Page.RegisterAsync(salus, "ethics", "City Hospital");
        using var patient = await Page.RegisterAsync(salus, "asha");
        await patient.CallAsync("import", new { file = Bundle });

        var declared = Declaration(custodian.Mail);
        var id = Page.Text(await researcher.CallAsync("study.open", declared), "study");
        Assert.Equal(id, Page.Text(await researcher.CallAsync("study.open", declared), "study"));
        Assert.Equal("own-address", (await researcher.FailsAsync("study.open", Declaration(researcher.Mail))).Code);

        // Everybody sees the same terms, each in their own role.
        var (mine, guarded, offered) = (await StudyAsync(researcher, id), await StudyAsync(custodian, id), await StudyAsync(patient, id));
        Assert.Equal(("researcher", "custodian"), (Page.Text(mine, "role"), Page.Text(guarded, "role")));
        Assert.Equal(JsonValueKind.Null, offered.GetProperty("role").ValueKind);
        Assert.Equal(("open", "none", "City Hospital"), (Page.Text(offered, "state"), Page.Text(offered, "part"), Page.Text(offered.GetProperty("custodian"), "organisation")));
        var weight = Assert.Single(offered.GetProperty("variables").EnumerateArray());
        Assert.Equal((1.5m, 250m), (weight.GetProperty("lower").GetDecimal(), weight.GetProperty("upper").GetDecimal()));
        Assert.Equal(0.05m, offered.GetProperty("release").GetProperty("suppression").GetDecimal());

        // A look changes nothing; it counts, and shows one's own row and nobody's text.
        var preview = await patient.CallAsync("study.preview", new { study = id });
        var copy = preview.GetProperty("copy");
        Assert.Contains("Condition", copy.GetProperty("resources").EnumerateArray().Select(one => Page.Text(one, "type")));
        Assert.All(copy.GetProperty("resources").EnumerateArray(), one => Assert.Contains(Page.Text(one, "type"), (string[])["Patient", "Condition"]));
        Assert.NotEmpty(copy.GetProperty("changes").EnumerateArray());
        Assert.True(copy.GetProperty("bytes").GetInt32() >= 16 * 1024);
        Assert.Equal(["weight", "sex"], preview.GetProperty("row").EnumerateArray().Select(one => Page.Text(one, "name")));
        Assert.Equal("female", preview.GetProperty("row")[1].GetProperty("value").GetString());
        Assert.DoesNotContain("Salena230", preview.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("none", Page.Text(await StudyAsync(patient, id), "part"));

        // Joined, once; seen from another device; left for good.
        await patient.CallAsync("study.join", new { study = id });
        Assert.Equal("contributed", Page.Text(await StudyAsync(patient, id), "part"));
        Assert.Equal("already-joined", (await patient.FailsAsync("study.join", new { study = id })).Code);
        Assert.Equal("own-study", (await researcher.FailsAsync("study.join", new { study = id })).Code);
        Assert.Empty((await patient.CallAsync("study.withdraw", new { study = id })).GetProperty("missing").EnumerateArray());
        Assert.Equal("withdrawn", Page.Text(await StudyAsync(patient, id), "part"));
        Assert.Equal("was-withdrawn", (await patient.FailsAsync("study.join", new { study = id })).Code);

        Assert.Equal("not-yours", (await patient.FailsAsync("study.close", new { study = id })).Code);
        Assert.Empty((await researcher.CallAsync("study.close", new { study = id })).GetProperty("missing").EnumerateArray());
        Assert.Equal("ended", Page.Text(await StudyAsync(patient, id), "state"));
    }

    /// <summary>What the page sends when its form is filled in.</summary>
    internal static object Declaration(string custodian, int k = 2) => new
    {
        custodian, title = "Weight and conditions", purpose = "Whether they go together.", rules = "", resources = new[] { "Patient", "Condition" },
        quasiIdentifiers = new[] { new { column = "sex", hierarchy = "" }, new { column = "birth-year", hierarchy = "" } }, sensitive = "",
        release = new { k, l = 1, t = 1.0, suppression = 0.05, minimumCohort = k }, budget = 1.0,
        variables = new[] { new { name = "weight", source = "loinc:29463-7", unit = "kg", decimals = 1, lower = 1.5, upper = 250.0, bounds = new[] { 50.0, 100.0 } } },
        attributes = new[] { new { name = "sex", source = "quasi:sex", categories = new[] { "female", "male" } } },
        opens = DateTimeOffset.UtcNow.AddDays(-30), ends = DateTimeOffset.UtcNow.AddYears(1),
    };

    private static async Task<JsonElement> StudyAsync(Page page, string? id) =>
        Assert.Single((await page.CallAsync("studies", new { elsewhere = true })).GetProperty("studies").EnumerateArray(), study => Page.Text(study, "study") == id);
}
