using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests.Data;

public sealed class SchemaTests(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private readonly TestCloud _cloud = shared.Cloud;

    [Fact]
    public async Task MigrationsMakeTheColumnsOfTheModel()
    {
        await using var database = _cloud.OpenDatabase();
        var model = Tables(database).SelectMany(table => table.Columns.Select(column => $"{table.Name}.{column.Name} {column.StoreType} {(column.IsNullable ? "NULL" : "NOT NULL")}"));
        var schema = await LinesAsync("""
            SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE ' NULL' END
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = 'cloud'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
                AND c.relname <> 'migrations'
            """);
        Assert.Equal(model.Order(StringComparer.Ordinal), schema);
    }

    [Fact]
    public async Task MigrationsMakeTheKeysAndIndexesOfTheModel()
    {
        await using var database = _cloud.OpenDatabase();
        var model = Tables(database).SelectMany(table => table.Indexes.Select(index => $"{table.Name} {(index.IsUnique ? "unique" : "index")} {Names(index.Columns)}")
            .Append($"{table.Name} primary {Names(table.PrimaryKey!.Columns)}"));
        var schema = await LinesAsync("""
            SELECT t.relname || CASE WHEN i.indisprimary THEN ' primary ' WHEN i.indisunique THEN ' unique ' ELSE ' index ' END
                || (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k(attnum, n) JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum)
            FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid WHERE t.relnamespace = 'cloud'::regnamespace AND t.relname <> 'migrations'
            """);
        Assert.Equal(model.Order(StringComparer.Ordinal), schema);
    }

    [Fact]
    public async Task MigrationsMakeTheForeignKeysOfTheModel()
    {
        await using var database = _cloud.OpenDatabase();
        var model = Tables(database).SelectMany(table => table.ForeignKeyConstraints.Select(key => $"{table.Name}.{Names(key.Columns)} -> {key.PrincipalTable.Name}"));
        var schema = await LinesAsync("""
            SELECT conrelid::regclass::text || '.' || (SELECT string_agg(a.attname, ',') FROM unnest(conkey) k JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = k) || ' -> '
                || confrelid::regclass::text
            FROM pg_constraint WHERE contype = 'f' AND connamespace = 'cloud'::regnamespace
            """);
        Assert.Equal(model.Order(StringComparer.Ordinal), schema.Select(line => line.Replace("cloud.", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task DefaultsAndSequencesOfTheModelExist()
    {
        await using var database = _cloud.OpenDatabase();
        Assert.Equal(database.Model.GetRelationalModel().Sequences.Select(sequence => sequence.Name).Order(StringComparer.Ordinal),
            await LinesAsync("SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'cloud'::regnamespace"));
        string[] defaults =
        [
            "index_segments.number nextval('cloud.segment_number'::regclass)", "index_updates.position nextval('cloud.index_order'::regclass)",
            "log_pending.id nextval('cloud.log_order'::regclass)",
            "records.position nextval('cloud.record_order'::regclass)",
        ];
        Assert.Equal(defaults, await LinesAsync(
            "SELECT table_name || '.' || column_name || ' ' || column_default FROM information_schema.columns WHERE table_schema = 'cloud' AND column_default IS NOT NULL"));
    }

    [Fact]
    public async Task ReplicasThatStartTogetherMigrateOnce()
    {
        await using var first = await TestCloud.StartAsync();
        await first.Cluster.ExecuteAsync(first.Database, "DROP SCHEMA cloud CASCADE; CREATE SCHEMA cloud AUTHORIZATION cloud");
        var replicas = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => TestCloud.StartAsync(of: first))));
        foreach (var replica in replicas)
        {
            await replica.Http.GetAsync(Paths.Ready).ShouldSucceedAsync();
            await replica.DisposeAsync();
        }
        await using var database = _cloud.OpenDatabase();
        Assert.Equal(database.Database.GetMigrations().Count().ToString(System.Globalization.CultureInfo.InvariantCulture),
            (await first.Cluster.ExecuteAsync(first.Database, "SELECT count(*) FROM cloud.migrations")).Trim());
    }

    [Fact]
    public async Task NotReadyWithoutTheSchemaAndWithoutTheDatabase()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.Http.GetAsync(Paths.Ready).ShouldSucceedAsync();
        await cloud.Cluster.ExecuteAsync(cloud.Database, "DROP SCHEMA cloud CASCADE");
        Assert.Equal(503, (int)(await cloud.Http.GetAsync(Paths.Ready)).StatusCode);
        await cloud.Cluster.ExecuteAsync("postgres", $"DROP DATABASE {cloud.Database} WITH (FORCE)");
        Assert.Equal(503, (int)(await cloud.Http.GetAsync(Paths.Ready)).StatusCode);
        await cloud.Http.GetAsync(Paths.Live).ShouldSucceedAsync();
    }

    /// <summary>Everything that an operator or a thief of the database sees, after all that people do.</summary>
    [Fact]
    public async Task DatabaseHoldsNoAddressOutsideAccountsAndNoSecret()
    {
        await using var cloud = await TestCloud.StartAsync();
        using var anna = await Person.RegisterAsync(cloud, "anna.sick@example.test");
        using var doctor = await Person.RegisterAsync(cloud, "doctor@example.test");
        await anna.LogInAsync();
        var loginLetters = cloud.Letters.To(anna.Mail).Count;
        var pending = await cloud.RequestCodeAsync(Paths.Registrations, "pending.person@example.test");
        var pendingCode = await cloud.Letters.CodeAsync("pending.person@example.test");
        await cloud.RequestCodeAsync(Paths.Logins, "stranger@example.test");
        await cloud.RequestCodeAsync(Paths.Logins, anna.Mail);
        var annasCode = await cloud.Letters.CodeAsync(anna.Mail, loginLetters + 1);
        var partition = await Partition.CreateAsync(anna);
        var record = await partition.AddAsync();
        await partition.DeleteAsync((await partition.AddAsync()).Header.Context.Record).ShouldSucceedAsync();
        var grant = await Giving.GiveAsync(partition, doctor);
        await Giving.RevokeAsync(grant, anna).ShouldSucceedAsync();
        await doctor.Http.GetAsync(Paths.Account).ShouldSucceedAsync();

        var dump = await cloud.Cluster.DumpAsync(cloud.Database);
        Assert.Contains(Hex(record.Signed), dump, StringComparison.OrdinalIgnoreCase); // the dump shows what is there
        foreach (var mail in new[] { anna.Mail, doctor.Mail })
        {
            var lines = dump.Split('\n').Where(line => line.Contains(mail, StringComparison.OrdinalIgnoreCase)).ToList();
            Assert.StartsWith("INSERT INTO cloud.accounts", Assert.Single(lines), StringComparison.Ordinal);
            Assert.DoesNotContain(Hex(Encoding.ASCII.GetBytes(mail)), dump, StringComparison.OrdinalIgnoreCase);
        }
        foreach (var hidden in new[] { "pending.person@example.test", "pending.person", "stranger@example.test", pendingCode, pendingCode.Replace(" ", ""), annasCode.Replace(" ", ""), anna.Token })
        {
            Assert.DoesNotContain(hidden, dump, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Hex(Encoding.ASCII.GetBytes(hidden)), dump, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToBase64String(Encoding.ASCII.GetBytes(hidden)), dump, StringComparison.Ordinal);
        }
        Assert.DoesNotContain(Hex(System.Buffers.Text.Base64Url.DecodeFromChars(anna.Token)), dump, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Hex(await File.ReadAllBytesAsync(Path.Combine(cloud.Options.Data, "pepper.key"))), dump, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(32, pending.Length);
    }

    private async Task<IReadOnlyList<string>> LinesAsync(string sql) =>
        [.. (await _cloud.Cluster.ExecuteAsync(_cloud.Database, sql)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    private static IEnumerable<ITable> Tables(DbContext database) => database.Model.GetRelationalModel().Tables;

    private static string Names(IEnumerable<IColumn> columns) => string.Join(',', columns.Select(column => column.Name));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
