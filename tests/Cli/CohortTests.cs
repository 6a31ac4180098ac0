using System.Text.Json;
using Salus.Testing;

namespace Salus.Cli.Tests;

/// <summary>`cohort` answers from a file alone, without an installation or an account.</summary>
public class CohortTests
{
    private static readonly string[] Adult = ["sex", "age", "race", "marital-status", "education", "native-country", "workclass", "occupation", "salary-class"];

    private static string Gold => Path.Combine(Places.Data, "gold", "cohort", "cohort.csv");

    private static string AdultFile => Path.Combine(Places.Data, "gold", "arx", "adult_subset.csv");

    private static IEnumerable<string> AdultHierarchies =>
        Adult.SelectMany(column => new[] { "--hierarchy", $"{column}={Path.Combine(Places.Data, "gold", "arx", $"adult_hierarchy_{column}.csv")}" });

    [Fact]
    public void ATableIsMeasured()
    {
        using var data = new TemporaryData();
        var outcome = CommandLine.Run(data.Arguments("cohort", Gold, "--quasi", "sex", "birthYear", "zip", "race", "ethnicity", "maritalStatus", "--sensitive", "conditionCode", "--json"));
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.StartsWith("{\"rows\":200,\"classes\":186,\"k\":1,\"uniques\":176,\"l\":1,\"t\":0.995,", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(1, outcome.Json.GetProperty("risk").GetProperty("highest").GetDouble());
        Assert.False(outcome.Json.TryGetProperty("release", out _));
        Assert.False(Directory.Exists(data.Folder));
        var again = CommandLine.Run("cohort", Gold, "--quasi", "sex,birthYear,zip", "--json").Json;
        Assert.Equal(180, again.GetProperty("classes").GetInt32());
        Assert.Equal(JsonValueKind.Null, again.GetProperty("l").ValueKind);
    }

    [Fact]
    public void TheGateWritesTheLeastGeneralisationThatMeetsIt()
    {
        using var data = new TemporaryData();
        Directory.CreateDirectory(data.Folder);
        var file = Path.Combine(data.Folder, "released.csv");
        var outcome = CommandLine.Run(["cohort", AdultFile, "--quasi", .. Adult, .. AdultHierarchies, "--k", "5", "--suppress", "0.04", "--out", file, "--json"]);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        var release = outcome.Json.GetProperty("release");
        Assert.Equal(Adult.Length, release.GetProperty("levels").GetArrayLength());
        Assert.Equal(12_960, release.GetProperty("nodes").GetInt32());
        Assert.InRange(release.GetProperty("suppressed").GetInt32(), 1, 120);
        var measured = CommandLine.Run(["cohort", file, "--quasi", .. Adult, "--json"]).Json;
        foreach (var member in new[] { "rows", "classes", "k", "uniques", "below5", "below10" })
            Assert.Equal(release.GetProperty(member).GetInt32(), measured.GetProperty(member).GetInt32());
        Assert.True(measured.GetProperty("k").GetInt32() >= 5);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void WhatNothingMeetsIsRefusedAndNotWritten()
    {
        using var data = new TemporaryData();
        Directory.CreateDirectory(data.Folder);
        var file = Path.Combine(data.Folder, "released.csv");
        var outcome = CommandLine.Run("cohort", Gold, "--quasi", "sex", "birthYear", "--hierarchy", "sex=keep", "birthYear=year", "--k", "201", "--out", file, "--json");
        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith("Refused: ", outcome.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(data.Folder));
    }

    [Theory]
    [InlineData(1, "no column shoeSize", "--quasi", "shoeSize")]
    [InlineData(1, "no quasi-identifier", "--quasi", "sex", "--k", "2", "--hierarchy", "zip=zip")]
    [InlineData(1, "There is no file", "--quasi", "sex", "--k", "2", "--hierarchy", "sex=no-such-file")]
    [InlineData(1, "sensitive column", "--quasi", "sex", "--k", "2", "--l", "2")]
    [InlineData(2, "COLUMN=FILE", "--quasi", "sex", "--k", "2", "--hierarchy", "sex")]
    [InlineData(2, "give --k too", "--quasi", "sex", "--l", "2")]
    [InlineData(2, "--t takes", "--quasi", "sex", "--k", "2", "--t", "2")]
    [InlineData(2, "--k takes", "--quasi", "sex", "--k", "0")]
    public void QuestionsThatCannotBeAnsweredSayWhy(int exitCode, string message, params string[] arguments)
    {
        var outcome = CommandLine.Run(["cohort", Gold, .. arguments]);
        Assert.True(outcome.ExitCode == exitCode, outcome.ToString());
        Assert.Contains(message, outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Errors, StringComparison.Ordinal);
    }
}
