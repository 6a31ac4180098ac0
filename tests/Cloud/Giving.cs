using System.Net.Http.Json;
using System.Security.Cryptography;
using Salus.Crypto.Reencryption;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests;

/// <summary>Grants as their owners make them.</summary>
internal static class Giving
{
    public static Grant Make(
        Partition partition, Person to, GrantId? id = null, uint version = 1, DateTimeOffset? from = null, DateTimeOffset? until = null,
        EpochNumber[]? epochs = null, Purpose purpose = Purpose.Treatment)
    {
        var owner = partition.Owner;
        var now = owner.Cloud.Time.GetUtcNow();
        var terms = new GrantTerms(id ?? Identifier.Random<GrantId>(), version, owner.Identity.PublicKey, to.Identity.PublicKey, to.Receiving,
            GrantRole.Doctor, purpose, from ?? now, until ?? Limits.NoEnd);
        var entries = (epochs ?? [partition.Epoch]).Select(epoch => Entry(partition, terms, epoch, to)).ToList();
        return Grant.Create(owner.Identity, terms, entries, RandomNumberGenerator.GetBytes(60));
    }

    public static async Task<Grant> GiveAsync(
        Partition partition, Person to, DateTimeOffset? from = null, DateTimeOffset? until = null, EpochNumber[]? epochs = null)
    {
        var grant = Make(partition, to, from: from, until: until, epochs: epochs);
        await PostAsync(grant, partition.Owner).ShouldSucceedAsync();
        return grant;
    }

    public static Task<HttpResponseMessage> PostAsync(Grant grant, Person by) => by.Http.PostAsJsonAsync(Paths.Grants, new SignedBytes(grant.Signed));

    public static Task<HttpResponseMessage> RevokeAsync(Grant grant, Person by, Revocation? revocation = null, params byte[][] receipts) =>
        by.Http.PostAsJsonAsync(
        Paths.GrantRevocation.Replace("{id}", grant.Terms.Id.ToString()),
        new RevokeGrant((revocation ?? Revocation.Create(by.Identity, grant.Terms.Id, by.Cloud.Time.GetUtcNow())).Signed, receipts));

    private static GrantEntry Entry(Partition partition, GrantTerms terms, EpochNumber epoch, Person to)
    {
        using var key = DelegatingKey.FromSeed(RandomNumberGenerator.GetBytes(DelegatingKey.SeedSize));
        var shares = Delegation.Split(key, to.Receiving, terms.Policy(partition.Id, epoch).Common());
        var shared = shares.Zip(partition.Owner.Cloud.Trustees, (share, trustee) => new TrusteeShare(trustee.PublicKey, share.Public)).ToList();
        var entry = new GrantEntry(partition.Id, epoch, key.PublicKey, shared);
        foreach (var share in shares)
            share.Dispose();
        return entry;
    }
}
