using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Log;
using Salus.Crypto;
using Salus.Crypto.Merkle;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.Cloud.Tests.Log;

public class LogTests
{
    [Fact]
    public async Task WhateverIsAcceptedIsInTheLogAndCosigned()
    {
        await using var log = await LogCloud.StartAsync();
        using var anna = await Person.RegisterAsync(log.Cloud);
        using var doctor = await Person.RegisterAsync(log.Cloud);
        var partition = await Partition.CreateAsync(anna);
        var record = await partition.AddAsync();
        var deleted = await partition.AddAsync();
        await partition.DeleteAsync(deleted.Header.Context.Record).ShouldSucceedAsync();
        var grant = await Giving.GiveAsync(partition, doctor);
        var revocation = Revocation.Create(anna.Identity, grant.Terms.Id, log.Cloud.Time.GetUtcNow());
        await Giving.RevokeAsync(grant, anna, revocation).ShouldSucceedAsync();
        await Giving.RevokeAsync(grant, anna, revocation).ShouldSucceedAsync();

        foreach (var (kind, signed) in new[]
        {
            (LogKind.Epoch, partition.Headers[0].Signed), (LogKind.Roots, record.Signed), (LogKind.Roots, deleted.Signed), (LogKind.Grant, grant.Signed), (LogKind.Revocation, revocation.Signed),
        })
        {
            var started = Stopwatch.GetTimestamp();
            var proof = await log.ProofAsync(LogEntry.Of(kind, signed));
            Assert.InRange(proof.Checkpoint.Cosignatures.Count, 2, 3);
            Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 4);
        }
        await using var database = log.Cloud.OpenDatabase();
        var once = LogEntry.Of(LogKind.Revocation, revocation.Signed).LeafHash;
        Assert.Equal(1, await database.LogEntries.CountAsync(row => row.Leaf == once));
        Assert.Equal(0, await database.LogPending.CountAsync());
    }

    [Fact]
    public async Task WhatIsRefusedIsNotInTheLog()
    {
        await using var log = await LogCloud.StartAsync();
        using var anna = await Person.RegisterAsync(log.Cloud);
        using var doctor = await Person.RegisterAsync(log.Cloud);
        var partition = await Partition.CreateAsync(anna);
        var late = Giving.Make(partition, doctor, version: 7);
        await Giving.PostAsync(late, anna).ShouldBeAsync(Problems.Conflict);
        await log.ProofAsync(LogEntry.Of(LogKind.Epoch, partition.Headers[0].Signed));
        await log.AskProofAsync(LogEntry.Of(LogKind.Grant, late.Signed)).ShouldBeAsync(Problems.NotFound);
        await log.Cloud.Http.GetAsync($"{Paths.LogProof}?leaf=12").ShouldBeAsync(Problems.BadRequest);
        await log.Cloud.Http.GetAsync(Paths.LogProof).ShouldBeAsync(Problems.BadRequest);
    }

    [Fact]
    public async Task AnAccessIsEnteredOnceHoweverOftenItIsSent()
    {
        await using var log = await LogCloud.StartAsync();
        using var doctor = await Person.RegisterAsync(log.Cloud);
        var access = await LogCloud.AccessAsync();
        var started = Stopwatch.GetTimestamp();
        var first = await log.ReadProofAsync(LogCloud.PostAccessAsync(doctor, access.Bytes), access);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 4);
        Assert.InRange(first.Checkpoint.Cosignatures.Count, 2, 3);
        var again = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => log.ReadProofAsync(LogCloud.PostAccessAsync(doctor, access.Bytes), access)));
        Assert.All(again, proof => Assert.Equal(first.Index, proof.Index));
        Assert.Equal(1, (await log.CheckpointAsync()).Size - first.Index);

        await LogCloud.PostAccessAsync(doctor, LogEntry.Of(LogKind.Grant, [1]).Bytes).ShouldBeAsync(Problems.BadRequest);
        await LogCloud.PostAccessAsync(doctor, access.Bytes[1..]).ShouldBeAsync(Problems.BadRequest);
        await LogCloud.PostAccessAsync(doctor, new byte[Limits.MaxLogEntry + 1]).ShouldBeAsync(Problems.TooLarge);
        await log.Cloud.Http.PostAsync(Paths.LogAccesses, new ReadOnlyMemoryContent(access.Bytes)).ShouldBeAsync(Problems.NoSession);
    }

    [Fact]
    public async Task TilesAndEntriesLeadToTheCheckpoint()
    {
        await using var log = await LogCloud.StartAsync();
        await log.AddAsync(300);
        var before = await log.CheckpointAsync(checkpoint => checkpoint.Size == 300);
        await log.AddAsync(400);
        var after = await log.CheckpointAsync(checkpoint => checkpoint.Size == 700 && checkpoint.Cosignatures.Count == 3);

        byte[] leaves = [.. await TileAsync("tile/0/000", 256), .. await TileAsync("tile/0/001", 256), .. await TileAsync("tile/0/002.p/188", 188)];
        var root = new byte[32];
        MerkleTree.Root(leaves, root);
        Assert.True(after.Root.SequenceEqual(root));
        MerkleTree.Root(leaves.AsSpan(0, 300 * 32), root);
        Assert.True(before.Root.SequenceEqual(root));
        Assert.Equal(await TileAsync("tile/0/001.p/44", 44), leaves[(256 * 32)..(300 * 32)]);
        MerkleTree.Root(leaves.AsSpan(0, 256 * 32), root);
        Assert.Equal((await TileAsync("tile/1/000.p/2", 2))[..32], root);
        byte[] bundled = [.. Bundled(await GetAsync("tile/entries/000")), .. Bundled(await GetAsync("tile/entries/001")), .. Bundled(await GetAsync("tile/entries/002.p/188"))];
        Assert.Equal(leaves, bundled);

        var tiles = new Dictionary<TreeTile, byte[]>();
        foreach (var tile in TreeTile.Needed(TreeRange.Consistency(300, 700), 700))
            tiles[tile] = await GetAsync(tile.Path());
        Assert.True(MerkleTree.VerifyConsistency(300, before.Root, 700, after.Root, TreeTile.Hashes(TreeRange.Consistency(300, 700), 700, tile => tiles[tile])));

        using var full = await log.Cloud.Http.GetAsync("/log/tile/0/000");
        Assert.True(full.Headers.CacheControl is { Public: true, MaxAge.TotalDays: > 300 });
        Assert.Equal("application/octet-stream", full.Content.Headers.ContentType!.MediaType);
        using var checkpoint = await log.Cloud.Http.GetAsync(Paths.LogCheckpoint);
        Assert.Equal("text/plain; charset=utf-8", checkpoint.Content.Headers.ContentType!.ToString());
        Assert.True(checkpoint.Headers.CacheControl!.MaxAge!.Value.TotalSeconds <= 5);

        async Task<byte[]> GetAsync(string path) => await log.Cloud.Http.GetByteArrayAsync("/log/" + path);

        async Task<byte[]> TileAsync(string path, int hashes)
        {
            var tile = await GetAsync(path);
            Assert.Equal(hashes * 32, tile.Length);
            return tile;
        }
    }

    [Fact]
    public async Task TilesThatTheLogDoesNotHaveAreNotThere()
    {
        await using var log = await LogCloud.StartAsync(present: 0);
        await log.AddAsync(5);
        await log.CheckpointAsync(checkpoint => checkpoint.Size == 5);
        await log.Cloud.Http.GetAsync("/log/tile/0/000.p/5").ShouldSucceedAsync();
        foreach (var path in new[]
        {
            "0/000", "0/000.p/6", "0/000.p/0", "0/000.p/05", "0/001.p/1", "1/000.p/1", "8/000.p/1", "00/000.p/5", "-1/000.p/5", "0/0.p/5", "0/x000/000.p/5", "0/000.p/5/6", "0/", "0/..%2f000.p/5",
            "x/000.p/5", "entries/000", "entries/000.p/6", "entries/x/000", "entries/999999999999999999999999999999999", "0/x999/x999/x999/x999/x999/999", "7/000.p/64",
        })
            Assert.Equal(HttpStatusCode.NotFound, (await log.Cloud.Http.GetAsync("/log/tile/" + path)).StatusCode);
    }

    [Fact]
    public async Task WhatAnotherReplicaHasShownIsThereAndWhatIsNotShownYetIsNotDenied()
    {
        await using var log = await LogCloud.StartAsync(present: 0);
        await log.AddAsync(5);
        await log.CheckpointAsync(checkpoint => checkpoint.Size == 5);

        // Another has given five more their places, shown two of them, and its word has not come.
        using var signer = NoteSigner.Log(Secret.CopyOf(new byte[32]));
        var shown = new Checkpoint(signer.Key.Name, 7, new byte[32]);
        await using var database = log.Cloud.OpenDatabase();
        for (var place = 5; place < 10; place++)
            database.Add(new LogEntryRow { Position = place, Leaf = new byte[32], Entry = [1] });
        await database.SaveChangesAsync();
        var note = SignedNote.Of(shown.Text, [shown.Sign(signer)]).ToBytes();
        await database.Database.ExecuteSqlAsync($"UPDATE cloud.log_published SET size = 7, note = {note}");
        Assert.Equal(7 * 32, (await log.Cloud.Http.GetByteArrayAsync("/log/tile/0/000.p/7")).Length);
        await log.Cloud.Http.GetAsync("/log/tile/entries/000.p/9").ShouldBeAsync(Problems.NotLoggedYet);
        await log.Cloud.Http.GetAsync("/log/tile/0/000.p/10").ShouldBeAsync(Problems.NotLoggedYet);
        await log.Cloud.Http.GetAsync("/log/tile/0/000.p/11").ShouldBeAsync(Problems.NotFound);
    }

    [Fact]
    public async Task ADaysAccessesAreAsManyAsOwnersShare()
    {
        await using var log = await LogCloud.StartAsync(quota: new QuotaOptions { AccessesPerDay = 2 });
        log.Cloud.Time.Advance(TimeSpan.FromHours(13.9)); // a few minutes before midnight
        using var doctor = await Person.RegisterAsync(log.Cloud);
        var first = await LogCloud.AccessAsync();
        await LogCloud.PostAccessAsync(doctor, first.Bytes).ShouldSucceedAsync();
        await AddAsync(1);
        await RefusedAsync();
        await LogCloud.PostAccessAsync(doctor, first.Bytes).ShouldSucceedAsync(); // the same again takes nothing

        using var anna = await Person.RegisterAsync(log.Cloud);
        for (var grants = 0; grants < 2; grants++) // of one owner they count once
            await Giving.GiveAsync(await Partition.CreateAsync(anna), doctor);
        await AddAsync(2);
        await RefusedAsync();
        log.Cloud.Time.Advance(TimeSpan.FromMinutes(10));
        await AddAsync(1);

        async Task AddAsync(int count)
        {
            for (; count > 0; count--)
                await LogCloud.PostAccessAsync(doctor, (await LogCloud.AccessAsync()).Bytes).ShouldSucceedAsync();
        }

        async Task RefusedAsync() => await LogCloud.PostAccessAsync(doctor, (await LogCloud.AccessAsync()).Bytes).ShouldBeAsync(Problems.TooMany);
    }

    [Fact]
    public async Task TheCloudGoesOnWithoutTrusteesAndTheyCatchUp()
    {
        await using var log = await LogCloud.StartAsync(present: 0);
        await log.AddAsync(9000); // more than fit into one push
        await log.CheckpointAsync(checkpoint => checkpoint.Size == 9000);
        var alone = await log.AddAsync(1);
        Assert.Empty((await log.ProofAsync(alone[0])).Checkpoint.Cosignatures);

        await log.Witnesses[0].StartAsync();
        await log.Witnesses[2].StartAsync();
        var cosigned = await log.CheckpointAsync(checkpoint => checkpoint.Cosignatures.Count == 2);
        Assert.Equal(9001, cosigned.Size);
        Assert.Equal([9001, 0, 9001], log.Witnesses.Select(witness => witness.Size));
        Assert.Equal(2, (await log.ProofAsync(alone[0])).Checkpoint.Cosignatures.Count);

        await log.Witnesses[0].StopAsync();
        await log.AddAsync(10);
        await log.CheckpointAsync(checkpoint => checkpoint is { Size: 9011, Cosignatures.Count: 1 });
        await log.Witnesses[0].StartAsync();
        await log.CheckpointAsync(checkpoint => checkpoint is { Size: 9011, Cosignatures.Count: 2 });
    }

    /// <summary>However long they were away: by then they are tried at the longest pause.</summary>
    [Fact]
    public async Task TrusteesThatComeBackAreWitnessesAgainWhileSomebodyWaits()
    {
        await using var log = await LogCloud.StartAsync(present: 1);
        using var doctor = await Person.RegisterAsync(log.Cloud);
        await Task.Delay(TimeSpan.FromSeconds(14));
        foreach (var witness in log.Witnesses[1..])
            await witness.StartAsync();
        var access = await LogCloud.AccessAsync();
        var proof = await log.ReadProofAsync(LogCloud.PostAccessAsync(doctor, access.Bytes), access);
        Assert.InRange(proof.Checkpoint.Cosignatures.Count, 2, 3);
    }

    [Fact]
    public async Task ReplicasKeepOneLogWhoeverEnds()
    {
        await using var log = await LogCloud.StartAsync();
        var replicas = new List<TestCloud> { await TestCloud.StartAsync(of: log.Cloud), await TestCloud.StartAsync(of: log.Cloud) };
        var entries = new List<LogEntry>();
        for (var round = 0; round < 3; round++)
        {
            using var doctor = await Person.RegisterAsync(replicas[^1]);
            var accesses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => LogCloud.AccessAsync()));
            entries.AddRange(accesses);
            entries.AddRange(await log.AddAsync(50));
            await Task.WhenAll(accesses.Select(access => log.ReadProofAsync(LogCloud.PostAccessAsync(doctor, access.Bytes), access)));
            if (round < 2)
            {
                await replicas[0].DisposeAsync();
                replicas.RemoveAt(0);
                replicas.Add(await TestCloud.StartAsync(of: log.Cloud));
            }
        }
        // With the cards of three doctors.
        var end = await log.CheckpointAsync(checkpoint => checkpoint.Size == entries.Count + 3 && checkpoint.Cosignatures.Count == 3);
        foreach (var entry in entries)
            Assert.Equal(end.Size, (await log.ProofAsync(entry)).Checkpoint.Size);
        foreach (var replica in replicas)
            await replica.DisposeAsync();
    }

    private static byte[] Bundled(byte[] bundle)
    {
        var hashes = new List<byte>();
        for (var at = 0; at < bundle.Length;)
        {
            var size = (bundle[at] << 8) | bundle[at + 1];
            Assert.True(LogEntry.TryParse(bundle.AsSpan(at + 2, size), out var entry));
            hashes.AddRange(entry.LeafHash);
            at += 2 + size;
        }
        return [.. hashes];
    }
}
