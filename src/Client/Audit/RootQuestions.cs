using System.Collections.Concurrent;
using Salus.Client.Records;
using Salus.Client.Transport;
using Salus.Crypto.Merkle;
using Salus.Protocol.Audit;
using Salus.Protocol.Http;

namespace Salus.Client.Audit;

/// <summary>What came of asking for a fragment's root.</summary>
/// <param name="Found">Its entry in a list; null when no store proves it.</param>
/// <param name="IsDenied">Its store says that it has not the fragment, or shows something else.</param>
/// <param name="Store">Its own store, by name.</param>
internal sealed record RootAnswer(ListedFragment? Found, bool IsDenied, string Why, string Store = "");

/// <summary>Asks stores for the roots of fragments. One that has not answered several times in a row is not asked any more.</summary>
internal sealed class RootQuestions(IReadOnlyList<StoreApi> stores, FragmentPlaces places, AuditSettings settings)
{
    private readonly ConcurrentDictionary<StoreApi, int> _owed = [];

    public async Task<RootAnswer> AskAsync(OwnTarget target, CancellationToken cancel)
    {
        var own = stores.FirstOrDefault(store => store.Key.Equals(target.Store));
        var (root, isDenied) = own is null ? (null, false) : await AskAsync(own, target.Address, target, cancel);
        if (root is not null)
            return Found(own!, target.Address, root);
        // At another store it has an address of its own, and is listed there as any fragment.
        foreach (var moved in await places.FindMovedAsync(target.Address, target.FileBytes, cancel))
            if (await AskAsync(moved.Store, moved.Address, target, cancel) is { Root: { } there })
                return Found(moved.Store, moved.Address, there);
        var name = own?.Name ?? "its store";
        return new RootAnswer(null, isDenied,
            own is null ? "its store is not in this installation any more" : isDenied ? $"{name} has it not, or not as it was stored" : $"{name} does not answer", name);

        RootAnswer Found(StoreApi store, byte[] address, byte[] found) =>
            new(new ListedFragment(store.Key.ToString(), Convert.ToHexStringLower(address), Convert.ToHexStringLower(found), LeadingLeaves.Of(target.Leaves)), false, "");
    }

    private async Task<(byte[]? Root, bool IsDenied)> AskAsync(StoreApi store, byte[] address, OwnTarget target, CancellationToken cancel)
    {
        if (_owed.GetValueOrDefault(store) >= settings.Patience)
            return (null, false);
        try
        {
            var answer = await store.ChallengeAsync(address, LeafChallenge.Of([0]), settings.DeadlineFor(1), settings.Clock, _ => { }, cancel);
            _owed[store] = 0;
            return answer is not null && target.IsSigned(answer.Root) && target.Holds(0, answer.Leaves[0], answer.Root) ? (answer.Root, false) : (null, true);
        }
        catch (RefusedException refused)
        {
            return (null, refused.Code is Problems.Damaged or Problems.BadRequest);
        }
        catch (AlarmException)
        {
            return (null, true);
        }
        catch (Exception failure) when (failure is TimeoutException or UnreachableException)
        {
            _owed.AddOrUpdate(store, 1, (_, before) => before + 1);
            return (null, false);
        }
    }
}
