using Salus.Protocol;

namespace Salus.Hosting.Pages;

/// <summary>The built page that a server hands out, and by whose signature it is known.</summary>
public sealed class PageOptions
{
    /// <summary>The folder that `salus build` makes: `artifacts/publish/Page`.</summary>
    public required string Folder { get; init; }

    /// <summary>The key that signed its manifest, 64 hexadecimal digits: of a package, that of its `page.pub`.</summary>
    public required string Key { get; init; }

    public IEnumerable<string> Faults()
    {
        if (!Directory.Exists(Folder))
            yield return $"page.folder: there is no folder {Folder}";
        if (!TryReadKey(out _))
            yield return "page.key: give the key that signed the page, 64 hexadecimal digits";
    }

    /// <summary>Reads and verifies the page, whole.</summary>
    /// <exception cref="StartupException">It is not as it was signed: names the file.</exception>
    public PageFiles Load() => TryReadKey(out var key) ? PageFiles.Load(Folder, key) : throw new InvalidOperationException("The options were not checked.");

    private bool TryReadKey(out VerifyingKey key) =>
        VerifyingKey.TryParse(Key.Length == 2 * VerifyingKey.Size && Key.All(char.IsAsciiHexDigit) ? Convert.FromHexString(Key) : [], out key);
}
