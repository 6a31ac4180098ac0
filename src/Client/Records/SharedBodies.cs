using System.Security.Cryptography;
using Salus.Client.Accounts;
using Salus.Client.Requests;
using Salus.Client.Transport;
using Salus.Crypto;
using Salus.Crypto.Dispersal;
using Salus.Crypto.Primitives;
using Salus.Crypto.Sealing;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Records;

/// <summary>A body that a record on its way has claimed: from here on it is not deleted under it.</summary>
/// <param name="IsStored">Whether records name it already: then its fragments are there, and their possession is proven instead of bringing them again.</param>
internal sealed record SharedPlace(ContentPrint Print, SharedContent Content, BodyId Body, bool IsStored) : IDisposable
{
    public void Dispose()
    {
        Print.Dispose();
        Content.Dispose();
    }
}

/// <summary>A fragment of a shared body as its domain knows it: the store that it was brought to, and its address there.</summary>
internal sealed record FreedPlace(VerifyingKey Store, byte[] Address)
{
    public const int Size = VerifyingKey.Size + FragmentKeys.ValueSize;
}

/// <summary>What a deletion came to.</summary>
internal sealed class FreedFragments
{
    /// <summary>Stores that did not answer.</summary>
    public HashSet<string> Unreached { get; } = [];

    /// <summary>Stores that keep fragments for records of which nobody has shown that they are deleted.</summary>
    public HashSet<string> Keeping { get; } = [];

    /// <summary>Where the fragments were or may have been, 64 hexadecimal digits.</summary>
    public List<string> Addresses { get; } = [];
}

/// <summary>
/// The bodies of this account's domain (docs/spec/record.md, section 7): equal contents that it puts, for itself or as an organisation for its patients, are stored once. The content key comes
/// from the content through the trustees; what is unused is deleted by the account's own client, for nobody else has the capability.
/// </summary>
internal sealed class SharedBodies(Account account)
{
    /// <summary>Smaller contents have bodies of their own: they are the ones that could be guessed, and there is little to be saved.</summary>
    public const long MinLength = 16 * 1024;

    /// <summary>A put does not wait longer for what only saves room.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Unused bodies that one command works off, and one that does so beside something else.</summary>
    public const int Many = 10_000;
    public const int AFew = 16;

    private Secret Domain => account.Keys.Domain;

    /// <summary>
    /// Claims the body of a content for a record. Null when it is to have a body of its own: too small or too large, changing while it is read, or when two trustees or the cloud
    /// cannot be had for it just now.
    /// </summary>
    public async Task<SharedPlace?> ClaimAsync(Stream content, RecordId record, int k, int n, CancellationToken cancel)
    {
        var length = content.Length;
        if (length is < MinLength or > ContentPrint.MaxLength)
            return null;
        content.Position = 0;
        var print = await ContentPrint.ReadAsync(content, length, cancel);
        content.Position = 0;
        if (print is null)
            return null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        SharedContent? shared = null;
        try
        {
            using var under = print.Under(Domain);
            using (var output = await new TrusteeFunction(account, FunctionPurpose.Contents).EvaluateAsync(under, patience.Token))
                shared = SharedContent.Derive(output, Domain, under, Layout(k, n));
            var fresh = Identifier.Random<BodyId>();
            var claimed = await account.Cloud.ClaimBodyAsync(new ClaimBody(shared.Tag(), record.ToString(), fresh.ToString(), await SealAsync(shared, fresh, n)), patience.Token);
            return Identifier.TryParse(claimed.Body, out BodyId body)
                ? new SharedPlace(print, shared, body, claimed.IsStored)
                : throw new AlarmException(AlarmKind.Integrity, "The cloud names a body by something that is no identifier.");
        }
        catch (Exception failure) when (failure is UnreachableException or RefusedException or CannotException || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            print.Dispose();
            shared?.Dispose();
            return null;
        }
    }

    /// <summary>
    /// Deletes the fragments of bodies that no record names any more, whoever deleted the last one, and tells the cloud when they are gone. The cloud's word is not enough for that: the
    /// stores keep a fragment until they have seen what releases every record that refers to it, and that is made only from deletions that the records' owners have signed. Killed at any
    /// point it is done again; a content that is stored anew meanwhile has another body at other addresses. Answers which stores could not be reached: what they have goes the next time.
    /// </summary>
    /// <param name="most">Bodies that are looked at, at most: a cloud that always names new ones comes to an end.</param>
    public async Task<FreedFragments> FreeAsync(int most, CancellationToken cancel)
    {
        var (freed, seen) = (new FreedFragments(), new HashSet<string>());
        var strange = false;
        while (seen.Count < most)
        {
            var unused = (await account.Cloud.UnusedBodiesAsync(cancel)).Where(body => !seen.Contains(body.Body)).Take(most - seen.Count).ToArray();
            if (unused.Length == 0)
                break;
            seen.UnionWith(unused.Select(body => body.Body));
            await CheckUnusedAsync(unused, cancel);
            foreach (var body in unused)
                if (!Identifier.TryParse(body.Body, out BodyId id) || await OpenAsync(id, body.Sealed) is not { } places)
                    strange = true;
                else if (await TryFreeAsync(places, body.Deletions, freed, cancel))
                    await account.Cloud.ForgetBodyAsync(body.Body, cancel);
        }
        return strange ? throw new AlarmException(AlarmKind.Integrity, "The cloud shows a body to be deleted that this account has not stored.") : freed;
    }

