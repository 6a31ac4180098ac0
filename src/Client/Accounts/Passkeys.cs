using Salus.Client.Inventory;
using Salus.Client.Profiles;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Inventory;

namespace Salus.Client.Accounts;

/// <summary>A passkey is about to be made or asked: options for the browser, good once and until they expire.</summary>
/// <param name="Options">PublicKeyCredentialCreationOptionsJSON or PublicKeyCredentialRequestOptionsJSON, with the input of the pseudorandom function.</param>
public sealed record PendingPasskey(string Id, string Options, DateTimeOffset Expires);

/// <summary>A passkey of the account.</summary>
/// <param name="Id">The credential's identifier, base64url.</param>
/// <param name="LastUsedAt">The last login with it, or null. Unlocking asks no server and does not count.</param>
/// <param name="IsBackedUp">Whether its maker keeps a copy, on the user's other devices for example.</param>
public sealed record Passkey(string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, bool IsBackedUp);

/// <summary>
/// The account's passkeys: each logs in, and by its pseudorandom function (PRF) also opens the account secret. Both come and go together, signed by the identity key.
/// </summary>
public sealed class Passkeys(Account account)
{
    /// <summary>What the pseudorandom function of every passkey is asked for.</summary>
    public static byte[] PrfSalt => PasskeyJson.PrfSalt;

    /// <summary>The passkeys that unlock a profile, by their credentials' identifiers.</summary>
    public static IReadOnlyList<string> In(Profile profile) =>
        [.. profile.Load().Secrets.Select(secret => SecretKinds.TryReadPasskey(secret.Kind, out var id) ? id : null).OfType<string>()];

    /// <summary>Options for navigator.credentials.create().</summary>
    public async Task<PendingPasskey> CreationOptionsAsync(CancellationToken cancel)
    {
        var challenge = await account.Cloud.Passkeys.OptionsAsync(cancel);
        return new PendingPasskey(challenge.Id, PasskeyJson.Creation(challenge.Options, account.Id, account.Mail), challenge.Expires);
    }

    /// <summary>Adds a passkey that the browser has made.</summary>
    /// <param name="credential">PublicKeyCredential.toJSON() as text. What it tells of extensions stays here.</param>
    /// <param name="prf">The output of its pseudorandom function for <see cref="PrfSalt"/>, 32 bytes.</param>
    /// <param name="name">What the user calls it: visible characters, 64 at most.</param>
    public async Task<Passkey> AddAsync(PendingPasskey pending, string credential, Secret prf, string name, CancellationToken cancel)
    {
        if (!VisibleName.IsValid(name))
            throw new CannotException($"A passkey's name has visible characters with single blanks between them, {Limits.MaxVisibleName} at most. Nothing was added.",
                Reasons.BadName);
        var answer = PasskeyJson.Read(credential);
        var wrapped = await SecretWrapping.UnderPasskeyAsync(account.Keys, answer.Id, prf);
        var item = InventoryItem.Of(wrapped);
        await account.Inventory.UpdateAsync([item], cancel);
        var added = Verify(await account.Cloud.Passkeys.AddAsync(AccountKeyChange.Add(account.Keys, pending.Id, answer.Json, name, wrapped), cancel));
        account.Keep(wrapped);
        await account.SettleAsync(item, cancel);
        return added;
    }

    public async Task<IReadOnlyList<Passkey>> ListAsync(CancellationToken cancel)
    {
        var listed = (await account.Cloud.Passkeys.ListAsync(cancel)).Passkeys?.Select(Verify).ToArray();
        return listed is { Length: <= Limits.MaxPasskeys } && listed.DistinctBy(passkey => passkey.Id).Count() == listed.Length ? listed : throw Garbage();
    }

    /// <summary>Removes a passkey and what it opens, here and for every later login. Other devices that know it can be unlocked with it until they log in again.</summary>
    public async Task RemoveAsync(string id, CancellationToken cancel)
    {
        var kind = SecretKinds.Passkey(id);
        var shown = (await account.Cloud.AccountAsync(cancel)).Secrets;
        // The cloud may hide a wrapping so that nothing is removed: then it is told about the one that this device knows.
        var wrapped = AccountKeyChange.Of(kind, shown) ?? AccountKeyChange.Of(kind, account.Content.Secrets)
            ?? throw new CannotException("The account has no such passkey.", Reasons.NoPasskey);
        if (AccountKeyChange.Of(kind, shown) is not null && shown.All(secret => secret.Kind == kind || secret.Kind == SecretKinds.Recovery))
            throw new CannotException("Without this passkey only the recovery kit would open the account. Set a passphrase or add another passkey first.", Reasons.LastWayIn);
        // Listed as gone before it goes: whoever brings it back later is caught.
        await account.Inventory.UpdateAsync([Items.Ended(InventoryItem.Of(wrapped))], cancel);
        try
        {
            await account.Cloud.Passkeys.RemoveAsync(id, AccountKeyChange.Remove(account.Keys, wrapped), cancel);
        }
        catch (RefusedException refused) when (refused.Code == Problems.NotFound)
        {
            // Another device has removed it.
        }
        account.Drop(kind);
        if ((await ListAsync(cancel)).Any(passkey => passkey.Id == id))
            throw new AlarmException(AlarmKind.Withheld, "The cloud was told to remove the passkey and still lists it. It opens nothing on this device any more.");
    }

    private static Passkey Verify(PasskeyView? view) => view is { Id: { } id, Name: { } name } && SecretKinds.TryReadCredentialId(id, out _) && VisibleName.IsValid(name)
        ? new Passkey(id, name, view.CreatedAt, view.LastUsedAt, view.IsBackedUp)
        : throw Garbage();

    private static AlarmException Garbage() => new(AlarmKind.Integrity, "The cloud sent an answer that is not what the protocol says.");
}
