using System.Text.Json;
using Salus.Health.Dicom;
using Salus.Testing;

namespace Salus.Health.Tests.Deidentification.Dicom;

/// <summary>
/// The example of Microsoft's DICOM tool with its sample configuration: the same elements are touched, but for those below, each with its reason.
/// </summary>
public sealed class MicrosoftGoldTests
{
    private static string Folder => Path.Combine(Places.Data, "gold", "ms-dicom");

    private static readonly Dictionary<string, string> Reasons = new()
    {
        ["(0008,0012)"] = "InstanceCreationDate: theirs is shifted, ours removed as no option to keep dates is set; the profile of 2022 takes it as a date like others",
        ["(0008,0013)"] = "InstanceCreationTime: theirs is kept, ours removed: times tell",
        ["(0008,0018)"] = "SOPInstanceUID: both new, theirs random, ours by key",
        ["(0008,0021)"] = "SeriesDate: theirs removed, ours a dummy (X/D)",
        ["(0008,0022)"] = "AcquisitionDate: theirs removed, ours emptied (X/Z)",
        ["(0008,0023)"] = "ContentDate: theirs shifted, ours a dummy (Z/D)",
        ["(0008,0031)"] = "SeriesTime: theirs removed, ours a dummy (X/D)",
        ["(0008,0032)"] = "AcquisitionTime: theirs removed, ours emptied (X/Z)",
        ["(0008,0033)"] = "ContentTime: theirs emptied, ours a dummy (Z/D)",
        ["(0008,2112)"] = "SourceImageSequence: theirs removed, ours kept with replaced references (X/Z/U*)",
        ["(0010,0020)"] = "PatientID: theirs emptied, ours the study's pseudonym",
        ["(0012,0063)"] = "DeidentificationMethod: theirs is what an earlier tool wrote, ours our own",
        ["(0012,0064)"] = "DeidentificationMethodCodeSequence: likewise",
        ["(0018,1000)"] = "DeviceSerialNumber: theirs removed, ours a dummy (X/Z/D)",
        ["(0018,1020)"] = "SoftwareVersions: theirs kept, ours removed: it may hold anything, here the date of a build",
        ["(0018,A001)"] = "ContributingEquipmentSequence: in it, theirs keeps software, date, institution and free text, ours does not",
        ["(0020,000D)"] = "StudyInstanceUID: both new",
        ["(0020,000E)"] = "SeriesInstanceUID: both new",
        ["(0020,0052)"] = "FrameOfReferenceUID: both new",
        ["(0020,1040)"] = "PositionReferenceIndicator: theirs kept, ours removed as free text",
        ["(0028,0301)"] = "BurnedInAnnotation: ours says that it was reviewed",
        ["(0028,0303)"] = "LongitudinalTemporalInformationModified: ours says that dates are removed",
    };

    [Fact]
    public void OursDiffersFromTheirsOnlyWhereWeSayWhy()
    {
        var theirs = ByPath(File.ReadAllBytes(Path.Combine(Folder, "out", "I290.dcm")));
        var ours = ByPath(DicomFiles.Run(File.ReadAllBytes(Path.Combine(Folder, "in", "I290.dcm"))));

        var differing = theirs.Keys.Union(ours.Keys).Where(path => !theirs.TryGetValue(path, out var one) || !ours.TryGetValue(path, out var other) || !one.SequenceEqual(other))
            .Select(static path => path[..11]).ToHashSet();
        Assert.Equal("", string.Join(' ', differing.Except(Reasons.Keys).Order(StringComparer.Ordinal)));
        Assert.Equal("", string.Join(' ', Reasons.Keys.Except(differing).Order(StringComparer.Ordinal)));
    }

    /// <summary>Every attribute that their configuration names and that has to go, goes with us too.</summary>
    [Fact]
    public void WhatTheirConfigurationRemovesTheProfileTreats()
    {
        using var configuration = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "dicom-configuration-sample.json")));
        var tags = configuration.RootElement.GetProperty("rules").EnumerateArray().Where(static rule => rule.GetProperty("method").GetString() != "keep")
            .Select(static rule => rule.GetProperty("tag").GetString()!).Where(static tag => tag.Length == 11 && tag[0] == '(' && !tag.Contains('x', StringComparison.Ordinal))
            .Select(static tag => Convert.ToUInt32(tag[1..5] + tag[6..10], 16)).Where(static tag => tag >> 16 is not (0 or 2 or 4)).ToList();

        Assert.True(tags.Count > 250);
        Assert.All(tags, static tag => Assert.NotEqual(Salus.Health.Deidentification.Dicom.Treatment.Keep, TreatmentOf(tag)));
    }

    private static Salus.Health.Deidentification.Dicom.Treatment TreatmentOf(uint tag)
    {
        // References to images stay, with other identifiers.
        if (tag is 0x0008_1140 or 0x0008_2112)
            return Salus.Health.Deidentification.Dicom.Treatment.Uid;
        return Salus.Health.Deidentification.Dicom.ElementRules.TreatmentOf(new(DicomPart.Value, tag, DicomDictionary.VrOf(tag), 0, 0), shiftsDates: false);
    }

    private static Dictionary<string, byte[]> ByPath(byte[] file) => DicomFiles.Values(file).ToDictionary(static value => value.Path, static value => value.Bytes);
}
