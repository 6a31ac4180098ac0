using Npgsql;
using Salus.Client.Search;
using Salus.Client.Search.Segments;
using Salus.Cloud.Index;
using Salus.Protocol;

namespace Salus.Bench.Search;

/// <summary>The client's search over opened segments, with the cloud's statement for fetching blocks between them and no network.</summary>
internal sealed class SealedSearcher(NpgsqlDataSource database, SealedIndex index, IReadOnlyList<(SegmentInfo Info, OpenSegment Open)> segments)
{
    private readonly LiveSegment[] _segments = [.. segments.Select(segment => new LiveSegment(null!, segment.Info, segment.Open))];

    /// <summary>The best notes of those that match, at most so many; how many they are.</summary>
    public async Task<int> FindAsync(string words, int limit)
    {
        if (!Query.TryParse(words, out var typed, out var fault))
            throw new InvalidOperationException(fault);
        var query = ExpandedQuery.Of(typed, null, (prefix, count) => []);
        var ranked = await RankedSearch.RunAsync(_segments, query, new BlockReader(FetchAsync), new Suspicions(), CancellationToken.None);
        return ranked.Next(Math.Min(limit, ranked.Count)).Take(limit).Count();
    }

    private async Task<byte[]?[]> FetchAsync(IReadOnlyList<Client.Transport.BlockAddress> wanted, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var answer = await BlockCopy.FetchAsync(connection, [.. wanted.Select(block => index.NumberOf(block.Segment))],
            [.. wanted.Select(block => new Guid(block.Address, bigEndian: true))], cancel);
        var blocks = new byte[]?[wanted.Count];
        for (int i = 0, at = 0; i < blocks.Length; i++)
            if (answer[at++] == 1)
            {
                blocks[i] = answer.AsSpan(at, BlockCopy.ValueSize).ToArray();
                at += BlockCopy.ValueSize;
            }
        return blocks;
    }
}
