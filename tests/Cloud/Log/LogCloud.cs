using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Log;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.Cloud.Tests.Log;

/// <summary>A cloud with three witnesses of its log.</summary>
internal sealed class LogCloud : IAsyncDisposable
{
    private LogCloud(TestCloud cloud, TestWitness[] witnesses, LogKeys keys) => (Cloud, Witnesses, Keys) = (cloud, witnesses, keys);

    public TestCloud Cloud { get; }

    public TestWitness[] Witnesses { get; }

    public LogKeys Keys { get; }

    public static async Task<LogCloud> StartAsync(int present = 3, QuotaOptions? quota = null)
    {
        TestWitness[] witnesses = [new(), new(), new()];
        var cloud = await TestCloud.StartAsync(witnesses: witnesses, quota: quota);
        var parties = (await cloud.Http.GetFromJsonAsync<PartyDirectory>(Paths.Parties))!;
        Assert.True(LogKeys.TryFrom(parties, out var keys));
        foreach (var witness in witnesses)
            witness.Log = keys.Log;
        foreach (var witness in witnesses.Take(present))
            await witness.StartAsync();
        return new LogCloud(cloud, witnesses, keys);
    }

    /// <summary>Enters entries as if they had been accepted by another replica that has died since.</summary>
    public async Task<LogEntry[]> AddAsync(int count)
    {
        LogEntry[] entries = [.. Enumerable.Range(0, count).Select(_ => LogEntry.Of(LogKind.Grant, Guid.NewGuid().ToByteArray()))];
        await using var database = Cloud.OpenDatabase();
        foreach (var entry in entries)
            database.Log(entry);
        await database.SaveChangesAsync();
        return entries;
    }

    public async Task<SignedCheckpoint> CheckpointAsync()
    {
        Assert.True(SignedCheckpoint.TryRead(await Cloud.Http.GetByteArrayAsync(Paths.LogCheckpoint), Keys, out var checkpoint));
        return checkpoint;
    }

    /// <summary>The first published checkpoint that is as the test wants it.</summary>
    public async Task<SignedCheckpoint> CheckpointAsync(Func<SignedCheckpoint, bool> wanted)
    {
        for (var tries = 0; tries < 600; tries++, await Task.Delay(50))
            if ((await Cloud.Http.GetAsync(Paths.LogCheckpoint)).IsSuccessStatusCode && await CheckpointAsync() is var checkpoint && wanted(checkpoint))
                return checkpoint;
        throw new TimeoutException($"The log stands at {(await CheckpointAsync()).Size}.");
    }

    public Task<HttpResponseMessage> AskProofAsync(LogEntry entry) => Cloud.Http.GetAsync($"{Paths.LogProof}?leaf={Convert.ToHexStringLower(entry.LeafHash)}");

    public async Task<LogProof> ProofAsync(LogEntry entry) => await ReadProofAsync(AskProofAsync(entry), entry);

    public async Task<LogProof> ReadProofAsync(Task<HttpResponseMessage> answer, LogEntry entry)
    {
        var response = await answer;
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        Assert.True(LogProof.TryRead(await response.Content.ReadAsByteArrayAsync(), Keys, out var proof));
        Assert.True(proof.Includes(entry));
        return proof;
    }

    public static async Task<LogEntry> AccessAsync()
    {
        var owner = SigningKey.Generate();
        var subject = new AccessSubject(AccessKind.Open, owner.PublicKey.Account, Identifier.Random<GrantId>(), Identifier.Random<PartitionId>(), EpochNumber.First, [Identifier.Random<RecordId>()]);
        using var seed = Secret.Random(AccessEntry.SeedSize);
        using var box = new UnboxingKey(seed.Bytes);
        return await AccessEntry.SealAsync(AccessStatement.Create(SigningKey.Generate(), subject, DateTimeOffset.UtcNow), box.PublicKey, seed);
    }

    public static Task<HttpResponseMessage> PostAccessAsync(Person by, ReadOnlyMemory<byte> body) => by.Http.PostAsync(Paths.LogAccesses, new ReadOnlyMemoryContent(body));

    public async ValueTask DisposeAsync()
    {
        await Cloud.DisposeAsync();
        foreach (var witness in Witnesses)
        {
            Assert.Empty(witness.Lies);
            await witness.DisposeAsync();
        }
    }
}
