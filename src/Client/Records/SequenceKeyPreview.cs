using Salus.Crypto.Dispersal;
using Salus.Protocol.Http;

namespace Salus.Client.Records;

/// <summary>How many fragments a store would get.</summary>
public sealed record StoreShare(string Name, int Fragments);

/// <summary>A sequence key while it is being typed: what is wrong with it, and how a record would be spread with it.</summary>
/// <param name="Character">The character that is wrong; null when it is none in particular.</param>
/// <param name="Length">Characters, as people count them; 0 where they cannot be told.</param>
/// <param name="Fragments">As many as characters; 0 with a fault.</param>
/// <param name="RestoreFrom">How many of them would restore the record.</param>
/// <param name="Stores">How many each would get at most: which store gets one more than another, the key and the record decide.</param>
public sealed record SequenceKeyPreview(SequenceKeyFault Fault, string? Character, int Length, int Fragments, int RestoreFrom, IReadOnlyList<StoreShare> Stores)
{
    public static SequenceKeyPreview Of(string text, PartyDirectory parties)
    {
        var fault = SequenceKey.TryParse(text, out var key, out var character, out var length);
        var stores = parties.Stores.Count;
        if (key is null || stores == 0)
            return new SequenceKeyPreview(fault, character, length, 0, 0, [.. parties.Stores.Select(store => new StoreShare(store.Name, 0))]);
        return new SequenceKeyPreview(fault, null, length, key.Count, StoreBalance.DefaultThreshold(key.Count, stores),
            [.. parties.Stores.Select(store => new StoreShare(store.Name, StoreBalance.LargestLoad(key.Count, stores)))]);
    }
}
