using System.Buffers.Binary;
using Salus.Health.Deidentification;
using Salus.Health.Deidentification.Dicom;
using Salus.Health.Dicom;

namespace Salus.Health.Tests.Deidentification.Dicom;

/// <summary>Text in pixels: nothing goes out that nobody looked at, and what is blacked out is gone.</summary>
public sealed class BurnedInTests
{
    private static readonly DicomOptions Unreviewed = new();
    private static readonly PixelRegion Name = new(2, 2, 252, 41);

    [Theory]
    [InlineData("us_burned_in_phi.dcm")]
    [InlineData("color-px.dcm")]
    [InlineData("SC_rgb.dcm")]
    [InlineData("image_dfl.dcm")]
    [InlineData("77654033_CR1_6154.dcm")]
    [InlineData("RG3_J2KI.dcm")]
    [InlineData("OBXXXX1A_rle.dcm")]
    public void APictureThatMayShowANameIsRefusedUntilSomebodyHasLooked(string file)
    {
        Assert.Equal(Refusal.NotReviewed, Assert.Throws<RefusedException>(() => DicomFiles.Run(DicomFiles.Bytes(file), Unreviewed)).Reason);
        Assert.Contains(DicomFiles.Values(DicomFiles.Run(DicomFiles.Bytes(file))), static value => value is { Path: "(0028,0301)", Text: "NO" });
    }

    [Theory]
    [InlineData("CT_small.dcm")]
    [InlineData("rtplan.dcm")]
    [InlineData("waveform_ecg.dcm")]
    public void APictureOutOfAReconstructionOrNoneAtAllNeedsNoReview(string file) =>
        Assert.DoesNotContain(DicomFiles.Values(DicomFiles.Run(DicomFiles.Bytes(file), Unreviewed)), static value => value.Path == "(0028,0301)");

    [Theory]
    [InlineData("DERIVED\\SECONDARY", "", "CT", true)]
    [InlineData("ORIGINAL\\PRIMARY", "", "CT", false)]
    [InlineData("ORIGINAL\\PRIMARY", "YES", "CT", true)]
    [InlineData("DERIVED\\SECONDARY", "NO", "CT", false)]
    [InlineData("ORIGINAL\\PRIMARY", "NO", "US", true)]
    [InlineData("ORIGINAL\\PRIMARY", "no idea", "CT", true)]
    public void TheMarkCountsWhereItCanBeTrusted(string imageType, string mark, string modality, bool isRefused)
    {
        var file = Picture(imageType, mark, modality);
        if (isRefused)
            Assert.Equal(Refusal.NotReviewed, Assert.Throws<RefusedException>(() => DicomFiles.Run(file, Unreviewed)).Reason);
        else
            Assert.NotEmpty(DicomFiles.Run(file, Unreviewed));
    }

    [Fact]
    public void ABlackedOutRegionIsGoneAndEverythingAroundItStays()
    {
        var before = DicomFiles.Bytes("us_burned_in_phi.dcm");
        var after = DicomFiles.Run(before, out var report, Unreviewed with { BlackOut = [Name] });
        var (old, pixels) = (DicomFiles.PixelsOf(before).Single(), DicomFiles.PixelsOf(after).Single());
        var layout = DicomSurvey.Of(new MemoryStream(before)).Layout;

        Assert.Equal(old.Length, pixels.Length);
        var erased = 0;
        for (var y = 0; y < layout.Rows; y++)
            for (var x = 0; x < layout.Columns; x++)
                for (var sample = 0; sample < layout.Samples; sample++)
                {
                    var at = layout.Planar == 1 ? (sample * layout.Rows + y) * layout.Columns + x : (y * layout.Columns + x) * layout.Samples + sample;
                    var isInside = x >= Name.X && x < Name.X + Name.Width && y >= Name.Y && y < Name.Y + Name.Height;
                    erased += isInside && old[at] != 0 ? 1 : 0;
                    Assert.Equal(isInside ? 0 : old[at], pixels[at]);
                }
        Assert.True(erased > 100);
        Assert.Equal(1, report.CountOf("blackOut"));
        Assert.Contains(DicomFiles.Values(after), static value => value is { Path: "(0012,0064)[1].(0008,0100)", Text: "113101" });
    }

