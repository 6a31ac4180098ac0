using System.Globalization;
using Npgsql;

namespace Salus.Bench.Search;

/// <summary>The peer: PostgreSQL's own full text search over the same notes, in clear, with a GIN index over a stored tsvector; loaded by COPY, indexed afterwards, which is its fastest way.</summary>
internal sealed class FullText(NpgsqlDataSource database)
{
    public async Task LoadAsync(NoteCorpus corpus)
    {
        await ExecuteAsync("CREATE TABLE notes (id integer NOT NULL, body text NOT NULL, words tsvector GENERATED ALWAYS AS (to_tsvector('english', body)) STORED)");
        await using var connection = await database.OpenConnectionAsync();
        await using (var copy = await connection.BeginBinaryImportAsync("COPY notes (id, body) FROM STDIN (FORMAT binary)"))
        {
            var id = 0;
            foreach (var text in corpus.Texts())
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(id++);
                await copy.WriteAsync(text);
            }
            await copy.CompleteAsync();
        }
        await ExecuteAsync("CREATE INDEX notes_words ON notes USING gin (words)");
    }

    /// <summary>Bytes of the index alone.</summary>
    public async Task<long> SizeAsync() => (long)(await ScalarAsync("SELECT pg_relation_size('notes_words')"))!;

    public Task FreezeAsync() => ExecuteAsync("VACUUM (ANALYZE, FREEZE) notes");

    /// <summary>The notes that hold a word.</summary>
    public async Task<int> FindAsync(string word)
    {
        await using var command = database.CreateCommand("SELECT id FROM notes WHERE words @@ to_tsquery('english', $1)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = word });
        return await CountAsync(command);
    }

    /// <summary>The ten best of the notes that hold two words.</summary>
    public async Task<int> RankedAsync(string first, string second)
    {
        await using var command = database.CreateCommand(
            "SELECT id, ts_rank(words, query) AS rank FROM notes, to_tsquery('english', $1) query WHERE words @@ query ORDER BY rank DESC LIMIT 10");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = string.Create(CultureInfo.InvariantCulture, $"{first} & {second}") });
        return await CountAsync(command);
    }

    private static async Task<int> CountAsync(NpgsqlCommand command)
    {
        await using var reader = await command.ExecuteReaderAsync();
        var count = 0;
        while (await reader.ReadAsync())
            count += reader.GetInt32(0) >= 0 ? 1 : 0;
        return count;
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }
}
