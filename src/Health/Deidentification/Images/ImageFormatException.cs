using System.Globalization;

namespace Salus.Health.Deidentification.Images;

/// <summary>A picture that was refused: why, and at which byte. Never carries anything of the file.</summary>
public sealed class ImageFormatException(ImageFault fault, long offset)
    : FormatException(string.Create(CultureInfo.InvariantCulture, $"{WhatOf(fault)} (byte {offset}). Open it in a viewer and save it again as PNG."))
{
    public ImageFault Fault { get; } = fault;

    /// <summary>Offset of the byte in the file, the first one is 0.</summary>
    public long Offset { get; } = offset;

    private static string WhatOf(ImageFault fault) => fault switch
    {
        ImageFault.NotAnImage => "This is not the kind of picture that it begins as",
        ImageFault.Truncated => "The file ends before the picture does",
        ImageFault.Damaged => "A part of the picture is damaged",
        ImageFault.UnknownPart => "The picture has a part that it cannot be shown without and that is not known",
        _ => "The picture has too many parts",
    };
}
