using System.Security.Cryptography;
using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Search;

/// <summary>
/// The sealed dictionaries of segments: from <c>index/</c> in the profile, else from the cloud, and always the bytes whose hash their source has signed. What is kept is ciphertext;
/// whoever may not read a segment any more has nothing in it.
/// </summary>
internal sealed class DictionaryCache(Account account)
{
    private string Folder => account.Profile.Index;

    public async Task<byte[]> GetAsync(SegmentInfo segment, CancellationToken cancel)
    {
        var path = Path.Combine(Folder, segment.Id.ToString());
        if (await TryReadAsync(path, segment, cancel) is { } kept)
            return kept;
        var fetched = await FetchAsync(segment, cancel);
        if (!IsOf(segment, fetched))
            throw new AlarmException(AlarmKind.Integrity, $"The cloud gives another dictionary of the segment {segment.Id} of the search index than its source has signed.");
        DurableFile.Write(path, fetched);
        return fetched;
    }

    /// <summary>Removes what belongs to no segment that is still there.</summary>
    public void Sweep(IEnumerable<SegmentId> alive)
    {
        if (!Directory.Exists(Folder))
            return;
        var names = alive.Select(segment => segment.ToString()).ToHashSet();
        foreach (var path in Directory.GetFiles(Folder))
            if (!names.Contains(Path.GetFileName(path)))
                File.Delete(path);
    }

    private static async Task<byte[]?> TryReadAsync(string path, SegmentInfo segment, CancellationToken cancel)
    {
        if (!File.Exists(path) || new FileInfo(path).Length != segment.DictionaryLength)
            return null;
        var bytes = await File.ReadAllBytesAsync(path, cancel);
        return IsOf(segment, bytes) ? bytes : null;
    }

    private async Task<byte[]> FetchAsync(SegmentInfo segment, CancellationToken cancel)
    {
        try
        {
            return await account.Cloud.Index.DictionaryAsync(segment, cancel);
        }
        catch (RefusedException missing) when (missing.Code == Problems.NotFound)
        {
            throw new AlarmException(AlarmKind.Withheld, $"The cloud withholds the segment {segment.Id} of the search index, which its source has signed. Nothing was searched.");
        }
    }

    private static bool IsOf(SegmentInfo segment, byte[] bytes) =>
        bytes.Length == segment.DictionaryLength && SHA256.HashData(bytes).AsSpan().SequenceEqual(segment.DictionaryHash);
}
