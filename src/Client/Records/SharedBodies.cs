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

/// <summary>What a deletion came to.</summary>
/// <param name="Unreached">Stores that did not answer.</param>
/// <param name="Addresses">Where the fragments were or may have been, 64 hexadecimal digits.</param>
internal sealed record FreedFragments(IReadOnlyCollection<string> Unreached, IReadOnlyList<string> Addresses);

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
            var claimed = await account.Cloud.ClaimBodyAsync(new ClaimBody(shared.Tag(), record.ToString(), await SealAsync(shared, k, n)), patience.Token);
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
    /// Deletes the fragments of bodies that no record names any more, whoever deleted the last one, and tells the cloud when they are gone. Killed at any point it is done again;
    /// a content that is stored anew meanwhile has another body at other addresses. Answers which stores could not be reached: what they have goes the next time.
    /// </summary>
    public async Task<FreedFragments> FreeAsync(CancellationToken cancel)
    {
        var (unreached, addresses, failed) = (new HashSet<string>(), new List<string>(), new HashSet<string>());
        while (true)
        {
            var unused = (await account.Cloud.UnusedBodiesAsync(cancel)).Where(body => !failed.Contains(body.Body)).ToArray();
            if (unused.Length == 0)
                return new FreedFragments(unreached, addresses);
            foreach (var body in unused)
                if (await TryFreeAsync(body, unreached, addresses, cancel))
                    await account.Cloud.ForgetBodyAsync(body.Body, cancel);
                else
                    failed.Add(body.Body);
        }
    }

    private async Task<bool> TryFreeAsync(UnusedBody unused, HashSet<string> unreached, List<string> addresses, CancellationToken cancel)
    {
        if (!Identifier.TryParse(unused.Body, out BodyId body) || await OpenAsync(unused.Sealed) is not { } opened)
            throw new AlarmException(AlarmKind.Integrity, "The cloud shows a body to be deleted that this account has not stored.");
        using var content = opened.Content;
        using var keys = content.Fragments(content.Sequence(opened.Fragments), body.ToBytes());
        var (all, places) = (true, new FragmentPlaces(account.Stores));
        for (var i = 0; i < keys.Count; i++)
        {
            var address = new byte[FragmentKeys.ValueSize];
            keys.Address(i, address);
            var owner = SharedContent.Owner(Domain, address);
            var key = opened.Stores[keys.Store(i, opened.Stores.Length)];
            // A store that is no longer in the installation has nothing any more that somebody could ask for.
            var home = account.Stores.FirstOrDefault(store => store.Key.ToString() == key);
            var others = places.Others(address);
            addresses.AddRange(others.Select(place => place.Address).Append(address).Select(Convert.ToHexStringLower));
            if (home is not null)
                all &= await TryDeleteAsync(home, address, owner, unreached, cancel);
            // Wherever a repair may have moved it: a store that does not answer may be the one that has it.
            foreach (var moved in others)
                all &= await TryDeleteAsync(moved.Store, moved.Address, owner, unreached, cancel);
        }
        return all;
    }

    private static async Task<bool> TryDeleteAsync(StoreApi store, byte[] address, byte[] owner, HashSet<string> unreached, CancellationToken cancel)
    {
        try
        {
            return await store.DeleteAsync(address, owner, cancel);
        }
        catch (Exception failure) when (failure is UnreachableException or RefusedException)
        {
            unreached.Add(store.Name);
            return false;
        }
    }

    /// <summary>How a body is dispersed: k u8 | n u8 | keys of the stores, 32 each, in the order that placement counts in.</summary>
    private byte[] Layout(int k, int n) => [(byte)k, (byte)n, .. account.Stores.SelectMany(store => store.Key.Bytes.ToArray())];

    private async Task<byte[]> SealAsync(SharedContent content, int k, int n)
    {
        var layout = Layout(k, n);
        using var plain = new Secret(Aead.KeySize + layout.Length);
        content.ContentKey.Bytes.CopyTo(plain.Writable);
        layout.CopyTo(plain.Writable[Aead.KeySize..]);
        return await SealedBlob.SealAsync(Domain, Domains.SharedBody, plain, account.Id.ToBytes());
    }

    /// <summary>Null for what this account has not sealed.</summary>
    private async Task<(SharedContent Content, int Fragments, string[] Stores)?> OpenAsync(byte[] sealedBody)
    {
        using var plain = await SealedBlob.OpenSecretAsync(Domain, Domains.SharedBody, sealedBody, account.Id.ToBytes());
        if (plain is null || plain.Length < Aead.KeySize + 2 + VerifyingKey.Size || (plain.Length - Aead.KeySize - 2) % VerifyingKey.Size != 0)
            return null;
        var stores = plain.Bytes[(Aead.KeySize + 2)..].ToArray().Chunk(VerifyingKey.Size).Select(key => Convert.ToHexStringLower(key)).ToArray();
        return (SharedContent.Of(Secret.CopyOf(plain.Bytes[..Aead.KeySize])), plain.Bytes[Aead.KeySize + 1], stores);
    }

    /// <summary>The hash of the capability to delete the fragment at an address.</summary>
    public byte[] OwnerHash(byte[] address)
    {
        var owner = SharedContent.Owner(Domain, address);
        var hash = SHA256.HashData(owner);
        CryptographicOperations.ZeroMemory(owner);
        return hash;
    }
}
