using Salus.Health.Keywords;
using Salus.Testing;

namespace Salus.Health.Tests.Keywords;

/// <summary>The examples of docs/spec/terms.md.</summary>
public class TermVectorTests
{
    public static TheoryData<Vector> All => [.. Vectors.Read("terms")];

    [Theory, MemberData(nameof(All))]
    public void EveryVectorGivesItsTerms(Vector vector)
    {
        var terms = vector.Has("text") ? Words.Tokenise(vector["text"]).SelectMany(token => Words.Terms(token.Word, Enum.Parse<Language>(vector["language"]))).Distinct().Order(StringComparer.Ordinal)
            : vector.Has("query") ? Words.QueryVariants(vector["query"])
            : vector.Has("code") ? [TermNames.Code(vector["code"])]
            : (IEnumerable<string>)TermNames.Dates(vector["date"]);
        Assert.Equal(vector[vector.Has("code") ? "term" : "terms"], string.Join(' ', terms));
    }

    [Fact]
    public void TheSpecificationShowsThem()
    {
        var page = File.ReadAllText(Path.Combine(Places.Root, "docs", "spec", "terms.md"));
        foreach (var vector in Vectors.Read("terms").Where(vector => vector.Has("text")))
        {
            Assert.Contains(vector["text"], page, StringComparison.Ordinal);
            Assert.Contains($"`{vector["terms"].Replace(" ", "` `", StringComparison.Ordinal)}`", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TheSpecificationNamesEverySystem()
    {
        var page = File.ReadAllText(Path.Combine(Places.Root, "docs", "spec", "terms.md"));
        foreach (var name in CodeSystems.Known)
            Assert.Contains($"`{name}`", page, StringComparison.Ordinal);
    }
}
