using System.CommandLine;
using System.IO.Compression;
using Salus.Cli.Parties;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Protocol;

namespace Salus.Cli.Verbs;

/// <summary>
/// `seal-page`, for `./salus build`: prints the key that signs the page, which the page is built with; with a folder, compresses and signs the page in it. A release is signed with the key that
/// SALUS_RELEASE_KEY names, a file with a seed of 32 bytes; else a key of this checkout is made and used.
/// </summary>
internal sealed class SealPageVerb : Verb
{
    private const string ReleaseKey = "SALUS_RELEASE_KEY";
    private const string ManifestName = "manifest.signed";
    private const string Compressed = ".br";
    private const int Quality = 11;
    private const int Window = 22;

    private static readonly string[] Compressible = [".html", ".js", ".mjs", ".css", ".json", ".wasm", ".dll", ".svg", ".txt"];

    private readonly Argument<string?> _folder = new("FOLDER") { Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> _key = new("--development-key") { HelpName = "FILE", Required = true };
    private readonly Option<string> _version = new("--of-version") { DefaultValueFactory = _ => "unknown" };
    private readonly Option<uint> _number = new("--number") { Description = "greater for a newer page: seconds since 1970 of its sources", DefaultValueFactory = _ => Now() };
    private readonly Option<uint> _minimum = new("--minimum") { Description = "the smallest number of a page that may still be used once this one is in the log" };
    private readonly Option<string?> _kept = new("--compressed") { Description = "a folder that keeps what was compressed before", HelpName = "DIR" };

    public SealPageVerb() : base("seal-page", "sign the page of a build")
    {
        Hidden = true;
        Add(_folder);
        Add(_key);
        Add(_version);
        Add(_number);
        Add(_minimum);
        Add(_kept);
    }

    protected override Task<int> RunAsync(Call call)
    {
        var release = Environment.GetEnvironmentVariable(ReleaseKey) is { Length: > 0 } given ? given : null;
        using var key = Read(release ?? Made(Path.GetFullPath(call.Value(_key)!)));
        if (call.Value(_folder) is { } folder)
            Seal(Path.GetFullPath(folder), key, call.Value(_version)!, release is null ? PageBuild.Development : PageBuild.Release, new(call.Value(_number), call.Value(_minimum)), call.Value(_kept));
        call.Terminal.Print(key.PublicKey.ToString());
        return Task.FromResult(ExitCode.Done);
    }

    private static void Seal(string folder, SigningKey key, string version, PageBuild build, PageNumber number, string? kept)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var compressible = new List<(string Path, byte[] Content, byte[] Hash)>();
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(folder, path);
            if (!PageManifest.IsPath(name))
                throw new StoppedException($"{name} cannot be a file of the page: use letters, digits, '.', '_' and '-'.");
            var content = File.ReadAllBytes(path);
            files.Add(name, Sha256.Hash(content));
            if (Compressible.Contains(Path.GetExtension(path)))
                compressible.Add((path, content, files[name]));
        }
        if (kept is not null)
            Directory.CreateDirectory(kept);
        // The largest first, so that none is left for the end.
        Parallel.ForEach(compressible.OrderByDescending(file => file.Content.Length), file => Compress(file.Path, file.Content, file.Hash, kept));
        File.WriteAllBytes(Path.Combine(folder, ManifestName), PageManifest.Create(key, version, build, number, files).Signed);
    }

    private static uint Now() => (uint)TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private static void Compress(string path, byte[] content, byte[] hash, string? kept)
    {
        var before = kept is null ? null : Path.Combine(kept, Convert.ToHexStringLower(hash));
        if (before is not null && File.Exists(before))
        {
            File.Copy(before, path + Compressed);
            return;
        }
        var output = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];
        if (!BrotliEncoder.TryCompress(content, output, out var length, Quality, Window))
            throw new InvalidOperationException("The bound of the compressed length does not hold.");
        if (length >= content.Length)
            return;
        using (var file = File.Create(path + Compressed))
            file.Write(output.AsSpan(0, length));
        if (before is not null)
            File.Copy(path + Compressed, before, overwrite: true);
    }

    private static SigningKey Read(string path)
    {
        using var seed = new Secret(Ed25519.SeedSize);
        using var file = File.OpenRead(path);
        return file.Length == Ed25519.SeedSize && file.ReadAtLeast(seed.Writable, Ed25519.SeedSize, throwOnEndOfStream: false) == Ed25519.SeedSize
            ? new SigningKey(seed.Bytes)
            : throw new StoppedException($"{path} is no signing key: it has {file.Length} bytes instead of {Ed25519.SeedSize}.");
    }

    /// <summary>The key of this checkout, made when there is none.</summary>
    private static string Made(string path)
    {
        if (File.Exists(path))
            return path;
        using var seed = Secret.Random(Ed25519.SeedSize);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using var file = new FileStream(path, options);
        file.Write(seed.Bytes);
        file.Flush(flushToDisk: true);
        return path;
    }
}
