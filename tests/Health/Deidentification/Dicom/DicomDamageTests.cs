using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Salus.Health.Deidentification;
using Salus.Health.Dicom;

namespace Salus.Health.Tests.Deidentification.Dicom;

/// <summary>Damaged files are refused by name of the fault, wherever they are damaged, and no error tells a value.</summary>
public sealed class DicomDamageTests
{
    private static readonly string[] Small = ["CT_small.dcm", "MR_small_implicit.dcm", "MR_small_bigendian.dcm", "MR_small_RLE.dcm", "rtplan.dcm"];

    [Theory]
    [InlineData("MR_truncated.dcm", DicomFault.Truncated)]
    [InlineData("rtplan_truncated.dcm", DicomFault.Truncated)]
    [InlineData("no_meta.dcm", DicomFault.NotDicom)]
    [InlineData("SC_rgb_jpeg.dcm", DicomFault.TransferSyntax)]
    [InlineData("priv_SQ.dcm", DicomFault.MissingElement)]
    public void AFileThatIsNotWholeIsRefusedWithWhereAndWhatToDo(string file, DicomFault fault)
    {
        var error = Assert.Throws<DicomFormatException>(() => DicomFiles.Run(DicomFiles.Bytes(file)));

        Assert.Equal(fault, error.Fault);
        Assert.Matches("\\((the file|\\([0-9A-F]{4},[0-9A-F]{4}\\)|a private element|an unknown element), byte [0-9]+\\)\\. [A-Z].*\\.$", error.Message);
    }

    [Theory]
    [InlineData("CT_small.dcm", 97)]
    [InlineData("MR_small_implicit.dcm", 31)]
    [InlineData("MR_small_bigendian.dcm", 31)]
    [InlineData("MR_small_RLE.dcm", 31)]
    [InlineData("rtplan.dcm", 7)]
    [InlineData("image_dfl.dcm", 997)]
    public void EveryTruncationIsRefusedOrIsAWholeFileThatEndsEarlier(string file, int step)
    {
        var whole = DicomFiles.Bytes(file);
        for (var length = 0; length < whole.Length; length += step)
            if (Outcome(whole[..length]) is { } written)
                Assert.True(DicomFiles.Values(written).Count <= DicomFiles.Values(whole).Count + 12);
    }

    [Theory]
    [InlineData("CT_small.dcm")]
    [InlineData("MR_small_implicit.dcm")]
    [InlineData("MR_small_bigendian.dcm")]
    [InlineData("rtplan.dcm")]
    [InlineData("image_dfl.dcm")]
    public void ChangedBytesNeverCrashAndNeverLetAPatientThrough(string file)
    {
        var whole = DicomFiles.Bytes(file);
        Check.QuickThrowOnFailure(Prop.ForAll(Gen.Choose(0, Math.Min(whole.Length, 4000) - 1).Two().ToArbitrary(), Gen.Choose(0, 255).ToArbitrary(), (at, value) =>
        {
            var bytes = whole.ToArray();
            bytes[at.Item1] = (byte)value;
            bytes[at.Item2] ^= 0x40;
            if (Outcome(bytes) is not { } written)
                return true;
            // A changed tag can make an element of the patient one of the image; then what stays is of its form, never a person's name.
            return DicomFiles.Values(written).All(static element => element.Vr is not (Vr.PN or Vr.LT or Vr.ST or Vr.UT or Vr.UN) || element.Text is "" or "REMOVED");
        }));
    }

    [Theory]
    [InlineData(0xFFFF_FFFEu)]
    [InlineData(0x7FFF_FFFFu)]
    [InlineData(0x4000_0000u)]
    public void ALengthThatTheFileDoesNotHaveIsNotAllocated(uint length)
    {
        var file = DicomDeidentifierTests.Bytes(explicitVr: false, [0x10, 0, 0x10, 0, (byte)(length & 0xFF), (byte)(length >> 8 & 0xFF), (byte)(length >> 16 & 0xFF), (byte)(length >> 24), 1, 2, 3]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(DicomFault.Truncated, Assert.Throws<DicomFormatException>(() => DicomFiles.Run(file)).Fault);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 16_000_000);
    }

