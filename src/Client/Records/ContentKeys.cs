using Salus.Client.Accounts;
using Salus.Client.Partitions;
using Salus.Client.Sharing;
using Salus.Client.Transport;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Protocol;

namespace Salus.Client.Records;

/// <summary>
/// From a capsule to the content key under it: with the owner's own delegating key, or, for what is somebody else's, through two of the three trustees under a grant.
/// A capsule is verified before any use, every answer of a trustee against its proof, and the content key against its commitment.
/// </summary>
internal sealed class ContentKeys(Account account)
{
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
    /// The content keys of items of one owner, partition and epoch under a grant, in their order. Two trustees suffice; one that answers wrongly is named in
    /// <paramref name="complaints"/> and the third is asked in its stead.
    /// </summary>
    public async Task<IReadOnlyList<Secret>> GrantedAsync(IReadOnlyList<SealedKey> items, ReceivedGrant received, ICollection<string> complaints,
        CancellationToken cancel)
    {
        var keys = new List<Secret>();
        foreach (var chunk in items.Chunk(Limits.MaxReencryptionItems))
            keys.AddRange(await GrantedChunkAsync(chunk, received, complaints, cancel));
        return keys;
    }

    private async Task<IReadOnlyList<Secret>> GrantedChunkAsync(SealedKey[] items, ReceivedGrant received, ICollection<string> complaints,
        CancellationToken cancel)
    {
        var context = items[0].Context;
        var terms = received.Grant.Terms;
        var entry = received.Grant.Entry(context.Partition, context.Epoch)
            ?? throw new CannotException("No grant opens this: it is of a partition or an epoch that was not granted.");
        var capsules = items.Select(item => item.Capsule.TryVerify(entry.DelegatingKey, item.Context.ToBytes(), out var capsule)
            ? capsule
            : throw Damaged(item, "has a capsule that was not made for it")).ToArray();

        var answers = new List<VerifiedCFrag[]>();
        var waiting = account.Trustees.Select(trustee => AskAsync(trustee, entry, received, items, capsules, cancel)).ToList();
        Exception? refusal = null;
        while (answers.Count < Delegation.Threshold && waiting.Count > 0)
        {
            var done = await Task.WhenAny(waiting);
            waiting.Remove(done);
            try
            {
                answers.Add(await done);
            }
            catch (Exception failure) when (failure is RefusedException or UnreachableException or AlarmException)
            {
                refusal = failure is RefusedException || refusal is null ? failure : refusal;
                if (failure is not RefusedException)
                    complaints.Add(failure.Message);
            }
        }
        if (answers.Count < Delegation.Threshold)
            throw refusal!;

        var policy = terms.Policy(context.Partition, context.Epoch).Common();
        var keys = new Secret[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            if (!Delegation.TryOpen(capsules[i], account.Keys.Receiving, entry.DelegatingKey, policy, answers[0][i], answers[1][i], out var key))
                throw Damaged(items[i], "does not open with what two trustees answered");
            using (key)
                keys[i] = await UnwrapAsync(items[i], key, items[i].Context.ToBytes());
        }
        return keys;
    }

    private async Task<VerifiedCFrag[]> AskAsync(TrusteeApi trustee, GrantEntry entry, ReceivedGrant received, SealedKey[] items, VerifiedCapsule[] capsules,
        CancellationToken cancel)
    {
        var share = entry.Shares.FirstOrDefault(candidate => candidate.Trustee.Equals(trustee.Key))
            ?? throw new AlarmException(AlarmKind.Integrity, $"The grant has no share for {trustee.Name}.");
        var context = items[0].Context;
        var request = ReencryptionRequest.Create(account.Keys.Identity, trustee.Key, received.Grant.Terms.Id, context.Owner, context.Partition, context.Epoch,
            account.Now, [.. items.Select(item => new ReencryptionItem(item.Context.Record, item.Capsule))]);
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