    [Fact]
    public void EveryFrameIsBlackedOutInEitherByteOrder()
    {
        var options = Unreviewed with { BlackOut = [new(0, 0, 10, 5), new(90, 95, 10, 5)] };
        var before = DicomFiles.Bytes("SC_rgb_expb_16bit_2frame.dcm");
        var pixels = DicomFiles.PixelsOf(DicomFiles.Run(before, options)).Single();
        var old = DicomFiles.PixelsOf(before).Single();
        var changed = 0;
        for (var i = 0; i < pixels.Length / 2; i++)
        {
            var (x, y) = (i / 3 % 100, i / 300 % 100);
            var isInside = (x < 10 && y < 5) || (x >= 90 && y >= 95);
            Assert.Equal(isInside ? 0 : BinaryPrimitives.ReadUInt16BigEndian(old.AsSpan(2 * i)), BinaryPrimitives.ReadUInt16BigEndian(pixels.AsSpan(2 * i)));
            changed += isInside && old[2 * i] != 0 ? 1 : 0;
        }
        Assert.True(changed > 0);
    }

    [Theory]
    [InlineData("MONOCHROME2", 0, 0x00)]
    [InlineData("MONOCHROME1", 0, 0xFF)]
    [InlineData("MONOCHROME2", 1, 0x80)]
    [InlineData("MONOCHROME1", 1, 0x7F)]
    public void BlackIsBlackInEveryPalette(string photometric, int isSigned, int black)
    {
        var file = Picture("ORIGINAL", "", "CT", photometric, isSigned);

        Assert.Equal([0x21, (byte)black, (byte)black, 0x21], DicomFiles.PixelsOf(DicomFiles.Run(file, Unreviewed with { BlackOut = [new(1, 0, 1, 2)] })).Single().Take(2)
            .Concat(DicomFiles.PixelsOf(DicomFiles.Run(file, Unreviewed with { BlackOut = [new(0, 1, 1, 1)] })).Single().Skip(2)));
    }

    [Theory]
    [InlineData("OBXXXX1A_rle.dcm", "0,0,1,1", Refusal.CompressedPixels)]
    [InlineData("waveform_ecg.dcm", "0,0,1,1", Refusal.PixelForm)]
    [InlineData("us_burned_in_phi.dcm", "0,0,100000,1", Refusal.Region)]
    [InlineData("us_burned_in_phi.dcm", "2147483647,2147483647,2147483647,2147483647", Refusal.Region)]
    public void ARegionThatCannotBeBlackedOutIsRefusedWithWhatToDo(string file, string region, Refusal reason)
    {
        Assert.True(PixelRegion.TryParse(region, out var parsed));
        var refused = Assert.Throws<RefusedException>(() => DicomFiles.Run(DicomFiles.Bytes(file), Unreviewed with { BlackOut = [parsed] }));
        Assert.Equal(reason, refused.Reason);
        Assert.NotEmpty(refused.Message);
    }

