using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Salus.Protocol;
using Salus.Testing;

namespace Salus.PageHost.Tests;

/// <summary>A small page with a file of each kind, signed, in a folder of its own.</summary>
public sealed class SignedPage : IDisposable
{
    public const string Script = "assets/index-a1B2c3_4.js";
    public const string Style = "assets/index-0a1b2c3d.css";

    private readonly TemporaryFolder _folder = new();
    private readonly SigningKey _key = SigningKey.Generate();

    public SignedPage() => Sign();

    public static IReadOnlyDictionary<string, byte[]> Files { get; } = new Dictionary<string, byte[]>
    {
        ["index.html"] = Text("<!doctype html><title>Salus</title><script type=\"importmap\">{\"integrity\":{}}</script><script type=module src=./assets/index-a1B2c3_4.js></script>"),
        ["viewer.html"] = Text("<!doctype html><title>Record content</title>"),
        [Script] = Text(string.Concat(Enumerable.Repeat("export const a = 'a'\n", 200))),
        [Style] = Text(string.Concat(Enumerable.Repeat("a { color: red }\n", 200))),
        ["core/0123456789abcdef/boot.json"] = Text("{\"mainAssemblyName\": \"Salus.Browser\"}"),
        ["core/0123456789abcdef/dotnet.native.wasm"] = [0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0, .. new byte[4000]],
        ["core/0123456789abcdef/Salus.Browser.dll"] = [(byte)'M', (byte)'Z', .. new byte[4000]],
    };

    public string Folder => _folder.Path;

    /// <summary>64 hexadecimal digits.</summary>
    public string Key => _key.PublicKey.ToString();

    public VerifyingKey VerifyingKey => _key.PublicKey;

    /// <summary>Writes the page, and compressed what gets smaller.</summary>
    private void Sign()
    {
        foreach (var (path, content) in Files)
        {
            var file = In(path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, content);
            var compressed = Compress(content);
            if (compressed.Length < content.Length)
                File.WriteAllBytes(file + ".br", compressed);
        }
        File.WriteAllBytes(In("manifest.signed"), PageManifest.Create(_key, "1.2.3", PageBuild.Development, new(5, 3),
            Files.ToDictionary(file => file.Key, file => SHA256.HashData(file.Value))).Signed);
    }

    public string In(string path) => Path.Combine(_folder.Path, path);

    /// <summary>Changes one bit in the middle of a file.</summary>
    public void Change(string path)
    {
        var bytes = File.ReadAllBytes(In(path));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(In(path), bytes);
    }

    public static byte[] Compress(byte[] content)
    {
        var output = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];
        return BrotliEncoder.TryCompress(content, output, out var length, 5, 22) ? output[..length] : throw new InvalidOperationException("Brotli's bound does not hold.");
    }

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
