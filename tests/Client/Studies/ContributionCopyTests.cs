using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Salus.Client.Studies;

namespace Salus.Client.Tests.Studies;

public class ContributionCopyTests
{
    private const string Whole =
        """
        {"pseudonym":"p-1","row":{"sex":"f","zip":""},"resources":[{"resourceType":"Patient","id":"1","x":[1,null,"ü"]}],"files":[{"mediaType":"image/png","content":"AQID"}]}
        """;

    private static byte[] Packed(string json)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionMode.Compress, leaveOpen: true))
            zlib.Write(Encoding.UTF8.GetBytes(json));
        return packed.ToArray();
    }

    [Fact]
    public void WhatIsWrittenIsRead()
    {
        var copy = new ContributionCopy("0123456789abcdef", new Dictionary<string, string> { ["birth-year"] = "1970", ["sex"] = "" },
            ["{\"resourceType\":\"Patient\",\"id\":\"é\"}"u8.ToArray(), "{\"resourceType\":\"Condition\"}"u8.ToArray()], [new ContributedFile("application/dicom", [1, 2, 3])]);
        Assert.True(ContributionCopy.TryRead(copy.ToBytes(), out var read));
        Assert.Equal(copy.Pseudonym, read.Pseudonym);
        Assert.Equal(copy.Row, read.Row);
        Assert.Equal(["é", null], read.Resources.Select(resource => JsonDocument.Parse(resource).RootElement.TryGetProperty("id", out var id) ? id.GetString() : null));
        Assert.Equal("application/dicom", read.Files.Single().MediaType);
        Assert.Equal([1, 2, 3], read.Files[0].Content);
    }

    [Theory]
    [InlineData("\"p-1\"", "\"../p\"")]
    [InlineData("\"p-1\"", "\"\"")]
    [InlineData("\"p-1\"", "1")]
    [InlineData("\"f\"", "1")]
    [InlineData("\"zip\"", "\"sex\"")]
    [InlineData("\"row\":{", "\"rows\":{")]
    [InlineData("\"resources\":[", "\"resources\":[1,")]
    [InlineData("\"resourceType\"", "\"type\"")]
    [InlineData("\"files\":[", "\"files\":[7,")]
    [InlineData("AQID", "AQI!")]
    [InlineData("{\"pseudonym\"", "[{\"pseudonym\"")]
    [InlineData("\"f\"", "\"\\ud800\"")]
    public void AnythingElseIsRefused(string part, string changed)
    {
        Assert.True(ContributionCopy.TryRead(Packed(Whole), out _));
        Assert.False(ContributionCopy.TryRead(Packed(Whole.Replace(part, changed, StringComparison.Ordinal)), out _));
    }

    [Fact]
    public void CutAndChangedBytesAreReadOrRefused()
    {
        var packed = Packed(Whole);
        for (var length = 0; length < packed.Length; length++)
            _ = ContributionCopy.TryRead(packed.AsSpan(0, length), out _);
        for (var bit = 0; bit < packed.Length * 8; bit++)
        {
            var changed = packed.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            _ = ContributionCopy.TryRead(changed, out _);
        }
        for (var at = 0; at < Whole.Length; at++)
            Assert.False(ContributionCopy.TryRead(Packed(Whole[..at]), out _));
    }

    [Fact]
    public void AStreamThatWantsADictionaryIsRefused() => Assert.False(ContributionCopy.TryRead([0x78, 0xbb, 0x2a, 0xff, 0xff, 0x13], out _));

    [Fact]
    public void WhatUnpacksWithoutEndIsRefused()
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            for (var i = 0; i < 200; i++)
                zlib.Write(new byte[1024 * 1024]);
        Assert.False(ContributionCopy.TryRead(packed.ToArray(), out _));
    }
}
