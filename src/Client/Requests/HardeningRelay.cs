using Salus.Client.Transport;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Requests;

/// <summary>
/// The operator's part in making the hardening key and the one for contents: carries the trustees' contributions from each to each. It sees nothing secret, and what it could spoil the trustees
/// and every client notice. Whatever moment it was killed at, the next time finishes what is left.
/// </summary>
public static class HardeningRelay
{
    /// <summary>Sees that the three trustees hold one key for each purpose: makes it at the first time, and finds it at every later one. Throws when that cannot be.</summary>
    public static async Task EstablishAsync(PartyDirectory parties, CancellationToken cancel)
    {
        using var http = Web.Open(parties);
        var trustees = parties.Trustees.Select(party => new TrusteeApi(http, party)).ToArray();
        foreach (var purpose in Enum.GetValues<FunctionPurpose>())
        {
            var words = await Task.WhenAll(trustees.Select(trustee => trustee.HardeningKeyAsync(purpose, cancel)));
            if (words.Any(word => word is null))
            {
                var contributions = await Task.WhenAll(trustees.Select(trustee => trustee.ContributionAsync(purpose, cancel)));
                words = await Task.WhenAll(trustees.Select(trustee => trustee.EstablishAsync(purpose, contributions, cancel)));
            }
            _ = Agreed(words.OfType<HardeningKey>(), trustees);
        }
    }

    /// <summary>The one key that the trustees name; an alarm when they name several, or other holders than the trustees that this client knows.</summary>
    internal static HardeningKey Agreed(IEnumerable<HardeningKey> words, IReadOnlyList<TrusteeApi> trustees)
    {
        var members = HardeningMembers.Of(trustees.Select(trustee => new HardeningMember(trustee.Key, trustee.Box)));
        var all = words.ToArray();
        return all.All(word => word.Members.Equals(members) && word.AgreesWith(all[0]))
            ? all[0]
            : throw new AlarmException(AlarmKind.Integrity, "The trustees do not name one hardening key that they hold together. Nothing was asked of them.");
    }
}