    [Fact]
    public void SequencesWithinSequencesWithoutEndAreRefused()
    {
        var nested = Enumerable.Repeat((byte[])[8, 0, 0x40, 0x11, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF], 10_000).SelectMany(static bytes => bytes).ToArray();

        Assert.Equal(DicomFault.TooDeep, Assert.Throws<DicomFormatException>(() => DicomFiles.Run(DicomDeidentifierTests.Bytes(explicitVr: false, nested))).Fault);
    }

    [Fact]
    public void ADeflatedDataSetThatInflatesWithoutEndIsRefusedInTimeAndSpace()
    {
        using var file = new MemoryStream();
        file.Write(DicomDeidentifierTests.Bytes(explicitVr: true, []).AsSpan(0, 132));
        file.Write(DicomDeidentifierTests.Element(0x0002_0010, "UI", "1.2.840.10008.1.2.1.99"u8));
        using (var deflate = new System.IO.Compression.DeflateStream(file, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(DicomDeidentifierTests.Bytes(explicitVr: true, []).AsSpan(160));
            deflate.Write([0x09, 0, 0x10, 0, (byte)'O', (byte)'B', 0, 0, 0xFE, 0xFF, 0xFF, 0xFF]);
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 1100; i++)
                deflate.Write(zeros);
        }
        var (before, clock) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew());

        var error = Assert.Throws<DicomFormatException>(() => DicomFiles.Run(file.ToArray()));
        Assert.Contains(error.Fault, new[] { DicomFault.Truncated, DicomFault.TooLarge });
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64_000_000 && clock.Elapsed < TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void ATransferSyntaxThatNobodyHasIsRefusedAndNotCopied()
    {
        var plain = DicomDeidentifierTests.Bytes(explicitVr: true, []);
        byte[] file = [.. plain[..132], .. DicomDeidentifierTests.Element(0x0002_0010, "UI", "1.2.840.10008.1.2.4.JANE DOE"u8), .. plain[160..]];

        var error = Assert.Throws<DicomFormatException>(() => DicomFiles.Run(file));
        Assert.Equal(DicomFault.TransferSyntax, error.Fault);
        Assert.DoesNotContain("JANE", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ElementsOutOfOrderOrTwiceAreRefused()
    {
        var twice = DicomDeidentifierTests.Bytes(explicitVr: true, [.. DicomDeidentifierTests.Element(0x0028_0010, "US", [1, 0]), .. DicomDeidentifierTests.Element(0x0028_0010, "US", [2, 0])]);

        Assert.Equal(DicomFault.OutOfOrder, Assert.Throws<DicomFormatException>(() => DicomFiles.Run(twice)).Fault);
    }

    [Fact]
    public void NoErrorHoldsAValueOfTheFile()
    {
        foreach (var name in Small)
        {
            var whole = DicomFiles.Bytes(name);
            var needles = DicomDeidentifierTests.NeedlesOf(whole).ToList();
            for (var at = 132; at < Math.Min(whole.Length, 6000); at += 3)
            {
                var bytes = whole.ToArray();
                bytes.AsSpan(at, 2).Fill(0xFF);
                var message = MessageOf(bytes);
                Assert.DoesNotContain(needles, needle => message.Contains(needle, StringComparison.OrdinalIgnoreCase));
            }
        }
    }

    /// <summary>What is written, null when the file is refused; anything else fails the test.</summary>
    private static byte[]? Outcome(byte[] file)
    {
        try
        {
            return DicomFiles.Run(file);
        }
        catch (Exception e) when (e is DicomFormatException or RefusedException)
        {
            return null;
        }
    }

    private static string MessageOf(byte[] file)
    {
        try
        {
            DicomFiles.Run(file);
            return "";
        }
        catch (Exception e) when (e is DicomFormatException or RefusedException)
        {
            return e.Message;
        }
    }
}
