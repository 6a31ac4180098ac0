using Salus.Client.Transport;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.Client.Audit;

/// <summary>Where audits get their seed: the next checkpoint of the log that two witnesses have cosigned, or, when the log says nothing new for a moment, its newest one.</summary>
internal static class AuditSeeds
{
    private const int Cosignatures = 2;
    private const int Looks = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>No log and no lie of one keeps anybody from auditing: own randomness stands in, and the seed says so.</summary>
    public static async Task<AuditSeed> NextAsync(PartyDirectory parties, TimeProvider clock, CancellationToken cancel)
    {
        if (!LogKeys.TryFrom(parties, out var keys))
            return AuditSeed.Random(clock);
        using var http = Web.Open(parties);
        var channel = new Channel(http, parties.Cloud.Url, "cloud");
        SignedCheckpoint? first = null;
        var newest = first;
        for (var look = 0; look < Looks && (first is null || newest!.Size <= first.Size); look++)
        {
            if (look > 0)
                await Task.Delay(Pause, clock, cancel);
            if (await ReadAsync(channel, keys, cancel) is not { } read)
                break;
            newest = read;
            first ??= read;
        }
        return newest is null ? AuditSeed.Random(clock) : new AuditSeed(newest.Root.ToArray(), newest.Size, clock.GetUtcNow().ToUnixTimeSeconds());
    }

    private static async Task<SignedCheckpoint?> ReadAsync(Channel channel, LogKeys keys, CancellationToken cancel)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Paths.LogCheckpoint, UriKind.Relative));
            using var response = await channel.SendAsync(request, cancel);
            return SignedCheckpoint.TryRead(await channel.ReadAsync(response, Limits.MaxNote, cancel), keys, out var signed) && signed.Cosignatures.Count >= Cosignatures ? signed : null;
        }
        catch (Exception failure) when (failure is RefusedException or UnreachableException or AlarmException)
        {
            return null;
        }
    }
}
