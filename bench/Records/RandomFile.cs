using System.Security.Cryptography;

namespace Salus.Bench.Records;

/// <summary>Files that no compression makes smaller.</summary>
internal static class RandomFile
{
    public static string Create(string path, long length)
    {
        var piece = new byte[1 << 20];
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var left = length; left > 0; left -= piece.Length)
        {
            RandomNumberGenerator.Fill(piece);
            file.Write(piece, 0, (int)Math.Min(left, piece.Length));
        }
        return path;
    }

    /// <summary>Throws unless both have the same bytes.</summary>
    public static void MustEqual(string left, string right)
    {
        using var a = File.OpenRead(left);
        using var b = File.OpenRead(right);
        if (!SHA256.HashData(a).AsSpan().SequenceEqual(SHA256.HashData(b)))
            throw new InvalidOperationException($"{Path.GetFileName(right)} has other bytes than {Path.GetFileName(left)}.");
    }
}
