using Salus.Testing;

namespace Salus.Cli.Tests;

/// <summary>`keywords` answers without an installation or an account, and leaves nothing behind.</summary>
public class KeywordsTests
{
    [Fact]
    public void AFileIsShownByDocumentWithoutAnAccount()
    {
        using var data = new TemporaryData();
        var outcome = CommandLine.Run(data.Arguments("keywords", Path.Combine(Places.Root, "samples", "patient-bundle.json"), "--keyword", "k9", "--json"));
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        var documents = outcome.Json.GetProperty("documents").EnumerateArray().ToList();
        Assert.True(documents.Count >= 168);
        Assert.All(documents, document => Assert.Equal(1, document.GetProperty("terms").GetProperty("w:k9").GetInt32()));
        Assert.Contains(documents, document => document.GetProperty("partition").GetString() == "medical" && document.GetProperty("terms").TryGetProperty("w:condit", out _));
        Assert.False(Directory.Exists(data.Folder));
    }

    [Fact]
    public void WordsCodesAndDatesAreShownApart()
    {
        var outcome = CommandLine.Run("keywords", Path.Combine(Places.Data, "hl7v2", "LAB-ORU-1.hl7"));
        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches("words .*leukocyt(.|\n)*codes .*loinc\\|11156-7(.|\n)*dates .*2014-10-06", outcome.Output);
        Assert.Equal(1, CommandLine.Run("keywords", "no-such-file", "--json").Json.GetProperty("exitCode").GetInt32());
    }
}
