using System.Buffers.Binary;
using System.Text;
using Salus.Health.Deidentification;
using Salus.Health.Deidentification.Dicom;
using Salus.Health.Dicom;

namespace Salus.Health.Tests.Deidentification.Dicom;

/// <summary>The basic profile on the files of the data set: who the patient is is gone, the picture is the same.</summary>
public sealed class DicomDeidentifierTests
{
    /// <summary>Numbers of the patient and the device, of which each word is looked for; names of people are besides.</summary>
    private static readonly string[] Numbers = ["(0010,0020)", "(0010,1000)", "(0010,1040)", "(0010,2154)", "(0008,0050)", "(0018,1000)"];

    /// <summary>Texts that are looked for whole: single words of them may be a manufacturer's.</summary>
    private static readonly string[] Texts = ["(0008,0081)", "(0008,1010)", "(0008,1030)", "(0008,103E)", "(0010,4000)", "(0018,1030)", "(0020,4000)"];

    public static TheoryData<string> Files => [.. DicomFiles.Whole];

    [Theory, MemberData(nameof(Files))]
    public void ThePixelsStayByteForByteInTheirTransferSyntax(string file)
    {
        var before = DicomFiles.Bytes(file);
        var after = DicomFiles.Run(before);

        Assert.Equal(DicomFiles.PixelsOf(before), DicomFiles.PixelsOf(after));
        Assert.Equal(SyntaxOf(before), SyntaxOf(after));
    }

    [Theory, MemberData(nameof(Files))]
    public void NoValueOfAnElementThatNamesAnyoneIsInTheOutput(string file)
    {
        var before = DicomFiles.Bytes(file);
        var rest = Encoding.Latin1.GetString(DicomFiles.WithoutPixels(DicomFiles.Run(before)));

        foreach (var needle in NeedlesOf(before))
            Assert.False(rest.Contains(needle, StringComparison.OrdinalIgnoreCase), $"a value of {file} is still there");
    }

