using Salus.Client.Log;
using Salus.Client.Transport;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.Client.Audit;

/// <summary>
/// Where audits get their seed: own randomness, and the next checkpoint of the log that two witnesses have cosigned, or, when the log says nothing new for a moment, its newest one. Those
/// cosignatures must be new: of all that there ever were the cloud could choose one. When no such checkpoint is to be had, own randomness alone does, and the seed says so: no log keeps
/// anybody from auditing.
/// </summary>
internal static class AuditSeeds
{
    private const int Looks = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>For an owner, whose device remembers the log.</summary>
    /// <exception cref="AlarmException">The cloud shows another log than before, or a false one.</exception>
    public static Task<AuditSeed> NextAsync(LogView log, TimeProvider clock, CancellationToken cancel) => NextAsync(async () =>
    {
        try
        {
            return await log.NewestAsync(cancel);
        }
        catch (Exception failure) when (failure is RefusedException or UnreachableException or CannotException)
        {
            return null;
        }
    }, clock, cancel);

    /// <summary>For whoever has no account.</summary>
    public static async Task<AuditSeed> NextAsync(PartyDirectory parties, TimeProvider clock, CancellationToken cancel)
    {
        if (!LogKeys.TryFrom(parties, out var keys))
            return AuditSeed.Random(clock);
        using var http = Web.Open(parties);
        var channel = new Channel(http, parties.Cloud.Url, "cloud");
        return await NextAsync(() => ReadAsync(channel, keys, cancel), clock, cancel);
    }

    /// <param name="read">The log's newest checkpoint; null when it cannot be had.</param>
    internal static async Task<AuditSeed> NextAsync(Func<Task<SignedCheckpoint?>> read, TimeProvider clock, CancellationToken cancel)
    {
        var (first, newest) = ((SignedCheckpoint?)null, (SignedCheckpoint?)null);
        for (var look = 0; look < Looks && (first is null || newest!.Size <= first.Size); look++)
        {
            if (look > 0)
                await Task.Delay(Pause, clock, cancel);
            if (await read() is not { } checkpoint)
                break;
            if (IsNew(checkpoint, clock.GetUtcNow()))
                (first, newest) = (first ?? checkpoint, checkpoint);
        }
        var own = AuditSeed.Random(clock);
        return newest is null ? own : own with { Root = newest.Root.ToArray(), TreeSize = newest.Size };
    }

    private static bool IsNew(SignedCheckpoint checkpoint, DateTimeOffset now) =>
        checkpoint.Cosignatures.Count(cosignature => (now - cosignature.At).Duration() <= Limits.MaxCosignatureAge) >= LogView.Needed;

    private static async Task<SignedCheckpoint?> ReadAsync(Channel channel, LogKeys keys, CancellationToken cancel)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Paths.LogCheckpoint, UriKind.Relative));
            using var response = await channel.SendAsync(request, cancel);
            return SignedCheckpoint.TryRead(await channel.ReadAsync(response, Limits.MaxNote, cancel), keys, out var signed) ? signed : null;
        }
        catch (Exception failure) when (failure is RefusedException or UnreachableException or AlarmException)
        {
            return null;
        }
    }
}
