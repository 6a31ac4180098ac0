using System.Security.Cryptography;
using Salus.Hosting;
using Salus.Protocol;

namespace Salus.Store;

/// <summary>
/// Which records refer to a fragment that several share, in the file `references` beside it: of each the hash of what releases it, 32 bytes, added at the end. What a crash has cut short
/// there was never acknowledged.
/// </summary>
internal static class FragmentReferences
{
    public const int Size = SHA256.HashSizeInBytes;

    public static IReadOnlyList<byte[]> Read(string path)
    {
        try
        {
            return [.. File.ReadAllBytes(path).Chunk(Size).Where(reference => reference.Length == Size)];
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>Adds one, once, and durably; false when there are too many.</summary>
    public static bool TryAdd(string path, byte[] reference)
    {
        var all = Read(path);
        var isThere = all.Any(one => one.AsSpan().SequenceEqual(reference));
        if (!isThere && all.Count >= Limits.MaxFragmentReferences)
            return false;
        using (var file = DurableFiles.Open(path, FileMode.OpenOrCreate))
        {
            file.SetLength(all.Count * (long)Size);
            file.Position = file.Length;
            if (!isThere)
                file.Write(reference);
            file.Flush();
            DurableFiles.Flush(file.SafeFileHandle);
        }
        DurableFiles.FlushFolder(Path.GetDirectoryName(path)!);
        return true;
    }

    /// <summary>Whether all of them are released.</summary>
    public static bool AreReleased(string path, IReadOnlyList<byte[]> releases)
    {
        var released = releases.Select(release => Convert.ToHexString(SHA256.HashData(release))).ToHashSet();
        return Read(path).All(reference => released.Contains(Convert.ToHexString(reference)));
    }
}
