using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Salus.Health.Deidentification;
using Salus.Health.Deidentification.Images;
using Salus.Health.Tests.Deidentification.Dicom;
using Salus.Testing;

namespace Salus.Health.Tests.Deidentification.Images;

/// <summary>Pictures lose all that is not the picture, and nothing of what is.</summary>
public sealed class ImageCleanerTests
{
    private const string Secret = "Erika Mustermann MRN 4711";

    private static readonly byte[] Gif = [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0x21, 0xF9, 4, 1, 5, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B];
    private static readonly byte[] WebP = Convert.FromBase64String("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==");

    private static byte[] Jpeg => File.ReadAllBytes(Path.Combine(Places.Data, "images", "xray_rg3.jpg"));

    private static byte[] Png => File.ReadAllBytes(Path.Combine(Places.Data, "images", "ct_cornerstone.png"));

    private static readonly byte[] Exif =
    [
        .. "MM\0*"u8, 0, 0, 0, 8, 0, 2, 0x01, 0x0E, 0, 2, 0, 0, 0, 25, 0, 0, 0, 38, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0,
        .. Encoding.ASCII.GetBytes(Secret),
    ];

    public static TheoryData<string> Kinds => [MediaTypes.Jpeg, MediaTypes.Png, MediaTypes.Gif, MediaTypes.WebP];

    [Theory, MemberData(nameof(Kinds))]
    public void APictureNobodyHasLookedAtIsRefused(string kind) =>
        Assert.Equal(Refusal.NotReviewed, Assert.Throws<RefusedException>(() => new ImageCleaner(new()).Run(kind, new MemoryStream(Laden(kind)), new MemoryStream())).Reason);

    [Theory]
    [InlineData(MediaTypes.Tiff)]
    [InlineData(MediaTypes.Mp4)]
    [InlineData(MediaTypes.Pdf)]
    public void AKindThatIsNotHandledIsRefused(string kind) =>
        Assert.Equal(Refusal.ImageKind, Assert.Throws<RefusedException>(() => new ImageCleaner(new() { IsReviewed = true }).Run(kind, new MemoryStream(Jpeg), new MemoryStream())).Reason);

    [Theory, MemberData(nameof(Kinds))]
    public void AllThatIsNotThePictureGoesAndThePictureStays(string kind)
    {
        var clean = Clean(kind, Laden(kind), out var report);
        var text = Encoding.Latin1.GetString(clean);

        foreach (var word in Secret.Split(' '))
            Assert.DoesNotContain(word, text, StringComparison.Ordinal);
        Assert.Equal(Clean(kind, Bare(kind)), clean);
        Assert.Equal(kind, MediaTypes.Detect(clean, ""));
        Assert.True(report.CountOf("remove") >= 3);
        Assert.All(report.Changes, change => Assert.DoesNotContain(Secret[..5], change.Path, StringComparison.Ordinal));
        Assert.Equal(clean, Clean(kind, clean, out var again));
        Assert.Empty(again.Changes);
    }

