namespace Salus.Health.Deidentification.Images;

/// <summary>
/// Takes everything out of a picture that is not the picture: Exif, XMP, IPTC, comments, texts, times, profiles, thumbnails, parts that nobody knows and
/// bytes behind its end. What is shown is copied byte for byte; of Exif only the way up stays. What the pixels show, a person has to have looked at.
/// </summary>
public sealed class ImageCleaner(ImageOptions options)
{
    /// <summary>Cleans the picture that <paramref name="input"/>, seekable, is at the beginning of.</summary>
    /// <exception cref="ImageFormatException">The picture is damaged.</exception>
    /// <exception cref="RefusedException">Nobody has looked at it, or its kind is not handled.</exception>
    public ChangeReport Run(string mediaType, Stream input, Stream output)
    {
        if (mediaType is not (MediaTypes.Png or MediaTypes.Jpeg or MediaTypes.Gif or MediaTypes.WebP))
            throw new RefusedException(Refusal.ImageKind);
        if (!options.IsReviewed)
            throw new RefusedException(Refusal.NotReviewed);
        var report = new ChangeReport { Items = 1 };
        var source = new ImageSource(input);
        switch (mediaType)
        {
            case MediaTypes.Png:
                PngCleaner.Run(source, output, report);
                break;
            case MediaTypes.Jpeg:
                JpegCleaner.Run(source, output, report);
                break;
            case MediaTypes.Gif:
                GifCleaner.Run(source, output, report);
                break;
            default:
                WebPCleaner.Run(source, output, report);
                break;
        }
        return report;
    }
}
