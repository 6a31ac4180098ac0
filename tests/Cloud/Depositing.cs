using System.Net.Http.Json;
using System.Security.Cryptography;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests;

/// <summary>Deposit grants as their owners make them.</summary>
internal static class Depositing
{
    public static DepositGrant Make(Person owner, Person to, GrantId? id = null, DateTimeOffset? from = null, DateTimeOffset? until = null, params PartitionId[] partitions) =>
        DepositGrant.Create(owner.Identity,
            new DepositTerms(id ?? Identifier.Random<GrantId>(), owner.Key, to.Key, from ?? owner.Cloud.Time.GetUtcNow(), until ?? Limits.NoEnd, partitions),
            RandomNumberGenerator.GetBytes(60));

    /// <summary>Lets somebody add to a partition.</summary>
    public static async Task<DepositGrant> AllowAsync(Partition partition, Person to, DateTimeOffset? from = null, DateTimeOffset? until = null)
    {
        var grant = Make(partition.Owner, to, from: from, until: until, partitions: partition.Id);
        await PostAsync(grant, partition.Owner).ShouldSucceedAsync();
        return grant;
    }

    public static Task<HttpResponseMessage> PostAsync(DepositGrant grant, Person by) => by.Http.PostAsJsonAsync(Paths.Deposits, new SignedBytes(grant.Signed));

    public static Task<HttpResponseMessage> RevokeAsync(DepositGrant grant, Person by, Revocation? revocation = null) => by.Http.PostAsJsonAsync(
        Paths.DepositRevocation.Replace("{id}", grant.Terms.Id.ToString()),
        new SignedBytes((revocation ?? Revocation.Create(by.Identity, grant.Terms.Id, by.Cloud.Time.GetUtcNow())).Signed));
}