    [Theory, MemberData(nameof(Files))]
    public void NothingPrivateUnknownDatedOrOfAPersonsChoiceStays(string file)
    {
        var values = DicomFiles.Values(DicomFiles.Run(DicomFiles.Bytes(file)));

        foreach (var value in values)
        {
            Assert.False((value.Tag >> 16 & 1) != 0, value.Path);
            Assert.True((value.Tag & 0xFFFF) != 0, value.Path);
            Assert.False(value.Tag >> 24 is 0x50 or 0x60, value.Path);
            Assert.NotEqual(Vr.UN, value.Vr);
            if (value.Vr is Vr.DA or Vr.DT or Vr.TM)
                Assert.True(value.Text is "" or "19000101" or "000000" or "19000101000000", value.Path);
            if (value.Vr is Vr.PN or Vr.LT or Vr.ST or Vr.UT or Vr.UC or Vr.AE or Vr.AS)
                Assert.True(value.Text is "" or "REMOVED", value.Path);
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void TheFileSaysThatItWasDeidentifiedAndHow(string file)
    {
        var values = DicomFiles.Values(DicomFiles.Run(DicomFiles.Bytes(file))).ToDictionary(static value => value.Path, static value => value.Text);

        Assert.Equal("YES", values["(0012,0062)"]);
        Assert.Contains("PS3.15", values["(0012,0063)"], StringComparison.Ordinal);
        Assert.Equal("113100", values["(0012,0064)[0].(0008,0100)"]);
        Assert.Equal("DCM", values["(0012,0064)[0].(0008,0102)"]);
        Assert.Equal("REMOVED", values["(0028,0303)"]);
        Assert.DoesNotContain("(0012,0064)[1].(0008,0100)", values.Keys);
    }

    [Theory, MemberData(nameof(Files))]
    public void ElementsStandByRisingTagAndASecondRunChangesNoMoreThanIdentifiers(string file)
    {
        var once = DicomFiles.Run(DicomFiles.Bytes(file));
        var twice = DicomFiles.Run(once);

        Assert.Equal(DicomFiles.Values(once).Select(static value => value.Path), DicomFiles.Values(twice).Select(static value => value.Path));
    }

    [Fact]
    public void TheFilesHaveElevenTransferSyntaxes() => Assert.Equal(11, DicomFiles.Whole.Select(static file => SyntaxOf(DicomFiles.Bytes(file))).Distinct().Count());

    [Fact]
    public void IdentifiersAreReplacedAlikeInFilesOfAStudyAndDifferentlyInAnother()
    {
        var (one, other) = (DicomFiles.Bytes("77654033_CT2_17106.dcm"), DicomFiles.Bytes("77654033_CT2_17136.dcm"));
        string Of(byte[] file, string path, string study = "study") => DicomFiles.Values(DicomFiles.Run(file, study: study)).Single(value => value.Path == path).Text;

        foreach (var shared in new[] { "(0020,000D)", "(0020,000E)", "(0020,0052)", "(0010,0020)" })
        {
            Assert.Equal(Of(one, shared), Of(other, shared));
            Assert.NotEqual(Of(one, shared), Of(one, shared, "another"));
        }
        Assert.NotEqual(Of(one, "(0008,0018)"), Of(other, "(0008,0018)"));
        Assert.Matches("^2\\.25\\.[1-9][0-9]{10,38}$", Of(one, "(0008,0018)"));
        Assert.Matches("^[0-9a-f]{64}$", Of(one, "(0010,0020)"));
        Assert.Equal("1.2.840.10008.5.1.4.1.1.2", Of(one, "(0008,0016)"));
    }

    [Fact]
    public void AReferenceBecomesTheIdentifierOfWhatItRefersTo()
    {
        var file = Bytes(explicitVr: true, Element(0x0008_1140, "SQ", Item(Element(0x0008_1150, "UI", "1.2.840.10008.5.1.4.1.1.2"u8), Element(0x0008_1155, "UI", "1.2.3.4.5"u8))));
        var referred = Bytes(explicitVr: true, [], instance: "1.2.3.4.5");

        Assert.Equal(DicomFiles.Values(DicomFiles.Run(referred)).Single(value => value.Path == "(0008,0018)").Text,
            DicomFiles.Values(DicomFiles.Run(file)).Single(value => value.Path == "(0008,1140)[0].(0008,1155)").Text);
    }

    [Fact]
    public void TheHeaderOfTheFileIsNewAndItsPreambleIsEmpty()
    {
        var before = DicomFiles.Bytes("77654033_CT2_17106.dcm");
        before.AsSpan(0, 128).Fill((byte)'P');
        var after = DicomFiles.Run(before);

        Assert.All(after[..128], static b => Assert.Equal(0, b));
        var head = Encoding.Latin1.GetString(after, 0, 400);
        Assert.Contains(DicomFiles.Values(after).Single(value => value.Path == "(0008,0018)").Text, head, StringComparison.Ordinal);
        Assert.Contains("SALUS", head, StringComparison.Ordinal);
    }

    [Fact]
    public void DatesAreMovedByThePatientsShiftOnlyWhenAskedTo()
    {
        var before = DicomFiles.Bytes("CT_small.dcm");
        var options = DicomFiles.Reviewed with { ShiftsDates = true };
        string Of(DicomOptions options, string path, byte[]? file = null) => DicomFiles.Values(DicomFiles.Run(file ?? before, options)).Single(value => value.Path == path).Text;
        DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyyMMdd");

        Assert.Equal("", Of(DicomFiles.Reviewed, "(0008,0020)"));
        var original = Date(DicomFiles.Values(before).Single(value => value.Path == "(0008,0020)").Text);
        var days = Date(Of(options, "(0008,0020)")).DayNumber - original.DayNumber;
        Assert.InRange(days, -50, 50);
        // The whole course moves together, and with all else of the same patient.
        foreach (var path in new[] { "(0008,0021)", "(0008,0022)", "(0008,0023)" })
            Assert.Equal(days, Date(Of(options, path)).DayNumber - Date(DicomFiles.Values(before).Single(value => value.Path == path).Text).DayNumber);
        Assert.Equal("MODIFIED", Of(options, "(0028,0303)"));
        Assert.Equal("113107", Of(options, "(0012,0064)[1].(0008,0100)"));
        Assert.Equal("", Of(options, "(0010,0030)"));
        var shifts = Enumerable.Range(0, 20).Select(i => Of(options with { Patient = $"patient {i}" }, "(0008,0020)")).ToHashSet();
        Assert.True(shifts.Count > 5);
    }

    [Fact]
    public void ANameThatStandsInAnotherElementTooIsFoundThere()
    {
        var file = Bytes(explicitVr: true,
        [
            .. Element(0x0008_0070, "LO", "Scanner of Mrs ROSENBAUM"u8), .. Element(0x0008_1090, "LO", "Model 7"u8),
            .. Element(0x0010_0010, "PN", "Rosenbaum^Li^MONO^US"u8), .. Element(0x0010_0020, "LO", "H-4711"u8), .. Element(0x0018_0022, "CS", "ROSENBAUM"u8), .. Element(0x0018_1210, "SH", "LI"u8),
            .. Element(0x0028_0004, "CS", "MONOCHROME2"u8), .. Element(0x0028_1040, "CS", "ROSENBAUM"u8),
        ]);
        var values = DicomFiles.Values(DicomFiles.Run(file, out var report));

        Assert.DoesNotContain(values, static value => value.Path is "(0008,0070)" or "(0018,0022)" or "(0018,1210)" or "(0028,1040)");
        Assert.Contains(values, static value => value.Path == "(0028,0004)");
        Assert.Contains(values, static value => value is { Path: "(0008,1090)", Text: "Model 7" });
        Assert.Contains(report.Changes, static change => change is { Method: "remove", Path: "(0008,0070)" });
    }

    [Fact]
    public void CodesOfAHospitalsOwnSchemeGoThoseOfAPublishedOneStay()
    {
        byte[] Code(string scheme) => Item(Element(0x0008_0100, "SH", "T-D3000"u8), Element(0x0008_0102, "SH", Encoding.ASCII.GetBytes(scheme)), Element(0x0008_0104, "LO", "Chest"u8));
        var values = DicomFiles.Values(DicomFiles.Run(Bytes(explicitVr: true, Element(0x0008_2218, "SQ", [.. Code("SRT"), .. Code("99WARD7")]))));

        Assert.Contains(values, static value => value is { Path: "(0008,2218)[0].(0008,0104)", Text: "Chest" });
        Assert.DoesNotContain(values, static value => value.Path.StartsWith("(0008,2218)[1]", StringComparison.Ordinal));
    }

    [Fact]
    public void PrivateSequencesWithinSequencesGo()
    {
        var whole = DicomFiles.Bytes("nested_priv_SQ.dcm");
        var nested = whole[(144 + BinaryPrimitives.ReadInt32LittleEndian(whole.AsSpan(140)))..^10];
        // A value of nine bytes in it: no length is padded here.
        static byte[] Exact(uint tag, byte[] value) => [.. Element(tag, "", [], explicitVr: false)[..4], .. BitConverter.GetBytes(value.Length), .. value];
        byte[] Data(byte[] item)
        {
            var empty = Bytes(explicitVr: false, []);
            return [.. empty[..158], .. nested, .. empty[158..], .. Exact(0x0008_1140, Exact(0xFFFE_E000, item))];
        }
        var reference = Element(0x0008_1155, "", "1.2.9"u8, explicitVr: false);

        var paths = DicomFiles.Values(DicomFiles.Run(Data([.. nested, .. reference]))).Select(static value => value.Path);
        Assert.Equal(["(0008,0016)", "(0008,0018)", "(0008,1140)", "(0008,1140)[0].(0008,1155)"], paths.Where(static path => path.StartsWith("(0008", StringComparison.Ordinal)));
        Assert.Equal(DicomFault.OutOfOrder, Assert.Throws<DicomFormatException>(() => DicomFiles.Run(Data([.. reference, .. nested]))).Fault);
    }

    [Fact]
    public void WordsInThePlaceOfNumbersAndUnknownRepresentationsGo()
    {
        var file = Bytes(explicitVr: true,
        [
            .. Element(0x0018_0022, "CS", "Mr Smith"u8), .. Element(0x0018_0050, "DS", "5.0"u8), .. Element(0x0018_0060, "DS", "Smith"u8), .. Element(0x0018_0080, "ZZ", "1234"u8),
            .. Element(0x0018_0081, "LO", "named by another"u8), .. Element(0x0018_9999, "CS", "UNKNOWN ELEMENT"u8),
        ]);
        var paths = DicomFiles.Values(DicomFiles.Run(file)).Select(static value => value.Path).Where(static path => path.StartsWith("(0018", StringComparison.Ordinal));

        Assert.Equal(["(0018,0050)"], paths);
    }

    [Fact]
    public void SequencesWithAndWithoutLengthsBecomeTheSame()
    {
        byte[] Undefined(byte[] header, byte[] inner, uint end) => [.. header, 0xFF, 0xFF, 0xFF, 0xFF, .. inner, .. Element(end, "", [])];
        var code = (byte[])[.. Element(0x0008_0100, "SH", "T-D3000"u8), .. Element(0x0008_0102, "SH", "SRT"u8)];
        var item = Undefined([0xFE, 0xFF, 0, 0xE0], code, 0xFFFE_E00D);
        var open = Undefined([0x08, 0, 0x18, 0x22, (byte)'S', (byte)'Q', 0, 0], [.. item, .. item], 0xFFFE_E0DD);
        var closed = Element(0x0008_2218, "SQ", [.. Item(code), .. Item(code)]);

        Assert.Equal(DicomFiles.Run(Bytes(explicitVr: true, closed)), DicomFiles.Run(Bytes(explicitVr: true, open)));
    }

    [Fact]
    public void LargePixelsAreNotHeld()
    {
        var file = Bytes(explicitVr: true, Element(DicomElement.PixelData, "OW", new byte[64 << 20]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        new DicomDeidentifier(DicomFiles.Reviewed, DicomFiles.KeysOf("study")).Run(new MemoryStream(file), Stream.Null);

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4 << 20);
    }

    [Fact]
    public void TheReportNamesElementsAndHoldsNoValue()
    {
        DicomFiles.Run(DicomFiles.Bytes("us_burned_in_phi.dcm"), out var report);

        Assert.Equal(1, report.Items);
        Assert.True(report.CountOf("remove") > 0 && report.CountOf("refreshUID") > 0);
        Assert.All(report.Changes, static change => Assert.Matches("^(\\([0-9A-F]{4},[0-9A-F]{4}\\)|a private element|an unknown element)$", change.Path));
    }

    [Fact]
    public void AFileWithoutHeaderIsWrittenWithOne()
    {
        var whole = DicomFiles.Bytes("MR_small_implicit.dcm");
        var bare = whole[(144 + BinaryPrimitives.ReadInt32LittleEndian(whole.AsSpan(140)))..];
        var after = DicomFiles.Run(bare);

        Assert.Equal("DICM", Encoding.ASCII.GetString(after, 128, 4));
        Assert.Equal("1.2.840.10008.1.2", SyntaxOf(after));
        Assert.Equal(DicomFiles.Run(whole), after);
    }

    /// <summary>A data set without pixels and what it needs to be one, in explicit or implicit little endian.</summary>
    internal static byte[] Bytes(bool explicitVr, byte[] elements, string instance = "1.2.3") =>
    [
        .. new byte[128], .. "DICM"u8, .. Element(0x0002_0010, "UI", Encoding.ASCII.GetBytes(explicitVr ? "1.2.840.10008.1.2.1" : "1.2.840.10008.1.2")),
        .. Element(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.2"u8, explicitVr), .. Element(0x0008_0018, "UI", Encoding.ASCII.GetBytes(instance), explicitVr), .. elements,
    ];

    internal static byte[] Element(uint tag, string vr, ReadOnlySpan<byte> value, bool explicitVr = true)
    {
        var pad = value.Length & 1;
        var header = new byte[8];
        BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)(tag >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(2), (ushort)(tag & 0xFFFF));
        if (!explicitVr || tag >> 16 == 0xFFFE)
        {
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), value.Length + pad);
            return [.. header, .. value, .. new byte[pad]];
        }
        Encoding.ASCII.GetBytes(vr, header.AsSpan(4));
        if (vr is not ("SQ" or "UN" or "OB" or "OW" or "UT" or "ZZ"))
        {
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), (ushort)(value.Length + pad));
            return [.. header, .. value, .. new byte[pad]];
        }
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, value.Length + pad);
        return [.. header, .. length, .. value, .. new byte[pad]];
    }

    internal static byte[] Item(params byte[][] elements) => Element(0xFFFE_E000, "", elements.SelectMany(static element => element).ToArray());

    internal static string SyntaxOf(byte[] file)
    {
        using var reader = new DicomReader(new MemoryStream(file));
        reader.TryNext(out _);
        return reader.Stated ?? reader.Form.Uid;
    }

    internal static IEnumerable<string> NeedlesOf(byte[] file)
    {
        var values = DicomFiles.Values(file);
        return values.Where(static value => value.Vr == Vr.PN || Numbers.Contains(value.Path)).SelectMany(static value => value.Text.Split('^', '=', '\\', ' ', ','))
            .Concat(values.Where(static value => Texts.Contains(value.Path)).Select(static value => value.Text))
            .Where(static word => word.Length >= 4 && word.AsSpan().IndexOfAnyExcept('-', '^') >= 0).Distinct();
    }
}
