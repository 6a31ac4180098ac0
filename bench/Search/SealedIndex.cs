using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using Salus.Client.Search.Segments;
using Salus.Cloud.Index;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Health.Keywords;
using Salus.Protocol;

namespace Salus.Bench.Search;

/// <summary>
/// Ours: the notes as sealed segments, built by the client's code from the same texts and kept in the cloud's tables of the same PostgreSQL, loaded by COPY as the cloud loads them.
/// </summary>
internal sealed class SealedIndex(NpgsqlDataSource database, string folder) : IDisposable
{
    private const int Batch = 2000;
    private const int Ahead = 8;
    private const int RowsAtOnce = 16384; // as many as a client sends in one request

    private static readonly AccountId Owner = new(UInt128.One);
    private static readonly PartitionId Partition = new(UInt128.One);

    private static readonly VerifyingKey Source = SigningKey.Generate().PublicKey;

    private readonly DelegatingKey _delegating = DelegatingKey.FromSeed(RandomNumberGenerator.GetBytes(DelegatingKey.SeedSize));
    private readonly List<(NewSegment New, BuiltSegment Built)> _segments = [];

    public int Segments => _segments.Count;

    public long Blocks => _segments.Sum(segment => (long)segment.Built.Blocks);

    /// <summary>From the texts to the loaded tables: words and stems on both processors, segments as they fill up, each loaded while the next is being built.</summary>
    public async Task LoadAsync(NoteCorpus corpus)
    {
        var builder = new SegmentBuilder();
        var loading = Task.CompletedTask;
        var note = 0u;
        foreach (var batch in Extracted(corpus))
        {
            foreach (var document in batch)
                builder.Add(new IndexedDocument(new RecordId(UInt128.One + note++), uint.MaxValue), document.Terms, document.Length);
            if (!builder.IsFull)
                continue;
            await loading;
            loading = StoreAsync(builder);
            builder = new SegmentBuilder();
        }
        await loading;
        if (!builder.IsEmpty)
            await StoreAsync(builder);
    }

    public async Task FreezeAsync()
    {
        foreach (var table in new[] { "index_blocks", "index_dictionaries" })
        {
            await using var command = database.CreateCommand($"VACUUM (ANALYZE, FREEZE) cloud.{table}");
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Bytes of all that the cloud keeps for it, indexes included.</summary>
    public async Task<long> SizeAsync()
    {
        await using var command = database.CreateCommand("SELECT pg_total_relation_size('cloud.index_blocks') + pg_total_relation_size('cloud.index_dictionaries')");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The segments as a client opens them: dictionaries from the database.</summary>
    public async Task<IReadOnlyList<(SegmentInfo Info, OpenSegment Open)>> OpenAsync()
    {
        var open = new List<(SegmentInfo, OpenSegment)>();
        for (var number = 0; number < _segments.Count; number++)
        {
            var info = _segments[number].New.Info(Source, _segments[number].Built);
            var dictionary = new MemoryStream();
            await using var command = database.CreateCommand("SELECT bytes FROM cloud.index_dictionaries WHERE segment = $1 ORDER BY piece");
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = number });
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                dictionary.Write(reader.GetFieldValue<byte[]>(0));
            open.Add((info, await OpenSegment.OpenAsync(Owner, info, _segments[number].New.Key, dictionary.ToArray())));
        }
        return open;
    }

    public int NumberOf(SegmentId segment) => _segments.FindIndex(one => one.New.Id == segment);

    public void Dispose()
    {
        foreach (var (segment, _) in _segments)
            segment.Dispose();
        _delegating.Dispose();
    }

    /// <summary>Batches of documents in the order of the notes, some ahead of the one that is taken.</summary>
    private static IEnumerable<DocumentTerms[]> Extracted(NoteCorpus corpus)
    {
        var waiting = new Queue<Task<DocumentTerms[]>>();
        foreach (var texts in corpus.Texts().Chunk(Batch))
        {
            waiting.Enqueue(Task.Run(() => Array.ConvertAll(texts, Extract)));
            if (waiting.Count > Ahead)
                yield return waiting.Dequeue().GetAwaiter().GetResult();
        }
        while (waiting.TryDequeue(out var rest))
            yield return rest.GetAwaiter().GetResult();
    }

    private static DocumentTerms Extract(string text) =>
        KeywordExtractor.Extract(new MemoryStream(Encoding.UTF8.GetBytes(text)), "text/plain", "", []).Single();

    private async Task StoreAsync(SegmentBuilder builder)
    {
        var segment = await NewSegment.CreateAsync(Owner, Partition, EpochNumber.First, _delegating.PublicKey);
        var built = await builder.SealAsync(Owner, segment.Id, segment.Key, folder);
        var number = _segments.Count;
        _segments.Add((segment, built));
        await using var connection = await database.OpenConnectionAsync();
        await using (var file = File.OpenRead(built.BlocksPath!))
        {
            var rows = new byte[RowsAtOnce * BlockCopy.RowSize];
            while (await file.ReadAtLeastAsync(rows, rows.Length, throwOnEndOfStream: false) is > 0 and var read)
                await BlockCopy.EnterAsync(connection, number, rows.AsMemory(0, read), CancellationToken.None);
        }
        await using (var copy = await connection.BeginBinaryImportAsync("COPY cloud.index_dictionaries (segment, piece, bytes) FROM STDIN (FORMAT binary)"))
        {
            var piece = 0;
            foreach (var bytes in (await File.ReadAllBytesAsync(built.DictionaryPath)).Chunk(1 << 20))
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(number, NpgsqlDbType.Integer);
                await copy.WriteAsync(piece++, NpgsqlDbType.Integer);
                await copy.WriteAsync(bytes, NpgsqlDbType.Bytea);
            }
            await copy.CompleteAsync();
        }
        File.Delete(built.BlocksPath!);
        File.Delete(built.DictionaryPath);
    }
}