    [Fact]
    public void FramesThatTheFileDoesNotHaveAreNotBlackedOut()
    {
        var whole = DicomFiles.Bytes("SC_rgb_expb_16bit_2frame.dcm");
        var at = whole.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x00, 0x28, 0x00, 0x08, (byte)'I', (byte)'S', 0, 2]);
        byte[] many = [.. whole[..(at + 6)], 0, 10, .. "2147483646"u8, .. whole[(at + 10)..]];

        Assert.True(at > 0);
        Assert.Equal(DicomFault.InvalidLength, Assert.Throws<DicomFormatException>(() => DicomFiles.Run(many, Unreviewed with { BlackOut = [new(0, 0, 1, 1)] })).Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1,2,3")]
    [InlineData("1,2,3,4,5")]
    [InlineData("1,2,0,4")]
    [InlineData("-1,2,3,4")]
    [InlineData("1,2,3,x")]
    [InlineData("99999999999,2,3,4")]
    public void ARegionIsFourNumbers(string text) => Assert.False(PixelRegion.TryParse(text, out _));

    [Theory]
    [InlineData("reportsi.dcm", Refusal.Report)]
    [InlineData("DICOMDIR", Refusal.Directory)]
    public void WhatIsTextOrADirectoryIsRefusedHoweverReviewed(string file, Refusal reason) =>
        Assert.Equal(reason, Assert.Throws<RefusedException>(() => DicomFiles.Run(DicomFiles.Bytes(file))).Reason);

    [Theory]
    [InlineData("1.2.840.10008.5.1.4.1.1.104.1", Refusal.Document)]
    [InlineData("1.2.840.10008.5.1.4.1.1.11.1", Refusal.Annotations)]
    [InlineData("1.3.12.2.1107.5.9.1", Refusal.PrivateClass)]
    public void WhatWrapsTextOrIsAManufacturersOwnIsRefused(string sopClass, Refusal reason)
    {
        var file = DicomDeidentifierTests.Bytes(explicitVr: true, []);
        file = [.. file[..(132 + 28)], .. DicomDeidentifierTests.Element(0x0008_0016, "UI", System.Text.Encoding.ASCII.GetBytes(sopClass)),
            .. DicomDeidentifierTests.Element(0x0008_0018, "UI", "1.2"u8)];

        Assert.Equal(reason, Assert.Throws<RefusedException>(() => DicomFiles.Run(file)).Reason);
    }

    [Theory]
    [InlineData("Rosenbaum", true)]
    [InlineData("another text", false)]
    public void ANameInACommentOfACompressedFrameIsFound(string comment, bool isRefused)
    {
        byte[] frame = [0xFF, 0xD8, 0xFF, 0xFE, 0, (byte)(comment.Length + 2), .. System.Text.Encoding.ASCII.GetBytes(comment), 0xFF, 0xD9, .. new byte[comment.Length & 1]];
        byte[] pixels =
        [
            0xE0, 0x7F, 0x10, 0, (byte)'O', (byte)'B', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0, 0xE0, 0, 0, 0, 0, 0xFE, 0xFF, 0, 0xE0, (byte)frame.Length, 0, 0, 0, .. frame,
            0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0,
        ];
        var plain = DicomDeidentifierTests.Bytes(explicitVr: true, [.. DicomDeidentifierTests.Element(0x0010_0010, "PN", "ROSENBAUM^Li"u8), .. pixels]);
        byte[] file = [.. plain[..132], .. DicomDeidentifierTests.Element(0x0002_0010, "UI", "1.2.840.10008.1.2.4.50"u8), .. plain[160..]];

        if (isRefused)
            Assert.Equal(Refusal.NamesInFrames, Assert.Throws<RefusedException>(() => DicomFiles.Run(file)).Reason);
        else
            Assert.Equal(frame, DicomFiles.PixelsOf(DicomFiles.Run(file))[^1]);
    }

    [Fact]
    public void PixelsWithinSequencesGo()
    {
        var file = DicomDeidentifierTests.Bytes(explicitVr: true, DicomDeidentifierTests.Element(0x0008_1140, "SQ",
            DicomDeidentifierTests.Item(DicomDeidentifierTests.Element(0x0028_0010, "US", [2, 0]), DicomDeidentifierTests.Element(DicomElement.PixelData, "OB", [1, 2, 3, 4]))));

        var paths = DicomFiles.Values(DicomFiles.Run(file)).Select(static value => value.Path);
        Assert.Equal(["(0008,1140)", "(0008,1140)[0].(0028,0010)"], paths.Where(static path => path.StartsWith("(0008,1140", StringComparison.Ordinal)));
    }

    /// <summary>Two by two pixels of 0x21.</summary>
    private static byte[] Picture(string imageType, string mark, string modality, string photometric = "MONOCHROME2", int isSigned = 0)
    {
        static byte[] Text(uint tag, string vr, string value) => DicomDeidentifierTests.Element(tag, vr, System.Text.Encoding.ASCII.GetBytes(value));
        static byte[] Number(uint tag, int value) => DicomDeidentifierTests.Element(tag, "US", [(byte)value, 0]);
        var image = DicomDeidentifierTests.Bytes(explicitVr: true, []);
        return
        [
            .. image[..(132 + 28)], .. Text(0x0008_0008, "CS", imageType), .. image[(132 + 28)..], .. Text(0x0008_0060, "CS", modality),
            .. Number(0x0028_0002, 1), .. Text(0x0028_0004, "CS", photometric), .. Number(0x0028_0010, 2), .. Number(0x0028_0011, 2), .. Number(0x0028_0100, 8), .. Number(0x0028_0101, 8),
            .. Number(0x0028_0102, 7), .. Number(0x0028_0103, isSigned), .. mark.Length > 0 ? Text(0x0028_0301, "CS", mark) : [],
            .. DicomDeidentifierTests.Element(DicomElement.PixelData, "OB", [0x21, 0x21, 0x21, 0x21]),
        ];
    }
}
