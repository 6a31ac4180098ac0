using System.IO.Compression;
using System.Security.Cryptography;
using Salus.Crypto.Primitives;
using Salus.Protocol;

namespace Salus.Hosting.Pages;

/// <summary>
/// The page in memory, as its builder signed it. What is served was checked, and a file that is changed afterwards changes nothing until the next start, which
/// refuses it.
/// </summary>
public sealed class PageFiles
{
    private const string ManifestName = "manifest.signed";
    private const string Compressed = ".br";
    private const long MaxFile = 64L << 20;

    private PageFiles(PageManifest manifest, IReadOnlyList<PageFile> files) => (Manifest, All) = (manifest, files);

    public PageManifest Manifest { get; }

    /// <summary>Every file of the manifest, and the manifest.</summary>
    public IReadOnlyList<PageFile> All { get; }

    /// <summary>Reads a page and checks each byte of it. Files that the manifest does not name are not looked at.</summary>
    /// <exception cref="StartupException">Names the file that is missing or is not the one that was signed.</exception>
    public static PageFiles Load(string folder, VerifyingKey key)
    {
        var signed = Read(folder, ManifestName);
        if (!PageManifest.TryVerify(signed, key, out var manifest))
            throw Refusal(folder, $"{ManifestName} is not signed by {key}");
        return new PageFiles(manifest,
        [
            .. manifest.Files.Select(file => Load(folder, file.Key, file.Value)),
            new PageFile(ManifestName, signed, null, Sha256.Hash(signed)),
        ]);
    }

    private static PageFile Load(string folder, string path, byte[] hash)
    {
        var content = Read(folder, path);
        if (!CryptographicOperations.FixedTimeEquals(Sha256.Hash(content), hash))
            throw Refusal(folder, $"{path} is not the file that was signed");
        var compressed = File.Exists(Path.Combine(folder, path + Compressed)) ? Read(folder, path + Compressed) : null;
        if (compressed is not null && !Unpacks(compressed, content))
            throw Refusal(folder, $"{path}{Compressed} does not hold the file that was signed");
        return new PageFile(path, content, compressed, hash);
    }

    /// <summary>Whether it is the compressed form of just these bytes.</summary>
    private static bool Unpacks(byte[] compressed, byte[] content)
    {
        using var decoder = new BrotliDecoder();
        var unpacked = new byte[content.Length];
        return decoder.Decompress(compressed, unpacked, out var consumed, out var written) == System.Buffers.OperationStatus.Done
            && consumed == compressed.Length && written == content.Length && unpacked.AsSpan().SequenceEqual(content);
    }

    private static byte[] Read(string folder, string path)
    {
        try
        {
            var file = new FileInfo(Path.Combine(folder, path));
            return file is { Exists: true, Length: > MaxFile } ? throw Refusal(folder, $"{path} is too large") : File.ReadAllBytes(file.FullName);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Refusal(folder, $"{path} cannot be read ({error.Message})");
        }
    }

    private static StartupException Refusal(string folder, string what) =>
        new($"The page in {folder} is not what its builder signed: {what}. It is not served. Build it again (`./salus build`), or install the package again.");
}
