using System.Security.Cryptography;

namespace Salus.InBrowser;

/// <param name="Text">What a file holds, or its SHA-256 when it is large.</param>
internal sealed record FileAnswer(string? Text = null, long Size = 0, IReadOnlyList<string>? Names = null);

/// <summary>Single steps on the worker's files, as .NET's own classes do them.</summary>
internal static class FileWork
{
    private const int Piece = 300_000;

    public static FileAnswer Run(string operation, TestArguments arguments)
    {
        var path = arguments.Name!;
        switch (operation)
        {
            case "write":
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                using (var file = new FileStream(path, FileMode.Create, FileAccess.Write))
                {
                    file.Write(System.Text.Encoding.UTF8.GetBytes(arguments.Text!));
                    file.Flush(flushToDisk: true);
                }
                return new FileAnswer();
            case "writeUnflushed":
                // Left open on purpose: the worker is killed before it is closed.
                var left = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, 0);
                left.Write(System.Text.Encoding.UTF8.GetBytes(arguments.Text!));
                Left.Add(left);
                return new FileAnswer();
            case "move":
                File.Move(path, arguments.To!, overwrite: true);
                return new FileAnswer();
            case "delete":
                if (Directory.Exists(path))
                    Directory.Delete(path, recursive: true);
                else
                    File.Delete(path);
                return new FileAnswer();
            case "read":
                return new FileAnswer(File.ReadAllText(path), new FileInfo(path).Length);
            case "list":
                return new FileAnswer(Names: [.. Directory.GetFileSystemEntries(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]);
            case "exists":
                return new FileAnswer(Path.Exists(path) ? "yes" : "no");
            case "fill":
                return new FileAnswer(Fill(path, arguments.Size, arguments.Count));
            case "hash":
                using (var file = File.OpenRead(path))
                    return new FileAnswer(Convert.ToHexStringLower(SHA256.HashData(file)), file.Length);
            case "scatter":
                return new FileAnswer(Scatter(path, arguments.Count));
            default:
                throw new ArgumentException($"There is no {operation}.", nameof(operation));
        }
    }

    /// <summary>Into a file for the page.</summary>
    public static async Task<FileAnswer> CopyAsync(string path, string folder)
    {
        Directory.CreateDirectory(folder);
        await using var from = File.OpenRead(path);
        await using var to = File.Create(Path.Combine(folder, "file"));
        await from.CopyToAsync(to, Piece);
        return new FileAnswer(Size: to.Length);
    }

    private static readonly List<FileStream> Left = [];

    /// <summary>Writes <paramref name="count"/> files of <paramref name="size"/> bytes side by side, a piece of each in turn; returns a hash over all.</summary>
    private static string Fill(string folder, long size, int count)
    {
        Directory.CreateDirectory(folder);
        var files = Enumerable.Range(0, count).Select(i => new FileStream(Path.Combine(folder, $"{i}"), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 0)).ToArray();
        var hashes = files.Select(_ => IncrementalHash.CreateHash(HashAlgorithmName.SHA256)).ToArray();
        var piece = new byte[Piece];
        for (long done = 0; done < size; done += Piece)
            for (var i = 0; i < count; i++)
            {
                var part = piece.AsSpan(0, (int)Math.Min(Piece, size - done));
                RandomNumberGenerator.Fill(part);
                hashes[i].AppendData(part);
                files[i].Write(part);
            }
        foreach (var file in files)
            file.Dispose();
        return string.Join(' ', hashes.Select(hash => Convert.ToHexStringLower(hash.GetHashAndReset())));
    }

    /// <summary>Writes, cuts and reads at random places of a file and of an array, which must stay the same.</summary>
    private static string Scatter(string path, int count)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 0);
        var expected = new List<byte>();
        for (var i = 0; i < count; i++)
        {
            var at = RandomNumberGenerator.GetInt32(200_000);
            if (RandomNumberGenerator.GetInt32(8) == 0)
            {
                file.SetLength(at);
                expected = [.. expected.Take(at), .. new byte[Math.Max(0, at - expected.Count)]];
                continue;
            }
            var bytes = RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(20_000));
            file.Position = at;
            file.Write(bytes);
            if (bytes.Length > 0 && expected.Count < at + bytes.Length)
                expected.AddRange(new byte[at + bytes.Length - expected.Count]);
            for (var j = 0; j < bytes.Length; j++)
                expected[at + j] = bytes[j];
        }
        file.Position = 0;
        var found = new byte[file.Length];
        file.ReadExactly(found);
        return found.AsSpan().SequenceEqual(expected.ToArray()) ? "same" : "other";
    }
}
