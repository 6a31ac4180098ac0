using System.Text.RegularExpressions;
using Salus.Protocol.Studies;
using Salus.Testing;

namespace Salus.Protocol.Tests.Studies;

/// <summary>The example of docs/spec/study.md, whose signature python cryptography has made.</summary>
public partial class StudyVectorTests
{
    [Fact]
    public void TheExampleOfTheDocumentIsAContribution()
    {
        var page = File.ReadAllText(Path.Combine(Places.Root, "docs", "spec", "study.md"));
        var block = page.Split("```")[1];
        var bytes = Convert.FromHexString(string.Concat(Hexadecimal().Matches(block).Select(match => match.Value)));
        var made = ContributionHeader.Create(Parts.Signing(9), new StudyId(0x4444), new byte[CopySize.Smallest], []);
        Assert.Equal(Convert.ToHexStringLower(made.Signed), Convert.ToHexStringLower(bytes));
        Assert.True(ContributionHeader.TryVerify(bytes, out var read));
        Assert.True(read.Fits(new byte[CopySize.Smallest]));
    }

    [GeneratedRegex("^[0-9a-f]{8,}", RegexOptions.Multiline)]
    private static partial Regex Hexadecimal();
}
