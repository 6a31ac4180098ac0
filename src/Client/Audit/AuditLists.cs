using System.Collections.Concurrent;
using Salus.Client.Accounts;
using Salus.Client.Records;
using Salus.Client.Transport;
using Salus.Client.Uploads;
using Salus.Crypto;
using Salus.Crypto.Dispersal;
using Salus.Crypto.Merkle;
using Salus.Crypto.Primitives;
using Salus.Protocol.Audit;

namespace Salus.Client.Audit;

/// <summary>A list that was made.</summary>
/// <param name="LeftOut">Fragments and records that are not in it, and why.</param>
public sealed record MadeList(AuditList List, IReadOnlyList<string> LeftOut);

/// <summary>
/// Makes lists for auditors. The author has signed commitments, not roots, so each store is asked for the root of each fragment, which is held against its commitment: a list never says
/// anything wrong, and a fragment that is missing or rotten when it is made is left out, by name.
/// </summary>
public sealed class AuditLists(Account account)
{
    private const int AtOnce = 8;
    private const int NameSize = 16;

    /// <summary>Name of the file under which an installation keeps this account's list: always the same, and nobody's for who has not the account's key.</summary>
    public string FileName()
    {
        using var name = Kdf.Derive(account.Keys.Local.Bytes, Domains.AuditListName, NameSize);
        return Convert.ToHexStringLower(name.Bytes) + ".json";
    }

    /// <inheritdoc cref="StorageHealth.CheckAsync"/>
    public async Task<MadeList> MakeAsync(AuditSettings settings, Func<SequenceKey>? sequenceKey, IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        var own = new OwnFragments(account);
        var targets = await own.TargetsAsync(sequenceKey, cancel);
        // It takes the place of an earlier one, which is better than one without what is kept back.
        if (own.Alarm is { } alarm)
            throw alarm;
        var (listed, leftOut, done) = (new ConcurrentBag<ListedFragment>(), new ConcurrentBag<string>(own.Skipped), 0L);
        var places = new FragmentPlaces(account.Stores);
        await Parallel.ForEachAsync(targets, new ParallelOptions { MaxDegreeOfParallelism = OperatingSystem.IsBrowser() ? 1 : AtOnce, CancellationToken = cancel }, async (target, token) =>
        {
            if (await RootAsync(places, target, settings, token) is { } found)
                listed.Add(found);
            else
                leftOut.Add($"{target.Name}: no store proves that it has it.");
            progress?.Report(new TransferProgress("listing", null, Interlocked.Increment(ref done), targets.Count));
        });
        return new MadeList(AuditList.Of(account.Content.Parties, listed), [.. leftOut.Order(StringComparer.Ordinal)]);
    }

    private async Task<ListedFragment?> RootAsync(FragmentPlaces places, OwnTarget target, AuditSettings settings, CancellationToken cancel)
    {
        var own = account.Stores.FirstOrDefault(store => store.Key.Equals(target.Store));
        if (own is not null && await RootAsync(own, target.Address, target, settings, cancel) is { } root)
            return Entry(own, target.Address, root);
        // At another store it has an address of its own, and is listed there as any fragment.
        foreach (var moved in await places.FindMovedAsync(target.Address, target.FileBytes, cancel))
            if (await RootAsync(moved.Store, moved.Address, target, settings, cancel) is { } there)
                return Entry(moved.Store, moved.Address, there);
        return null;

        ListedFragment Entry(StoreApi store, byte[] address, byte[] found) =>
            new(store.Key.ToString(), Convert.ToHexStringLower(address), Convert.ToHexStringLower(found), LeadingLeaves.Of(target.Leaves));
    }

    private static async Task<byte[]?> RootAsync(StoreApi store, byte[] address, OwnTarget target, AuditSettings settings, CancellationToken cancel)
    {
        try
        {
            var answer = await store.ChallengeAsync(address, LeafChallenge.Of([0]), settings.Deadline, settings.Clock, _ => { }, cancel);
            return answer is not null && target.IsSigned(answer.Root) && target.Holds(0, answer.Leaves[0], answer.Root) ? answer.Root : null;
        }
        catch (Exception failure) when (failure is TimeoutException or UnreachableException or RefusedException or AlarmException)
        {
            return null;
        }
    }
}
