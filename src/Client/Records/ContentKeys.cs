using Salus.Client.Accounts;
using Salus.Client.Log;
using Salus.Client.Partitions;
using Salus.Client.Sharing;
using Salus.Client.Transport;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.Client.Records;

/// <summary>A content key; or, of an item that does not hold, why there is none.</summary>
internal readonly record struct OpenedKey(Secret? Key, AlarmException? Fault);

/// <summary>
/// From a capsule to the content key under it: with the owner's own delegating key, or, for what is somebody else's, through two of the three trustees under a grant.
/// A capsule is verified before any use, every answer of a trustee against its proof, and the content key against its commitment.
/// </summary>
internal sealed class ContentKeys(Account account)
{
    /// <summary>How often a trustee is asked that has had too many requests.</summary>
    private const int MaxAttempts = 3;

    /// <summary>A trustee that asks to wait longer is not waited for.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    private readonly Tracing _tracing = new(account);

    /// <summary>The content key of something in one of the account's own partitions.</summary>
    public async Task<Secret> OwnAsync(SealedKey item, Partition partition)
    {
        var context = item.Context;
        var header = partition.Chain.FirstOrDefault(epoch => epoch.Epoch == context.Epoch) ?? throw Damaged(item, "is of an epoch that does not exist");
        var binding = context.ToBytes();
        if (!item.Capsule.TryVerify(header.Key, binding, out var capsule))
            throw Damaged(item, "has a capsule that was not made for it");
        using var delegating = account.Keys.Delegating(context.Partition, context.Epoch);
        using var key = capsule.Open(delegating);
        return await UnwrapAsync(item, key, binding);
    }

    /// <summary>
    /// The content keys of items of one owner, partition and epoch under a grant, in their order. Each is judged for itself: one that was sealed wrongly costs the trustees nothing and
    /// the others nothing. Two trustees suffice; one that answers wrongly is named in <paramref name="complaints"/> and the third is asked in its stead.
    /// </summary>
    /// <param name="kind">What for: the owner finds it in the log.</param>
    public async Task<IReadOnlyList<OpenedKey>> GrantedAsync(AccessKind kind, IReadOnlyList<SealedKey> items, ReceivedGrant received, ICollection<string> complaints,
        CancellationToken cancel)
    {
        if (items.Count == 0)
            return [];
        var entry = received.Grant.Entry(items[0].Context.Partition, items[0].Context.Epoch)
            ?? throw new CannotException("No grant opens this: it is of a partition or an epoch that was not granted.", Reasons.NotPermitted);
        var keys = new OpenedKey[items.Count];
        var good = new List<(int At, VerifiedCapsule Capsule)>();
        for (var i = 0; i < items.Count; i++)
            if (items[i].Capsule.TryVerify(entry.DelegatingKey, items[i].Context.ToBytes(), out var capsule))
                good.Add((i, capsule));
            else
                keys[i] = new OpenedKey(null, Damaged(items[i], "has a capsule that was not made for it"));
        try
        {
            foreach (var chunk in good.Chunk(Limits.MaxReencryptionItems))
            {
                var opened = await GrantedChunkAsync(kind, [.. chunk.Select(item => items[item.At])], [.. chunk.Select(item => item.Capsule)], entry, received, complaints, cancel);
                for (var i = 0; i < chunk.Length; i++)
                    keys[chunk[i].At] = opened[i];
            }
            return keys;
        }
        catch
        {
            foreach (var key in keys)
                key.Key?.Dispose();
            throw;
        }
    }

    private async Task<OpenedKey[]> GrantedChunkAsync(AccessKind kind, SealedKey[] items, VerifiedCapsule[] capsules, GrantEntry entry, ReceivedGrant received, ICollection<string> complaints,
        CancellationToken cancel)
    {
        var context = items[0].Context;
        var trace = await _tracing.LeaveAsync(received.Owner,
            new AccessSubject(kind, context.Owner, received.Grant.Terms.Id, context.Partition, context.Epoch, [.. items.Select(item => item.Context.Record)]), cancel);
        var answers = await AnswersAsync(items, capsules, entry, received, trace, complaints, cancel);
        var policy = received.Grant.Terms.Policy(context.Partition, context.Epoch).Common();
        var keys = new OpenedKey[items.Length];
        for (var i = 0; i < items.Length; i++)
            try
            {
                if (!Delegation.TryOpen(capsules[i], account.Keys.Receiving, entry.DelegatingKey, policy, answers[0][i], answers[1][i], out var key))
                    throw Damaged(items[i], "does not open with what two trustees answered");
                using (key)
                    keys[i] = new OpenedKey(await UnwrapAsync(items[i], key, items[i].Context.ToBytes()), null);
            }
            catch (AlarmException fault)
            {
                keys[i] = new OpenedKey(null, fault);
            }
        return keys;
    }

