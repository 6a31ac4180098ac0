using System.Text;
using Salus.Testing;

namespace Salus.Cli.Tests;

/// <summary>`deidentify` of DICOM files and pictures: refused until somebody has looked, then without what names anybody.</summary>
public class DeidentifyPicturesTests
{
    private static string Ultrasound => Path.Combine(Places.Data, "dicom", "derived", "us_burned_in_phi.dcm");

    private static string XRay => Path.Combine(Places.Data, "images", "xray_rg3.jpg");

    [Fact]
    public void AnUltrasoundIsRefusedUntilItWasReviewedOrBlackedOut()
    {
        using var folder = new TemporaryFolder();
        var target = folder.File("out.dcm");

        var refused = CommandLine.Run("deidentify", Ultrasound, "--out", target);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("--black-out", refused.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(target));

        var outcome = CommandLine.Run("deidentify", Ultrasound, "--black-out", "2,2,252,41", "--black-out", "0,0,1,1", "--out", target, "--json");
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Equal("application/dicom", outcome.Json.GetProperty("mediaType").GetString());
        Assert.Contains(outcome.Json.GetProperty("changes").EnumerateArray(), static change => change.GetProperty("method").GetString() == "blackOut" && change.GetProperty("count").GetInt64() == 2);
        Assert.Equal("DICM", Encoding.ASCII.GetString(File.ReadAllBytes(target), 128, 4));
    }

    [Fact]
    public void DatesOfAFileAreMovedWhenAskedTo()
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run("deidentify", Path.Combine(Places.Data, "dicom", "CT_small.dcm"), "--shift-dates", "--out", folder.File("out.dcm"), "--json");

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Contains(outcome.Json.GetProperty("changes").EnumerateArray(), static change => change.GetProperty("method").GetString() == "dateShift");
    }

    [Fact]
    public void APictureLosesItsMetadataOnceReviewed()
    {
        using var folder = new TemporaryFolder();
        var target = folder.File("out.jpg");

        Assert.Equal(1, CommandLine.Run("deidentify", XRay, "--out", target).ExitCode);
        var outcome = CommandLine.Run("deidentify", XRay, "--reviewed", "--out", target, "--json");
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.DoesNotContain("JANE", Encoding.Latin1.GetString(File.ReadAllBytes(target)), StringComparison.Ordinal);
        Assert.False(outcome.Json.GetProperty("randomKeys").GetBoolean());
    }

    [Theory]
    [InlineData("1,2,3")]
    [InlineData("all")]
    public void ARegionThatIsNoneIsRefused(string region)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(1, CommandLine.Run("deidentify", Ultrasound, "--reviewed", "--black-out", region, "--out", folder.File("out.dcm")).ExitCode);
    }

    [Fact]
    public void ARegionOfAPictureIsRefusedRatherThanLeft()
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run("deidentify", XRay, "--reviewed", "--black-out", "0,0,10,10", "--out", folder.File("out.jpg"));

        Assert.Equal(1, outcome.ExitCode);
        Assert.False(File.Exists(folder.File("out.jpg")));
    }

    [Theory]
    [InlineData("dicom/MR_truncated.dcm", "Truncated|ends in the middle")]
    [InlineData("dicom/reportsi.dcm", "free text")]
    [InlineData("dicom/DICOMDIR", "DICOMDIR")]
    public void WhatCannotBeDeidentifiedIsRefusedWithAReason(string file, string reason)
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run("deidentify", Path.Combine(Places.Data, file), "--reviewed", "--out", folder.File("out.dcm"));

        Assert.Equal(1, outcome.ExitCode);
        Assert.Matches(reason, outcome.ToString());
        Assert.False(File.Exists(folder.File("out.dcm")));
    }
}
