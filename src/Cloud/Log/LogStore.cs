using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;
using Salus.Cloud.Data;
using Salus.Crypto.Merkle;
using Salus.Protocol;

namespace Salus.Cloud.Log;

/// <summary>Entries that have just been given their places.</summary>
/// <param name="First">The place of the first.</param>
internal sealed record LogBatch(long First, IReadOnlyList<ReadOnlyMemory<byte>> Entries)
{
    public long End => First + Entries.Count;
}

/// <summary>
/// The log in the database. Only the sequencer writes, on the connection that holds its lock: when that connection is lost, so is whatever it had not committed.
/// </summary>
internal sealed class LogStore(CloudOptions options) : IAsyncDisposable
{
    /// <summary>Entries of one batch, at most.</summary>
    public const int MaxBatch = 8192;

    private const int Connections = 6;
    private const int CachedTiles = 1024;

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(CloudDatabase.Connection(options.Database)) { MaxPoolSize = Connections, ApplicationName = "Salus.Cloud.Log" }.ConnectionString);

    private readonly ConcurrentDictionary<TreeTile, byte[]> _full = new();

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancel) => _source.OpenConnectionAsync(cancel);

    /// <summary>The edge of what is committed.</summary>
    public static async Task<LogTree> LoadAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var size = await SizeAsync(connection, cancel);
        var edges = new List<byte[]>();
        for (var level = 0; level < TreeTile.Levels; level++)
            edges.Add(TreeTile.At(level, LogTree.LastTile(level, size), size) is { Width: > 0 } tile ? await HashesAsync(connection, tile, cancel) : []);
        return LogTree.Restore(size, edges);
    }

    /// <summary>Gives waiting entries their places, in one transaction. When it throws, the tree is ahead of the database and has to be loaded again.</summary>
    public static async Task<LogBatch> AppendAsync(NpgsqlConnection connection, LogTree tree, CancellationToken cancel)
    {
        var first = tree.Size;
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // 1. What waits, in the order in which it came.
        var (ids, entries) = (new List<long>(), new List<ReadOnlyMemory<byte>>());
        await using (var command = new NpgsqlCommand($"SELECT id, entry FROM cloud.log_pending ORDER BY id LIMIT {MaxBatch}", connection))
        await using (var reader = await command.ExecuteReaderAsync(cancel))
            while (await reader.ReadAsync(cancel))
            {
                ids.Add(reader.GetInt64(0));
                entries.Add(reader.GetFieldValue<byte[]>(1));
            }
        if (ids.Count == 0)
            return new LogBatch(first, []);
        // 2. Its places, and the tiles that it fills.
        var full = new List<FullTile>();
        await using (var import = await connection.BeginBinaryImportAsync("COPY cloud.log_entries (position, leaf, entry) FROM STDIN (FORMAT BINARY)", cancel))
        {
            foreach (var entry in entries)
            {
                await import.StartRowAsync(cancel);
                await import.WriteAsync(tree.Size, NpgsqlDbType.Bigint, cancel);
                await import.WriteAsync(tree.Append(entry.Span, full), NpgsqlDbType.Bytea, cancel);
                await import.WriteAsync(entry, NpgsqlDbType.Bytea, cancel);
            }
            await import.CompleteAsync(cancel);
        }
        foreach (var tile in full)
            await ExecuteAsync(connection, "INSERT INTO cloud.log_tiles (level, number, hashes, root) VALUES ($1, $2, $3, $4)", cancel, tile.Level, tile.Number, tile.Hashes, tile.Root);
        await ExecuteAsync(connection, "DELETE FROM cloud.log_pending WHERE id = ANY($1)", cancel, ids);
        await transaction.CommitAsync(cancel);
        return new LogBatch(first, entries);
    }

    /// <summary>Entries from a place on, as many as go into one push to a witness.</summary>
    public async Task<LogBatch> ReadAsync(long first, long end, CancellationToken cancel)
    {
        await using var connection = await OpenAsync(cancel);
        var entries = new List<ReadOnlyMemory<byte>>();
        await using var command = new NpgsqlCommand("SELECT entry FROM cloud.log_entries WHERE position >= $1 AND position < $2 ORDER BY position", connection)
        {
            Parameters = { new() { Value = first }, new() { Value = Math.Min(end, first + Limits.MaxPushEntries) } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            entries.Add(reader.GetFieldValue<byte[]>(0));
        return new LogBatch(first, entries);
    }

    /// <summary>The hashes of a tile of a log that has it.</summary>
    public async Task<byte[]> TileAsync(TreeTile tile, CancellationToken cancel)
    {
        if (_full.TryGetValue(tile, out var known))
            return known;
        await using var connection = await OpenAsync(cancel);
        var hashes = await HashesAsync(connection, tile, cancel);
        if (hashes.Length != tile.Width * MerkleTree.HashSize)
            throw new InvalidDataException($"The log has lost {tile.Path()}.");
        if (tile.IsFull)
        {
            if (_full.Count >= CachedTiles)
                _full.Clear();
            _full[tile] = hashes;
        }
        return hashes;
    }

    /// <summary>The hashes of ranges in the tree of a size that the log has.</summary>
    public async Task<byte[]> HashesAsync(IReadOnlyList<TreeRange> ranges, long size, CancellationToken cancel)
    {
        var tiles = new Dictionary<TreeTile, byte[]>();
        foreach (var tile in TreeTile.Needed(ranges, size))
            tiles[tile] = await TileAsync(tile, cancel);
        return TreeTile.Hashes(ranges, size, tile => tiles[tile]) ?? throw new InvalidDataException("The log's tiles do not make a proof.");
    }

    /// <summary>The root at a size that the log has.</summary>
    public async Task<byte[]> RootAsync(long size, CancellationToken cancel) =>
        size == 0 ? System.Security.Cryptography.SHA256.HashData([]) : await HashesAsync([new TreeRange(0, size)], size, cancel);

    /// <summary>Entries that have their places, shown or not.</summary>
    public async Task<long> SizeAsync(CancellationToken cancel)
    {
        await using var connection = await OpenAsync(cancel);
        return await SizeAsync(connection, cancel);
    }

    public async Task<(long Size, byte[] Note)?> PublishedAsync(CancellationToken cancel)
    {
        await using var connection = await OpenAsync(cancel);
        await using var command = new NpgsqlCommand("SELECT size, note FROM cloud.log_published WHERE id = 1", connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : null;
    }

    public static Task PublishAsync(NpgsqlConnection connection, long size, byte[] note, CancellationToken cancel) => ExecuteAsync(connection,
        "INSERT INTO cloud.log_published (id, size, note) VALUES (1, $1, $2) ON CONFLICT (id) DO UPDATE SET size = excluded.size, note = excluded.note", cancel, size, note);

    public static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await command.ExecuteNonQueryAsync(cancel);
    }

    public static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancel);
    }

    private static async Task<long> SizeAsync(NpgsqlConnection connection, CancellationToken cancel) =>
        (long)(await ScalarAsync(connection, "SELECT coalesce(max(position) + 1, 0) FROM cloud.log_entries", cancel))!;

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static async Task<byte[]> HashesAsync(NpgsqlConnection connection, TreeTile tile, CancellationToken cancel)
    {
        // A full tile is kept; a partial one is made of the leaves, or of the roots of the tiles below.
        var (sql, level) = tile switch
        {
            { IsFull: true } => ("SELECT hashes FROM cloud.log_tiles WHERE level = $3 AND number = $1 AND $2 > $1", tile.Level),
            { Level: 0 } => ("SELECT leaf FROM cloud.log_entries WHERE position >= $1 AND position < $2 AND $3 = 0 ORDER BY position", 0),
            _ => ("SELECT root FROM cloud.log_tiles WHERE level = $3 AND number >= $1 AND number < $2 ORDER BY number", tile.Level - 1),
        };
        var first = tile.IsFull ? tile.Index : tile.Index * TreeTile.FullWidth;
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = first }, new() { Value = first + tile.Width }, new() { Value = level } } };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var hashes = new List<byte>(tile.Width * MerkleTree.HashSize);
        while (await reader.ReadAsync(cancel))
            hashes.AddRange(reader.GetFieldValue<byte[]>(0));
        return [.. hashes];
    }
}
