using Microsoft.EntityFrameworkCore;
using Npgsql;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;
using Salus.Trustee.Reencryption;
using Salus.Trustee.Witness;

namespace Salus.Trustee.Tests;

public class DatabaseTests
{
    [Fact]
    public async Task ARestartKeepsEverything()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        using var revoked = new Sharing(trustee.Time);
        await sharing.BringAsync(trustee);
        await revoked.BringAsync(trustee);
        var revocation = revoked.Revoke();
        var receipt = await trustee.PostAsync(Paths.Revocations, revocation.Signed);
        var (key, box, request) = (trustee.Key, trustee.Box, sharing.Ask(trustee).Signed);
        Assert.Equal(200, (await trustee.PostAsync(Paths.Reencryptions, request)).Status);

        await trustee.RestartAsync();

        Assert.Equal((key, box), (trustee.Key, trustee.Box));
        (await trustee.PostAsync(Paths.Reencryptions, request)).Refuses(409, Problems.Replayed);
        Assert.NotNull(Assert.Single(await sharing.AnswerAsync(trustee, [sharing.Seal().Item])));
        (await trustee.PostAsync(Paths.KFrags, revoked.KFragFor(trustee))).Refuses(409, Problems.Conflict);
        Assert.Equal(receipt.Bytes, (await trustee.PostAsync(Paths.Revocations, revocation.Signed)).Bytes);
        Assert.Equal(2, await trustee.CountAsync<AccessRow>());
    }

    [Fact]
    public async Task ADumpHoldsNoKeyAndNothingOfARecord()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        await sharing.BringAsync(trustee);
        var (item, key) = sharing.Seal();
        await sharing.AnswerAsync(trustee, [item]);
        var dump = await trustee.Cluster.DumpAsync(trustee.Database);
        Assert.Contains(Convert.ToHexStringLower(sharing.Shares[0].Public.Bytes), dump, StringComparison.Ordinal);
        Assert.Contains(item.Record.ToString(), dump, StringComparison.Ordinal);
        foreach (var secret in (byte[][])[sharing.Shares[0].Rk.Bytes.ToArray(), key.Bytes.ToArray(), item.Capsule.Bytes.ToArray()])
            for (var i = 0; i + 8 <= secret.Length; i++)
                Assert.DoesNotContain(Convert.ToHexStringLower(secret.AsSpan(i, 8)), dump, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhoCanWriteRowsCannotChangeAGrant()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        using var other = new Sharing(trustee.Time);
        await sharing.BringAsync(trustee);
        await other.BringAsync(trustee);
        var kept = await trustee.SqlAsync("SELECT * FROM kfrags ORDER BY owner");
        foreach (var change in (string[])
        [
            "until_time = until_time + 86400000", "from_time = from_time - 1", "purpose = 4",
            $"receiving = '\\x{Convert.ToHexStringLower(other.Policy.Receiving.Bytes)}'", $"delegating_key = '\\x{Convert.ToHexStringLower(other.DelegatingKey.Bytes)}'",
            "sealed_rk = (SELECT o.sealed_rk FROM kfrags o WHERE o.owner <> kfrags.owner)", "sealed_rk = ''", "share = ''",
        ])
        {
            await trustee.SqlAsync($"CREATE TABLE before AS SELECT * FROM kfrags; UPDATE kfrags SET {change} WHERE owner = '\\x{sharing.Account}'");
            var answer = await trustee.PostAsync(Paths.Reencryptions, sharing.Ask(trustee).Signed);
            Assert.True(answer.Status == 500, change);
            await trustee.SqlAsync("DELETE FROM kfrags; INSERT INTO kfrags SELECT * FROM before; DROP TABLE before");
        }
        Assert.Equal(kept, await trustee.SqlAsync("SELECT * FROM kfrags ORDER BY owner"));
        Assert.Equal(0, await trustee.CountAsync<AccessRow>());
        Assert.NotNull(Assert.Single(await sharing.AnswerAsync(trustee, [sharing.Seal().Item])));

        // A key put back after its revocation meets the tombstone.
        await trustee.SqlAsync("CREATE TABLE before AS SELECT * FROM kfrags");
        Assert.Equal(200, (await trustee.PostAsync(Paths.Revocations, sharing.Revoke().Signed)).Status);
        await trustee.SqlAsync($"INSERT INTO kfrags SELECT * FROM before WHERE owner = '\\x{sharing.Account}'");
        (await trustee.PostAsync(Paths.Reencryptions, sharing.Ask(trustee).Signed)).Refuses(403, Problems.NotGranted);
    }

    [Fact]
    public async Task AnotherTrusteesRoleReadsNothing()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        await sharing.BringAsync(trustee);
        await using var connection = new NpgsqlConnection(trustee.Cluster.ConnectionString(trustee.Database, "trustee2"));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        foreach (var statement in (string[])
        [
            "SELECT * FROM trustee1.kfrags", "SELECT * FROM trustee1.accesses", "SELECT * FROM trustee1.tombstones", "SELECT * FROM trustee1.nonces",
            "DELETE FROM trustee1.tombstones", "CREATE TABLE trustee1.more (a int)", "SET ROLE trustee1", "CREATE TABLE public.more (a int)",
        ])
        {
            await using var command = new NpgsqlCommand(statement, connection);
            var failure = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, failure.SqlState);
        }
    }

    [Fact]
    public async Task TheMigrationsMakeTheSchemaOfTheModel()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        const string Columns = """
            SELECT table_name, column_name, data_type, is_nullable, is_identity, coalesce(column_default, '') FROM information_schema.columns
            WHERE table_schema = '{0}' AND table_name <> 'migrations' ORDER BY 1, 2
            """;
        const string Indexes = "SELECT replace(indexdef, '{0}.', '') FROM pg_indexes WHERE schemaname = '{0}' AND tablename <> 'migrations' ORDER BY 1";
        var script = await trustee.InDatabaseAsync(database => Task.FromResult(database.Database.GenerateCreateScript()));
        await trustee.Cluster.ExecuteAsync(trustee.Database, $"CREATE SCHEMA model; SET search_path = model; {script}");
        foreach (var query in (string[])[Columns, Indexes])
        {
            var expected = await trustee.SqlAsync(query.Replace("{0}", "model", StringComparison.Ordinal));
            Assert.NotEmpty(expected);
            Assert.Equal(expected, await trustee.SqlAsync(query.Replace("{0}", trustee.Role, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task TheSweepDeletesWhatHasEndedAndLeavesTheJournal()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        using var longer = new Sharing(trustee.Time, until: TimeSpan.FromDays(1));
        using var revoked = new Sharing(trustee.Time);
        await sharing.BringAsync(trustee);
        await longer.BringAsync(trustee);
        Assert.Equal(200, (await trustee.PostAsync(Paths.Revocations, revoked.Revoke().Signed)).Status);
        await sharing.AnswerAsync(trustee, [sharing.Seal().Item]);

        await SweepAsync(sharing.Policy.Until.AddMilliseconds(-1));
        Assert.Equal((2, 0), (await trustee.CountAsync<KFragRow>(), await trustee.CountAsync<NonceRow>()));
        await SweepAsync(sharing.Policy.Until);
        Assert.Equal(longer.Account, Assert.Single(await trustee.InDatabaseAsync(database => database.KFrags.ToListAsync())).Owner);
        Assert.Equal((1, 1), (await trustee.CountAsync<AccessRow>(), await trustee.CountAsync<TombstoneRow>()));

        async Task SweepAsync(DateTimeOffset now) => await trustee.InDatabaseAsync(async database => { await Sweep.RunAsync(database, now, default); return 0; });
    }

    [Fact]
    public async Task ReadyOnlyWithItsDatabase()
    {
        var cluster = await PostgresCluster.StartAsync();
        await using var trustee = await TrusteeHost.StartAsync(cluster, await cluster.CreateDatabaseAsync("trustee1"), "trustee1");
        Assert.Equal(200, await StatusAsync(Paths.Ready));
        await cluster.DisposeAsync();
        trustee.Follows = false;
        Assert.Equal((503, 200), (await StatusAsync(Paths.Ready), await StatusAsync(Paths.Live)));
        using var sharing = new Sharing(trustee.Time);
        Assert.Equal(500, (await trustee.PostAsync(Paths.Reencryptions, sharing.Ask(trustee).Signed)).Status);

        async Task<int> StatusAsync(string path)
        {
            using var response = await trustee.Http.GetAsync(new Uri(path, UriKind.Relative));
            return (int)response.StatusCode;
        }
    }

    [Fact]
    public async Task DoesNotStartWithoutADatabaseOfItsOwn()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        TrusteeMember[] members = [new(trustee.Key.ToString(), trustee.Box.ToString(), Witness: trustee.WitnessKey.ToString()), .. trustee.Others];
        var cluster = await PostgresCluster.SharedAsync();
        var database = await cluster.CreateDatabaseAsync("trustee1");
        var right = cluster.ConnectionString(database, "trustee1");
        foreach (var (connection, exit) in new[]
        {
            ("", 2), ("Nonsense=1", 2), (new NpgsqlConnectionStringBuilder(right) { SearchPath = null }.ToString(), 2),
            (new NpgsqlConnectionStringBuilder(right) { Password = "wrong" }.ToString(), 1), (new NpgsqlConnectionStringBuilder(right) { Database = "nowhere" }.ToString(), 1),
        })
        {
            var data = Directory.CreateTempSubdirectory("salus-trustee-").FullName;
            var failure = await Assert.ThrowsAsync<StartupException>(() => TrusteeServer.Create().StartAsync(
                new TrusteeOptions { Url = new Uri("http://localhost:0"), Data = data, Name = "trustee-1", Database = connection, CloudKey = trustee.Cloud.PublicKey.ToString(),
                    Log = TestLog.Shared.Signer.Key.ToString(), Trustees = members }));
            Assert.Equal(exit, failure.ExitCode);
            Assert.DoesNotContain("wrong", failure.Message, StringComparison.Ordinal);
            Directory.Delete(data, recursive: true);
        }
    }
}
