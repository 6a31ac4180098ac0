namespace Salus.Health.Deidentification.Dicom;

/// <summary>How uncompressed pixels lie (PS3.3 section C.7.6.3): what blacking out needs to know.</summary>
internal sealed record PixelLayout
{
    public int Rows { get; set; }
    public int Columns { get; set; }
    public int Samples { get; set; } = 1;
    public int Planar { get; set; }
    public int Allocated { get; set; }
    public int Stored { get; set; }
    public bool IsSigned { get; set; }
    public long Frames { get; set; } = 1;
    public string Photometric { get; set; } = "";

    public int SampleBytes => Allocated / 8;

    /// <summary>Samples of one line: of all colours, or, in planes, of one.</summary>
    public int LineSamples => Planar == 1 ? Columns : Columns * Samples;

    public int LineBytes => LineSamples * SampleBytes;

    public long LinesPerFrame => Planar == 1 ? (long)Rows * Samples : Rows;

    public Int128 Bytes => (Int128)Frames * LinesPerFrame * LineBytes;

    /// <summary>Grey, palette, RGB or full YBR of 8, 16 or 32 bits.</summary>
    public bool IsSupported => Allocated is 8 or 16 or 32 && Rows > 0 && Columns > 0 && Frames is > 0 and < int.MaxValue && Stored > 0 && Stored <= Allocated && Planar is 0 or 1
        && (Samples, Photometric) is (1, "MONOCHROME1" or "MONOCHROME2" or "PALETTE COLOR") or (3, "RGB" or "YBR_FULL");

    public bool Holds(PixelRegion region) => region.X <= Columns - region.Width && region.Y <= Rows - region.Height && region is { X: >= 0, Y: >= 0, Width: > 0, Height: > 0 };

    /// <summary>The sample that shows black.</summary>
    /// <param name="sample">Which of a pixel's samples.</param>
    public uint BlackOf(int sample) => Photometric switch
    {
        "MONOCHROME1" => (uint)((1L << (IsSigned ? Stored - 1 : Stored)) - 1),
        "MONOCHROME2" when IsSigned => unchecked((uint)-(1L << (Stored - 1))),
        "YBR_FULL" when sample > 0 => 1u << (Stored - 1),
        _ => 0,
    };
}