    /// <summary>
    /// What two trustees answer: the first two of the three. Where it needs one that has had too many requests, it is asked again after the while that it names.
    /// </summary>
    private async Task<IReadOnlyList<VerifiedCFrag[]>> AnswersAsync(SealedKey[] items, VerifiedCapsule[] capsules, GrantEntry entry, ReceivedGrant received,
        byte[] trace, ICollection<string> complaints, CancellationToken cancel)
    {
        var answers = new List<VerifiedCFrag[]>();
        Exception? refusal = null;
        var asked = account.Trustees;
        for (var attempt = 1; ; attempt++)
        {
            var busy = new List<(TrusteeApi Trustee, RefusedException Refused)>();
            var waiting = asked.ToDictionary(trustee => AskAsync(trustee, entry, received, items, capsules, trace, cancel));
            while (answers.Count < Delegation.Threshold && waiting.Count > 0)
            {
                var done = await Task.WhenAny(waiting.Keys);
                waiting.Remove(done, out var trustee);
                try
                {
                    answers.Add(await done);
                }
                catch (RefusedException refused) when (refused.Code == Problems.TooMany)
                {
                    busy.Add((trustee!, refused));
                }
                catch (Exception failure) when (failure is RefusedException or UnreachableException or AlarmException)
                {
                    refusal = failure is RefusedException || refusal is null ? failure : refusal;
                    if (failure is not RefusedException)
                        complaints.Add(failure.Message);
                }
            }
            if (answers.Count == Delegation.Threshold)
                return answers;
            if (answers.Count + busy.Count < Delegation.Threshold)
                throw refusal!;
            var wait = busy.Max(one => one.Refused.RetryAfter ?? TimeSpan.FromSeconds(1));
            if (attempt == MaxAttempts || wait > MaxWait)
                throw new RefusedException(Problems.TooMany, $"{busy.MaxBy(one => one.Refused.RetryAfter).Refused.Message} Two of the three trustees have to answer.",
                    string.Join(" and ", busy.Select(one => one.Trustee.Name).Order(StringComparer.Ordinal))) { RetryAfter = wait };
            await Task.Delay(wait, account.Clock, cancel);
            asked = [.. busy.Select(one => one.Trustee)];
        }
    }

    private async Task<VerifiedCFrag[]> AskAsync(TrusteeApi trustee, GrantEntry entry, ReceivedGrant received, SealedKey[] items, VerifiedCapsule[] capsules,
        byte[] trace, CancellationToken cancel)
    {
        var share = entry.Shares.FirstOrDefault(candidate => candidate.Trustee.Equals(trustee.Key))
            ?? throw new AlarmException(AlarmKind.Integrity, $"The grant has no share for {trustee.Name}.");
        var context = items[0].Context;
        var request = ReencryptionRequest.Create(account.Keys.Identity, trustee.Key, received.Grant.Terms.Id, context.Owner, context.Partition, context.Epoch,
            account.Now, [.. items.Select(item => new ReencryptionItem(item.Context.Record, item.Capsule))], trace);
        var answer = await trustee.ReencryptAsync(request, cancel);
        if (!request.TryDecodeAnswer(answer, out var cfrags))
            throw new AlarmException(AlarmKind.Integrity, $"{trustee.Name} sent an answer that is not what the protocol says.");
        return [.. cfrags.Select((cfrag, i) => cfrag is not null && cfrag.TryVerify(capsules[i], share.Share, request.Binding(request.Items[i]), out var verified)
            ? verified
            : throw new AlarmException(AlarmKind.Integrity, $"{trustee.Name} re-encrypted wrongly: its proof does not hold."))];
    }

    private static async Task<Secret> UnwrapAsync(SealedKey item, Secret key, byte[] context) =>
        await item.Key.UnwrapAsync(key, context) ?? throw Damaged(item, "carries a content key that is not the one its author committed to");

    private static AlarmException Damaged(SealedKey item, string what) => new(AlarmKind.Integrity, $"{item.Name} {what}.");
}
