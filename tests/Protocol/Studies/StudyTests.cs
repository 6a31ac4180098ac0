using Salus.Protocol.Studies;

namespace Salus.Protocol.Tests.Studies;

public class StudyTests
{
    private static readonly SigningKey Researcher = Parts.Signing(1);
    private static readonly StudyTerms Good = StudyCases.Terms;

    public static TheoryData<string> Refused => [.. Wrong.Keys];

    private static IReadOnlyDictionary<string, StudyTerms> Wrong { get; } = new Dictionary<string, StudyTerms>
    {
        ["the researcher as custodian"] = Good with { Custodian = Good.Researcher },
        ["an end before the beginning"] = Good with { Ends = Good.Opens },
        ["an end after more than five years"] = Good with { Ends = Good.Opens + Limits.MaxStudyDuration + TimeSpan.FromMilliseconds(1) },
        ["copies, and nothing by which people look alike"] = Good with { QuasiIdentifiers = [] },
        ["l of nothing"] = Good with { Sensitive = "", Release = Good.Release with { L = 2, TMills = 1000 } },
        ["t of nothing"] = Good with { Sensitive = "", Release = Good.Release with { L = 1, TMills = 999 } },
        ["no title"] = Good with { Title = "" },
        ["a title with a direction mark"] = Good with { Title = "Sleep \u202e and" },
        ["a purpose with a hidden character"] = Good with { Purpose = "Sleep\u200b" },
        ["nothing wanted"] = Good with { Resources = [], Variables = [], Attributes = [], BudgetMicros = 0 },
        ["a budget for nothing"] = Good with { Variables = [], Attributes = [] },
        ["a resource that is no type"] = Good with { Resources = ["Patient.name"] },
        ["one resource twice"] = Good with { Resources = ["Patient", "Patient"] },
        ["one column twice"] = Good with { QuasiIdentifiers = [new("age", ""), new("age", "5")] },
        ["the sensitive column as quasi-identifier"] = Good with { Sensitive = "age" },
        ["k of 1"] = Good with { Release = Good.Release with { K = 1 } },
        ["l above k"] = Good with { Release = Good.Release with { L = 12 } },
        ["l of 0"] = Good with { Release = Good.Release with { L = 0 } },
        ["t above 1"] = Good with { Release = Good.Release with { TMills = 1001 } },
        ["everything suppressed and more"] = Good with { Release = Good.Release with { SuppressionMills = 1001 } },
        ["a cohort of one"] = Good with { Release = Good.Release with { MinimumCohort = 1 } },
        ["a negative budget"] = Good with { BudgetMicros = -1 },
        ["a name in capitals"] = Good with { Variables = [Good.Variables[0] with { Name = "Heart" }] },
        ["a name that begins with a digit"] = Good with { Variables = [Good.Variables[0] with { Name = "2nd" }] },
        ["a source of another kind"] = Good with { Variables = [Good.Variables[0] with { Source = "file:/etc/passwd" }] },
        ["a source without a name"] = Good with { Variables = [Good.Variables[0] with { Source = "loinc:" }] },
        ["bounds the wrong way round"] = Good with { Variables = [Good.Variables[0] with { Lower = 2200, Upper = 300 }] },
        ["a value too large"] = Good with { Variables = [Good.Variables[0] with { Upper = Limits.MaxStudyValue + 1 }] },
        ["buckets out of order"] = Good with { Variables = [Good.Variables[0] with { Bounds = [800, 600] }] },
        ["a bucket below the lower bound"] = Good with { Variables = [Good.Variables[0] with { Bounds = [300] }] },
        ["ten decimals"] = Good with { Variables = [Good.Variables[0] with { Decimals = 10 }] },
        ["a variable and an attribute of one name"] = Good with { Attributes = [Good.Attributes[0] with { Name = "heart-rate" }] },
        ["one category"] = Good with { Attributes = [Good.Attributes[0] with { Categories = ["female"] }] },
        ["one category twice"] = Good with { Attributes = [Good.Attributes[0] with { Categories = ["female", "female"] }] },
        ["a quota of 0"] = Good with { Organisations = [Good.Organisations[0] with { Quota = 0 }] },
        ["one organisation twice"] = Good with { Organisations = [Good.Organisations[0], Good.Organisations[0]] },
        ["another researcher than the signer"] = Good with { Researcher = Good.Custodian },
        ["two trustees"] = Good with { Trustees = [Good.Trustees[0], Good.Trustees[1]] },
        ["trustees out of order"] = Good with { Trustees = [Good.Trustees[1], Good.Trustees[0], Good.Trustees[2]] },
        ["rules too long"] = Good with { Rules = new string(' ', Limits.MaxStudyRules + 1) },
        ["too many variables"] = Good with { Variables = [.. Enumerable.Range(0, Limits.MaxStudyVariables + 1).Select(i => Good.Variables[1] with { Name = $"v{i}" })] },
    };

    [Theory, MemberData(nameof(Refused))]
    public void RefusesTermsThatNobodyWouldAccept(string name) => Assert.Throws<ArgumentException>(() => Study.Create(Researcher, Wrong[name]));

    [Fact]
    public void TakesTheLeastAndTheMost()
    {
        var least = Study.Create(Researcher, Good with
        {
            Rules = "", QuasiIdentifiers = [Good.QuasiIdentifiers[0]], Sensitive = "", Release = new ReleaseRules(2, 1, 1000, 0, 2),
            Variables = [], Attributes = [], Organisations = [], BudgetMicros = 0,
        });
        Assert.True(least.Terms.WantsCopies && !least.Terms.WantsRows);
        var most = Study.Create(Researcher, Good with
        {
            Rules = new string(' ', Limits.MaxStudyRules),
            Ends = Good.Opens + Limits.MaxStudyDuration,
            Variables = [.. Enumerable.Range(0, Limits.MaxStudyVariables).Select(i => Good.Variables[1] with { Name = $"v{i}", Lower = -Limits.MaxStudyValue, Upper = Limits.MaxStudyValue })],
        });
        Assert.True(Study.TryVerify(most.Signed, out _));
    }

    [Fact]
    public void AnAccountContributesOnceAndAnOrganisationUpToItsQuota()
    {
        Assert.Equal(1, Good.Quota(Parts.Signing(2).PublicKey.Account));
        Assert.Equal(500, Good.Quota(Good.Organisations[0].Account));
    }

    [Fact]
    public void OnlyItsResearcherEndsAStudy()
    {
        Assert.True(StudyEnd.Create(Researcher, Good.Id, Parts.Now).IsOf(StudyCases.Study));
        Assert.False(StudyEnd.Create(Parts.Signing(2), Good.Id, Parts.Now).IsOf(StudyCases.Study));
        Assert.False(StudyEnd.Create(Researcher, new StudyId(1), Parts.Now).IsOf(StudyCases.Study));
    }
}
