using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>Who signed a page: the holder of the release key, or a checkout for itself.</summary>
public enum PageBuild
{
    Development,
    Release,
}

/// <summary>
/// The page as it was built: its version, and every file of it with its SHA-256. Whoever serves the page, and the page itself, check the files by it.
/// Pages of one builder are in the log under their number, each with the smallest number that may still be used: an old page, or one that was made for one person, shows by that.
/// Wire: text of ASCII, each line ended by "\n", then signature 64:
/// "salus page 2" | "version VERSION" | "build development" or "build release" | "number N" | "minimum N" | "files N"
/// | N times, in ascending order of the bytes of the path: SHA-256 in 64 hexadecimal digits, space, path.
/// </summary>
public sealed class PageManifest
{
    /// <summary>Bytes of a manifest, at most.</summary>
    public const int MaxSize = 1 << 20;

    private const int MaxVersion = 64;
    private const int MaxPath = 200;

    private const string Magic = "salus page 2";
    private const string VersionLine = "version ";
    private const string BuildLine = "build ";
    private const string NumberLine = "number ";
    private const string MinimumLine = "minimum ";
    private const string CountLine = "files ";
    private const int HeaderLines = 6;

    private PageManifest(byte[] signed, string version, PageBuild build, PageNumber number, IReadOnlyDictionary<string, byte[]> files) =>
        (Signed, Version, Build, Number, Files) = (signed, version, build, number, files);

    public byte[] Signed { get; }

    /// <summary>For people: 1 to 64 visible ASCII characters.</summary>
    public string Version { get; }

    public PageBuild Build { get; }

    public PageNumber Number { get; }

    /// <summary>Path from the page's root, without a slash in front, to SHA-256.</summary>
    public IReadOnlyDictionary<string, byte[]> Files { get; }

    public static PageManifest Create(SigningKey key, string version, PageBuild build, PageNumber number, IReadOnlyDictionary<string, byte[]> files)
    {
        string[] lines =
        [
            Magic, VersionLine + version, BuildLine + Name(build), NumberLine + Text(number.Number), MinimumLine + Text(number.Minimum), CountLine + Text((uint)files.Count),
            .. files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => $"{Convert.ToHexStringLower(file.Value)} {file.Key}"), "",
        ];
        var payload = Encoding.ASCII.GetBytes(string.Join('\n', lines));
        return TryRead(SignedMessage.Sign(Domains.SignPage, key, payload), out var manifest) ? manifest : throw SignedMessage.Mistake(nameof(PageManifest));
    }

    /// <summary>False unless it is a page that <paramref name="key"/> has signed.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, VerifyingKey key, [NotNullWhen(true)] out PageManifest? manifest)
    {
        if (TryRead(signed, out manifest) && SignedMessage.Verify(Domains.SignPage, key, signed))
            return true;
        manifest = null;
        return false;
    }

    /// <summary>Segments of letters, digits, '.', '_' and '-', none of which begins with a dot, with '/' between them: nothing that a file system or a server reads otherwise.</summary>
    public static bool IsPath(string path) => path.Length is > 0 and <= MaxPath
        && path.Split('/').All(segment => segment.Length > 0 && segment[0] != '.' && segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'));

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out PageManifest? manifest)
    {
        manifest = null;
        if (signed.Length > MaxSize || !SignedMessage.TrySplit(signed, out var payload) || payload[^1] != (byte)'\n' || !Ascii.IsValid(payload))
            return false;
        var lines = Encoding.ASCII.GetString(payload[..^1]).Split('\n');
        if (lines.Length < HeaderLines || lines[0] != Magic || !lines[1].StartsWith(VersionLine, StringComparison.Ordinal) || !TryReadBuild(lines[2], out var build)
            || !TryReadNumber(lines[3], NumberLine, out var number) || !TryReadNumber(lines[4], MinimumLine, out var minimum) || minimum > number
            || lines[5] != CountLine + Text((uint)(lines.Length - HeaderLines)))
            return false;
        var version = lines[1][VersionLine.Length..];
        if (version.Length is 0 or > MaxVersion || !version.All(c => c is > ' ' and <= '~'))
            return false;
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var last = "";
        foreach (var line in lines.AsSpan(HeaderLines))
        {
            if (!TryReadFile(line, out var path, out var hash) || string.CompareOrdinal(path, last) <= 0)
                return false;
            files.Add(path, hash);
            last = path;
        }
        manifest = new PageManifest(signed.ToArray(), version, build, new PageNumber(number, minimum), files);
        return true;
    }

    private static bool TryReadBuild(string line, out PageBuild build)
    {
        build = line == BuildLine + Name(PageBuild.Release) ? PageBuild.Release : PageBuild.Development;
        return line == BuildLine + Name(build);
    }

    private static bool TryReadNumber(string line, string name, out uint number)
    {
        number = 0;
        return line.StartsWith(name, StringComparison.Ordinal) && uint.TryParse(line.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number) && line == name + Text(number);
    }

    private static bool TryReadFile(string line, out string path, out byte[] hash)
    {
        const int digits = 2 * Sha256.Size;
        (path, hash) = ("", []);
        if (line.Length <= digits || line[digits] != ' ' || !line.Take(digits).All(char.IsAsciiHexDigitLower))
            return false;
        (path, hash) = (line[(digits + 1)..], Convert.FromHexString(line.AsSpan(0, digits)));
        return IsPath(path);
    }

    private static string Text(uint number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Name(PageBuild build) => build.ToString().ToLower(CultureInfo.InvariantCulture);
}
