using System.Runtime.CompilerServices;
using Salus.Client.Accounts;
using Salus.Client.Search;
using Salus.Client.Sharing;
using Salus.Client.Transport;
using Salus.Crypto.Dispersal;
using Salus.Protocol;
using Salus.Protocol.Dispersal;

namespace Salus.Client.Records;

/// <summary>What a server is for.</summary>
public enum PartyRole
{
    Cloud,
    Trustee,
    Store,
}

/// <summary>What one server holds of a record, as it handed it out when it was asked: ciphertext and signed headers, never more.</summary>
/// <param name="What">In the words of the specification: "signed header", "sealed metadata", "capsule", "signed index updates of the partition", "fragment 3", "sealed share of grant …".</param>
/// <param name="Total">All bytes of it at that server; 0 for nothing.</param>
/// <param name="Bytes">The beginning of them.</param>
/// <param name="Failure">Why nothing could be fetched; null when it could, or when there is nothing to fetch.</param>
public sealed record Holding(string Party, PartyRole Role, string What, long Total, byte[] Bytes, string? Failure);

/// <summary>
/// Asks every server what it holds of a record, now. The cloud hands out the record's row and the index updates of its partition; each store the fragments that it should have;
/// trustees hold nothing of a record and hand nothing out: of them it is said which shares of live grants they keep.
/// </summary>
public sealed class Holdings(Account account)
{
    /// <summary>Bytes of one holding, at most.</summary>
    public const int MaxLimit = 64 * 1024;

    private const string Cloud = "cloud";

    /// <summary>The holdings, each as soon as its server has answered.</summary>
    /// <param name="sequenceKey">Asked for when the record's owner holds it: without it nobody can name the fragments.</param>
    /// <param name="limit">Bytes of each, at most.</param>
    public async IAsyncEnumerable<Holding> FetchAsync(RecordId id, Func<SequenceKey> sequenceKey, int limit, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var size = Math.Clamp(limit, 1, MaxLimit);
        using var record = await new Catalogue(account).OneAsync(id, cancel);
        using var keys = RecordReader.FragmentKeysOf(record, sequenceKey);
        var places = new FragmentPlaces(account.Stores);
        foreach (var held in OfCloud(record.Sealed, size))
            yield return held;
        var asked = new List<Task<Holding>> { IndexAsync(record.Sealed.Header.Context, size, cancel) };
        asked.AddRange(Enumerable.Range(0, Math.Min(keys.Count, record.Sealed.Header.Fragments)).Select(i => FragmentAsync(places, record, keys, i, size, cancel)));
        await foreach (var answered in Task.WhenEach(asked).WithCancellation(cancel))
            yield return await answered;
        foreach (var store in account.Stores.Where(store => !Enumerable.Range(0, keys.Count).Any(i => places.Placed(record, keys, i) == store)))
            yield return new Holding(store.Name, PartyRole.Store, "no fragment", 0, [], null);
        var shares = await SharesAsync(record.Sealed.Header.Context, cancel);
        foreach (var trustee in account.Trustees)
            foreach (var what in shares)
                yield return new Holding(trustee.Name, PartyRole.Trustee, what, 0, [], null);
    }

    /// <summary>The row was fetched to open the record: these are its very bytes.</summary>
    private static IEnumerable<Holding> OfCloud(SealedRecord record, int size)
    {
        yield return Of("signed header", record.Signed, size);
        yield return Of("capsule", record.Header.Capsule.Bytes.ToArray(), size);
        yield return Of("sealed metadata", record.SealedMetadata, size);
    }

    private static Holding Of(string what, byte[] bytes, int size) => new(Cloud, PartyRole.Cloud, what, bytes.Length, bytes[..Math.Min(size, bytes.Length)], null);

    /// <summary>Which of the updates is about the record, the cloud cannot tell: words and records are sealed in them.</summary>
    private Task<Holding> IndexAsync(RecordContext context, int size, CancellationToken cancel) => TryAsync(Cloud, PartyRole.Cloud, "signed index updates of the partition", async what =>
        Of(what, [.. (await IndexUpdates.FetchAsync(account, context.Owner, context.Partition, cancel)).SelectMany(update => update.Signed)], size));

    private static async Task<Holding> FragmentAsync(FragmentPlaces places, OpenedRecord record, FragmentKeys keys, int index, int size, CancellationToken cancel)
    {
        var what = $"fragment {index + 1}";
        if (places.Placed(record, keys, index) is not { } store)
            return new Holding("", PartyRole.Store, what, 0, [], "The store is not in this installation any more.");
        var address = new byte[FragmentKeys.ValueSize];
        keys.Address(index, address);
        var header = record.Sealed.Header;
        return await TryAsync(store.Name, PartyRole.Store, what, async _ =>
        {
            if (!FragmentLayout.TryCreate(header.BodyLength, header.RestoreFrom, header.Fragments, out var layout) || layout is null)
                throw new AlarmException(AlarmKind.Integrity, $"The record {record.Id} has an impossible size.");
            var bytes = new byte[(int)Math.Min(size, layout.FileLength)];
            return await store.ReadAsync(address, 0, bytes, cancel) is { } count
                ? new Holding(store.Name, PartyRole.Store, what, layout.FileLength, bytes[..count], null)
                : new Holding(store.Name, PartyRole.Store, what, 0, [], "The store has not the fragment that it should have.");
        });
    }

    /// <summary>What every trustee keeps that has to do with the record.</summary>
    private async Task<IReadOnlyList<string>> SharesAsync(RecordContext context, CancellationToken cancel)
    {
        IEnumerable<Grant> grants = context.Owner == account.Id
            ? await new Granting(account).LiveAsync(cancel)
            : (await new ReceivedGrants(account).ListAsync(cancel)).Where(grant => grant.IsLive(account.Now) && grant.Owner.Account == context.Owner).Select(grant => grant.Grant);
        string[] shares = [.. grants.Where(grant => grant.Entry(context.Partition, context.Epoch) is not null).Select(grant => $"sealed share of grant {grant.Terms.Id}")];
        return shares.Length > 0 ? shares : ["nothing"];
    }

    private static async Task<Holding> TryAsync(string party, PartyRole role, string what, Func<string, Task<Holding>> fetch)
    {
        try
        {
            return await fetch(what);
        }
        catch (Exception failure) when (failure is RefusedException or UnreachableException or AlarmException)
        {
            return new Holding(party, role, what, 0, [], failure.Message);
        }
    }
}
