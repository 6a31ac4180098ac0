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
/// From a record's capsule to its content key: with the owner's own delegating key, or, for somebody else's record, through two of the three trustees under a grant.
/// A capsule is verified before any use, every answer of a trustee against its proof, and the content key against its commitment.
/// </summary>
internal sealed class ContentKeys(Account account)
{
    /// <summary>The content key of one of the account's own records.</summary>
    public async Task<Secret> OwnAsync(SealedRecord record, Partition partition)
    {
        var context = record.Header.Context;
        var header = partition.Chain.FirstOrDefault(epoch => epoch.Epoch == context.Epoch) ?? throw Damaged(record, "is of an epoch that does not exist");
        var binding = context.ToBytes();
        if (!record.Header.Capsule.TryVerify(header.Key, binding, out var capsule))
            throw Damaged(record, "has a capsule that was not made for it");
        using var delegating = account.Keys.Delegating(context.Partition, context.Epoch);
        using var key = capsule.Open(delegating);
        return await UnwrapAsync(record, key, binding);
    }

    /// <summary>
    /// The content keys of records of one owner, partition and epoch under a grant, in their order. Two trustees suffice; one that answers wrongly is named in
    /// <paramref name="complaints"/> and the third is asked in its stead.
    /// </summary>
    public async Task<IReadOnlyList<Secret>> GrantedAsync(IReadOnlyList<SealedRecord> records, ReceivedGrant received, ICollection<string> complaints,
        CancellationToken cancel)
    {
        var keys = new List<Secret>();
        foreach (var chunk in records.Chunk(Limits.MaxReencryptionItems))
            keys.AddRange(await GrantedChunkAsync(chunk, received, complaints, cancel));
        return keys;
    }

    private async Task<IReadOnlyList<Secret>> GrantedChunkAsync(SealedRecord[] records, ReceivedGrant received, ICollection<string> complaints,
        CancellationToken cancel)
    {
        var context = records[0].Header.Context;
        var terms = received.Grant.Terms;
        var entry = received.Grant.Entry(context.Partition, context.Epoch)
            ?? throw new CannotException("No grant opens this record: it is of a partition or an epoch that was not granted.");
        var capsules = records.Select(record => record.Header.Capsule.TryVerify(entry.DelegatingKey, record.Header.Context.ToBytes(), out var capsule)
            ? capsule
            : throw Damaged(record, "has a capsule that was not made for it")).ToArray();

        var answers = new List<VerifiedCFrag[]>();
        var waiting = account.Trustees.Select(trustee => AskAsync(trustee, entry, received, records, capsules, cancel)).ToList();
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
        var keys = new Secret[records.Length];
        for (var i = 0; i < records.Length; i++)
        {
            if (!Delegation.TryOpen(capsules[i], account.Keys.Receiving, entry.DelegatingKey, policy, answers[0][i], answers[1][i], out var key))
                throw Damaged(records[i], "does not open with what two trustees answered");
            using (key)
                keys[i] = await UnwrapAsync(records[i], key, records[i].Header.Context.ToBytes());
        }
        return keys;
    }

    private async Task<VerifiedCFrag[]> AskAsync(TrusteeApi trustee, GrantEntry entry, ReceivedGrant received, SealedRecord[] records, VerifiedCapsule[] capsules,
        CancellationToken cancel)
    {
        var share = entry.Shares.FirstOrDefault(candidate => candidate.Trustee.Equals(trustee.Key))
            ?? throw new AlarmException(AlarmKind.Integrity, $"The grant has no share for {trustee.Name}.");
        var context = records[0].Header.Context;
        var request = ReencryptionRequest.Create(account.Keys.Identity, trustee.Key, received.Grant.Terms.Id, context.Owner, context.Partition, context.Epoch,
            account.Now, [.. records.Select(record => new ReencryptionItem(record.Header.Context.Record, record.Header.Capsule))]);
        var answer = await trustee.ReencryptAsync(request, cancel);
        if (!request.TryDecodeAnswer(answer, out var cfrags))
            throw new AlarmException(AlarmKind.Integrity, $"{trustee.Name} sent an answer that is not what the protocol says.");
        return [.. cfrags.Select((cfrag, i) => cfrag is not null && cfrag.TryVerify(capsules[i], share.Share, request.Binding(request.Items[i]), out var verified)
            ? verified
            : throw new AlarmException(AlarmKind.Integrity, $"{trustee.Name} re-encrypted wrongly: its proof does not hold."))];
    }

    private static async Task<Secret> UnwrapAsync(SealedRecord record, Secret key, byte[] context) =>
        await record.Header.ContentKey.UnwrapAsync(key, context) ?? throw Damaged(record, "carries a content key that is not the one its author committed to");

    private static AlarmException Damaged(SealedRecord record, string what) => new(AlarmKind.Integrity, $"The record {record.Header.Context.Record} {what}.");
}
