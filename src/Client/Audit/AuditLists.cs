using System.Collections.Concurrent;
using Salus.Client.Accounts;
using Salus.Client.Records;
using Salus.Client.Uploads;
using Salus.Crypto;
using Salus.Crypto.Dispersal;
using Salus.Crypto.Primitives;

namespace Salus.Client.Audit;

/// <summary>A list that was made.</summary>
/// <param name="LeftOut">Fragments that no store proves, and records that could not be named, and why. What an earlier list has of them stays in this one.</param>
/// <param name="Failing">Stores that say they have not what they signed for, or have something else.</param>
/// <param name="Unproven">How many fragments no store proves.</param>
/// <param name="Unlisted">How many of these the list does not have.</param>
public sealed record MadeList(AuditList List, IReadOnlyList<string> LeftOut, IReadOnlyList<string> Failing, int Unproven, int Unlisted)
{
    /// <summary>What the owner is to be alarmed of; null when there is nothing.</summary>
    public AlarmException? Alarm() => Failing.Count == 0 ? null
        : new AlarmException(AlarmKind.Withheld, $"When a list for auditors was made, {string.Join(", ", Failing)} had not what was stored there. `salus repair` rebuilds it from the other stores.");
}

/// <summary>
/// Makes lists for auditors. The author has signed commitments, not roots, so each store is asked for the root of each fragment, which is held against its commitment: a list never says
/// anything wrong. A fragment that is missing or rotten when a list is made is left out, by name; when an earlier list has it, it stays, so that no new list hides what was lost.
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
    public Task<MadeList> MakeAsync(AuditSettings settings, Func<SequenceKey>? sequenceKey, IProgress<TransferProgress>? progress, CancellationToken cancel) =>
        RenewAsync(null, settings, sequenceKey, progress, cancel);

    /// <summary>Makes a list in place of an earlier one: what stores do not prove now stays as it was listed, what was deleted goes.</summary>
    public Task<MadeList> RenewAsync(AuditList? earlier, AuditSettings settings, Func<SequenceKey>? sequenceKey, IProgress<TransferProgress>? progress, CancellationToken cancel) =>
        MakeAsync(earlier, false, settings, sequenceKey, progress, cancel);

    /// <summary>The same, and stores are asked only about what the earlier list has not.</summary>
    public Task<MadeList> CompleteAsync(AuditList earlier, AuditSettings settings, Func<SequenceKey>? sequenceKey, CancellationToken cancel) =>
        MakeAsync(earlier, true, settings, sequenceKey, null, cancel);

    private async Task<MadeList> MakeAsync(AuditList? earlier, bool isOnlyNew, AuditSettings settings, Func<SequenceKey>? sequenceKey, IProgress<TransferProgress>? progress,
        CancellationToken cancel)
    {
        var own = new OwnFragments(account);
        var targets = await own.TargetsAsync(sequenceKey, cancel);
        // It takes the place of an earlier one, which is better than one without what is kept back.
        if (own.Alarm is { } alarm)
            throw alarm;
        var places = new FragmentPlaces(account.Stores);
        var known = (earlier?.Fragments ?? []).ToDictionary(fragment => fragment.Address, StringComparer.Ordinal);
        var before = targets.ToDictionary(target => target, target => Addresses(places, target).Select(address => known.GetValueOrDefault(address))
            .FirstOrDefault(entry => entry is not null && target.IsSigned(Convert.FromHexString(entry.Root))));
        var asking = new RootQuestions(account.Stores, places, settings);
        var (listed, leftOut, failing, unproven, unlisted, done) = (new ConcurrentBag<ListedFragment>(), new ConcurrentBag<string>(own.Skipped), new ConcurrentDictionary<string, bool>(), 0, 0, 0L);
        await Parallel.ForEachAsync(targets, new ParallelOptions { MaxDegreeOfParallelism = OperatingSystem.IsBrowser() ? 1 : AtOnce, CancellationToken = cancel }, async (target, token) =>
        {
            var answer = isOnlyNew && before[target] is { } kept ? new RootAnswer(kept, false, "") : await asking.AskAsync(target, token);
            if ((answer.Found ?? before[target]) is { } entry)
                listed.Add(entry);
            else
                Interlocked.Increment(ref unlisted);
            if (answer.Found is null)
            {
                Interlocked.Increment(ref unproven);
                leftOut.Add($"{target.Name}: {answer.Why}{(before[target] is null ? "." : "; it stays as it was listed before.")}");
                if (answer.IsDenied)
                    failing[answer.Store] = true;
            }
            progress?.Report(new TransferProgress("listing", null, Interlocked.Increment(ref done), targets.Count));
        });
        // What was not looked at may be what the rest of the earlier list is about.
        if (own.Skipped.Count > 0)
        {
            var seen = targets.SelectMany(target => Addresses(places, target)).ToHashSet(StringComparer.Ordinal);
            foreach (var entry in known.Values.Where(entry => !seen.Contains(entry.Address)))
                listed.Add(entry);
        }
        return new MadeList(AuditList.Of(account.Content.Parties, listed), [.. leftOut.Order(StringComparer.Ordinal)], [.. failing.Keys.Order(StringComparer.Ordinal)], unproven, unlisted);
    }

    /// <summary>All that a fragment may be listed under.</summary>
    private static IEnumerable<string> Addresses(FragmentPlaces places, OwnTarget target) =>
        places.Others(target.Address).Select(place => place.Address).Prepend(target.Address).Select(Convert.ToHexStringLower);
}