    [Fact]
    public void TheNameInTheExifOfAnXRayIsGone()
    {
        var clean = Clean(MediaTypes.Jpeg, Jpeg, out var report);
        var text = Encoding.Latin1.GetString(clean);

        foreach (var needle in new[] { "JANE", "DOE", "00412345", "1950", "Radiology", "Riverside", "2024:03" })
        {
            Assert.Contains(needle, Encoding.Latin1.GetString(Jpeg), StringComparison.Ordinal);
            Assert.DoesNotContain(needle, text, StringComparison.Ordinal);
        }
        Assert.Equal(1, report.CountOf("remove"));
        // From the first table to the end, byte for byte.
        var tables = Jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDB]);
        Assert.True(clean.AsSpan().EndsWith(Jpeg.AsSpan(tables)));
    }

    [Fact]
    public void DcmtkDecodesTheSamePixelsOfAJpeg()
    {
        using var folder = new TemporaryFolder();
        byte[] Pixels(byte[] jpeg, string name)
        {
            File.WriteAllBytes(folder.File(name + ".jpg"), jpeg);
            Assert.Equal(0, DebianPrograms.Run("img2dcm", folder.File(name + ".jpg"), folder.File(name + ".dcm")).Code);
            Assert.Equal(0, DebianPrograms.Run("dcmj2pnm", "+op", folder.File(name + ".dcm"), folder.File(name + ".pnm")).Code);
            return File.ReadAllBytes(folder.File(name + ".pnm"));
        }

        var before = Pixels(Jpeg, "before");
        Assert.Equal(before, Pixels(Clean(MediaTypes.Jpeg, Jpeg), "after"));
        Assert.True(before.Length > 1_000_000);
    }

    [Fact]
    public void APictureThatHasToBeTurnedStaysUpright()
    {
        var jpeg = Clean(MediaTypes.Jpeg, With(Bare(MediaTypes.Jpeg), 2, Segment(0xE1, [.. "Exif\0\0"u8, .. Exif])));
        var png = Clean(MediaTypes.Png, With(Png, 33, Chunk("eXIf", Exif)));

        Assert.Equal([.. "Exif\0\0"u8, .. Orientation.Exif(6)], jpeg[6..(6 + 6 + 26)]);
        Assert.True(png.AsSpan().IndexOf((ReadOnlySpan<byte>)[.. "eXIf"u8, .. Orientation.Exif(6)]) > 0);
        Assert.Equal(6, Orientation.Of(Orientation.Exif(6)));
        Assert.DoesNotContain("Erika", Encoding.Latin1.GetString([.. jpeg, .. png]), StringComparison.Ordinal);
    }

    [Fact]
    public void TheDataOfAPngIsTheSame()
    {
        Assert.Equal(Data(Png), Data(Clean(MediaTypes.Png, Laden(MediaTypes.Png))));
        Assert.True(Data(Png).Length > 1000);

        static byte[] Data(byte[] png)
        {
            using var data = new MemoryStream();
            for (var at = 8; at < png.Length;)
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
                if (png.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8))
                    data.Write(png.AsSpan(at + 8, length));
                at += length + 12;
            }
            return data.ToArray();
        }
    }

    [Fact]
    public void APartThatAPictureNeedsAndNobodyKnowsIsRefused()
    {
        Assert.Equal(ImageFault.UnknownPart, Fault(MediaTypes.Png, With(Png, 33, Chunk("CgBI", [1, 2, 3, 4]))));
        Assert.Equal(ImageFault.UnknownPart, Fault(MediaTypes.Jpeg, With(Jpeg, 2, Segment(0xF7, [1, 2]))));
    }

    [Fact]
    public void WordsHiddenBehindWhatAPartHoldsAreRefused()
    {
        Assert.Equal(ImageFault.Damaged, Fault(MediaTypes.Jpeg, With(Jpeg, 2, Segment(0xDD, [0, 4, .. Encoding.ASCII.GetBytes(Secret)]))));
        Assert.Equal(ImageFault.Damaged, Fault(MediaTypes.Jpeg, With(Jpeg, 2, Segment(0xDB, [0, .. new byte[64], .. Encoding.ASCII.GetBytes(Secret)]))));
        Assert.Equal(ImageFault.Damaged, Fault(MediaTypes.Png, With(Png, 33, [0, 0, 0, 4, .. "gAMA"u8, 1, 2, 3, 4, 9, 9, 9, 9])));
        // Longer than it may be: then it is not what it says.
        Assert.DoesNotContain("Erika", Encoding.Latin1.GetString(Clean(MediaTypes.Png, With(Png, 33, Chunk("pHYs", Encoding.ASCII.GetBytes(Secret))))), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void EveryTruncationIsRefused(string kind)
    {
        var whole = Bare(kind);
        for (var length = 0; length < whole.Length; length += Math.Max(1, whole.Length / 700))
            Assert.Throws<ImageFormatException>(() => Clean(kind, whole[..length]));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void ChangedBytesAreRefusedOrCleanedAndNeverCrash(string kind)
    {
        var whole = Laden(kind);
        Check.QuickThrowOnFailure(Prop.ForAll(Gen.Choose(0, Math.Min(whole.Length, 700) - 1).Two().ToArbitrary(), Gen.Choose(0, 255).ToArbitrary(), (at, value) =>
        {
            var bytes = whole.ToArray();
            bytes[at.Item1] = (byte)value;
            bytes[at.Item2] ^= 0x10;
            try
            {
                Clean(kind, bytes);
            }
            catch (ImageFormatException e)
            {
                return !e.Message.Contains(Secret[..5], StringComparison.Ordinal);
            }
            return true;
        }));
    }

    [Fact]
    public void AnimationsKeepHowOftenTheyRun()
    {
        byte[] loop = [0x21, 0xFF, 11, .. "NETSCAPE2.0"u8, 3, 1, 5, 0, 0];
        Assert.True(Clean(MediaTypes.Gif, With(Gif, 19, loop)).AsSpan().IndexOf(loop) == 19);
    }

    /// <summary>A picture with a name wherever its kind has a place for one.</summary>
    private static byte[] Laden(string kind)
    {
        var secret = Encoding.ASCII.GetBytes(Secret);
        var bare = Bare(kind);
        return kind switch
        {
            MediaTypes.Jpeg =>
            [
                .. With(bare, 2, [.. Segment(0xE1, [.. "Exif\0\0"u8, .. secret]), .. Segment(0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. secret]),
                    .. Segment(0xE2, [.. "ICC_PROFILE\0"u8, .. secret]),
                    .. Segment(0xED, [.. "Photoshop 3.0\0"u8, .. secret]), .. Segment(0xFE, secret), .. Segment(0xEB, secret)]), .. secret,
            ],
            MediaTypes.Png =>
            [
                .. With(bare, 33, [.. Chunk("tEXt", secret), .. Chunk("zTXt", secret), .. Chunk("iTXt", secret), .. Chunk("eXIf", secret), .. Chunk("tIME", [1, 2, 3, 4, 5, 6, 7]),
                    .. Chunk("iCCP", secret),
                    .. Chunk("prVt", secret)]), .. secret,
            ],
            MediaTypes.Gif =>
            [
                .. With(bare, 19, [0x21, 0xFE, (byte)secret.Length, .. secret, 0,
                    0x21, 0xFF, 11, .. "XMP DataXMP"u8, (byte)secret.Length, .. secret, 0, 0x21, 1, 12, .. new byte[12], (byte)secret.Length, .. secret, 0]), .. secret,
            ],
            _ => Riff([.. bare[12..], .. WebPChunk("EXIF", secret), .. WebPChunk("XMP ", secret), .. WebPChunk("ICCP", secret), .. WebPChunk("odd!", secret)], secret),
        };
    }

    private static byte[] Bare(string kind) => kind switch
    {
        MediaTypes.Jpeg => Clean(MediaTypes.Jpeg, Jpeg),
        MediaTypes.Png => Png,
        MediaTypes.Gif => Gif,
        _ => WebP,
    };

    private static byte[] With(byte[] image, int at, byte[] part) => [.. image[..at], .. part, .. image[at..]];

    private static byte[] Segment(byte marker, byte[] data) => [0xFF, marker, (byte)(data.Length + 2 >> 8), (byte)(data.Length + 2 & 0xFF), .. data];

    private static byte[] Chunk(string type, byte[] data)
    {
        var body = (byte[])[.. Encoding.ASCII.GetBytes(type), .. data];
        var check = uint.MaxValue;
        foreach (var b in body)
        {
            check ^= b;
            for (var bit = 0; bit < 8; bit++)
                check = (check & 1) != 0 ? 0xEDB88320 ^ check >> 1 : check >> 1;
        }
        var (length, sum) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(sum, ~check);
        return [.. length, .. body, .. sum];
    }

    private static byte[] WebPChunk(string type, byte[] data) => [.. Encoding.ASCII.GetBytes(type), .. BitConverter.GetBytes(data.Length), .. data, .. new byte[data.Length & 1]];

    private static byte[] Riff(byte[] chunks, byte[] behind) => [.. "RIFF"u8, .. BitConverter.GetBytes(chunks.Length + 4), .. "WEBP"u8, .. chunks, .. behind];

    private static ImageFault Fault(string kind, byte[] image) => Assert.Throws<ImageFormatException>(() => Clean(kind, image)).Fault;

    private static byte[] Clean(string kind, byte[] image) => Clean(kind, image, out _);

    private static byte[] Clean(string kind, byte[] image, out ChangeReport report)
    {
        using var output = new MemoryStream();
        report = new ImageCleaner(new() { IsReviewed = true }).Run(kind, new MemoryStream(image), output);
        return output.ToArray();
    }
}