    private async Task<bool> TryFreeAsync(IReadOnlyList<FreedPlace> placed, IReadOnlyList<byte[]> deletions, FreedFragments freed, CancellationToken cancel)
    {
        var released = new List<Deletion>();
        foreach (var signed in deletions)
            if (Deletion.TryVerify(signed, out var deletion))
                released.Add(deletion);
        var (all, places) = (true, new FragmentPlaces(account.Stores));
        // 1. Where they were first: there the references are. A store that refuses has a reason, and nothing more is touched.
        foreach (var place in placed)
            // A store that is no longer in the installation has nothing any more that somebody could ask for.
            if (account.Stores.FirstOrDefault(store => store.Key.Equals(place.Store)) is { } home)
            {
                if (await TryDeleteAsync(home, place.Address, place, released, freed, cancel) is not { } isGone)
                    return false;
                all &= isGone;
            }
        // 2. Wherever a repair may have moved them: a store that does not answer may be the one that has them.
        foreach (var place in placed)
        {
            var others = places.Others(place.Address);
            freed.Addresses.AddRange(others.Select(other => other.Address).Append(place.Address).Select(Convert.ToHexStringLower));
            foreach (var other in others)
                all &= await TryDeleteAsync(other.Store, other.Address, place, released, freed, cancel) == true;
        }
        return all;
    }

    /// <summary>What this account's own records name is in use, whatever the cloud says.</summary>
    private async Task CheckUnusedAsync(IReadOnlyList<UnusedBody> unused, CancellationToken cancel)
    {
        var own = await new Catalogue(account).SealedAsync(cancel);
        if (own.FirstOrDefault(record => record.Header.Body is { } body && unused.Any(one => one.Body == body.ToString())) is { } record)
            throw new AlarmException(AlarmKind.Integrity, $"The cloud wants the bytes of the record {record.Header.Context.Record} deleted, which is in its own list. Nothing of it was deleted.");
    }

    /// <summary>True when nothing is there any more, false when the store does not answer, null when it keeps the fragment for records that it has not seen released.</summary>
    private async Task<bool?> TryDeleteAsync(StoreApi store, byte[] at, FreedPlace place, IReadOnlyList<Deletion> deletions, FreedFragments freed, CancellationToken cancel)
    {
        // One that has not answered is not waited for again.
        if (freed.Unreached.Contains(store.Name))
            return false;
        try
        {
            var releases = deletions.Select(deletion => SharedContent.Release(Domain, place.Address, deletion.Owner.Account.ToBytes(), deletion.Record.ToBytes()));
            return await store.DeleteAsync(at, SharedContent.Owner(Domain, place.Address), [.. releases], cancel);
        }
        catch (RefusedException refused) when (refused.Code == Problems.StillReferred)
        {
            freed.Keeping.Add(store.Name);
            return null;
        }
        catch (Exception failure) when (failure is UnreachableException or RefusedException)
        {
            freed.Unreached.Add(store.Name);
            return false;
        }
    }

    /// <summary>How a body is dispersed: k u8 | n u8 | keys of the stores, 32 each, in the order that placement counts in.</summary>
    private byte[] Layout(int k, int n) => [(byte)k, (byte)n, .. account.Stores.SelectMany(store => store.Key.Bytes.ToArray())];

    /// <summary>What deleting takes, and reading does not: store 32 | address 32 of each fragment. Bound to the body, so that the cloud exchanges none for another.</summary>
    private async Task<byte[]> SealAsync(SharedContent content, BodyId body, int n)
    {
        using var keys = content.Fragments(content.Sequence(n), body.ToBytes());
        var places = new byte[n * FreedPlace.Size];
        for (var i = 0; i < n; i++)
        {
            account.Stores[keys.Store(i, account.Stores.Count)].Key.Bytes.CopyTo(places.AsSpan(i * FreedPlace.Size));
            keys.Address(i, places.AsSpan(i * FreedPlace.Size + VerifyingKey.Size, FragmentKeys.ValueSize));
        }
        return await SealedBlob.SealAsync(Domain, Domains.SharedBody, places, Context(body));
    }

    /// <summary>Null for what this account has not sealed for that body.</summary>
    private async Task<IReadOnlyList<FreedPlace>?> OpenAsync(BodyId body, byte[] sealedBody) =>
        await SealedBlob.OpenAsync(Domain, Domains.SharedBody, sealedBody, Context(body)) is { } bytes ? ReadPlaces(bytes) : null;

    internal static IReadOnlyList<FreedPlace>? ReadPlaces(byte[] bytes)
    {
        if (bytes.Length % FreedPlace.Size != 0)
            return null;
        var places = new List<FreedPlace>();
        foreach (var place in bytes.Chunk(FreedPlace.Size))
        {
            if (!VerifyingKey.TryParse(place.AsSpan(0, VerifyingKey.Size), out var store))
                return null;
            places.Add(new FreedPlace(store, place[VerifyingKey.Size..]));
        }
        return places;
    }

    private byte[] Context(BodyId body) => [.. account.Id.ToBytes(), .. body.ToBytes()];

    /// <summary>The hash of what releases a record's reference to the fragment at an address.</summary>
    public byte[] Reference(byte[] address, RecordContext context) =>
        SHA256.HashData(SharedContent.Release(Domain, address, context.Owner.ToBytes(), context.Record.ToBytes()));

    /// <summary>The hash of the capability to delete the fragment at an address.</summary>
    public byte[] OwnerHash(byte[] address)
    {
        var owner = SharedContent.Owner(Domain, address);
        var hash = SHA256.HashData(owner);
        CryptographicOperations.ZeroMemory(owner);
        return hash;
    }
}
