using System.Security.Cryptography;
using System.Text.Json;
using Salus.Client;
using Salus.Client.Log;
using Salus.Client.Transport;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.EndToEnd.Tests;

/// <summary>Small steps that many tests take.</summary>
internal static class Extensions
{
    /// <summary>Bytes that no compression makes smaller and nothing else holds.</summary>
    public static byte[] RandomBytes(int length) => RandomNumberGenerator.GetBytes(length);

    /// <summary>The directory with one cloud, trustee or store at another address.</summary>
    public static PartyDirectory With(this PartyDirectory parties, string name, Uri url) => parties with
    {
        Cloud = parties.Cloud.Name == name ? parties.Cloud with { Url = url } : parties.Cloud,
        Trustees = [.. parties.Trustees.Select(trustee => trustee.Name == name ? trustee with { Url = url } : trustee)],
        Stores = [.. parties.Stores.Select(store => store.Name == name ? store with { Url = url } : store)],
    };

    public static Uri UrlOf(this PartyDirectory parties, string name) => parties.Cloud.Name == name
        ? parties.Cloud.Url
        : parties.Trustees.Where(trustee => trustee.Name == name).Select(trustee => trustee.Url).Concat(parties.Stores.Where(store => store.Name == name).Select(store => store.Url)).Single();

    public static T Json<T>(this Exchange exchange) => JsonSerializer.Deserialize<T>(exchange.Body, JsonSerializerOptions.Web)!;

    public static void Set<T>(this Exchange exchange, T value) => exchange.Body = JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web);

    /// <summary>Two byte strings, which may be long, are the same.</summary>
    public static void AssertSame(byte[] expected, byte[] actual, string what) => Assert.True(expected.AsSpan().SequenceEqual(actual), what);

    /// <summary>A copy with one bit changed.</summary>
    public static byte[] Flipped(this byte[] bytes, int at)
    {
        var copy = bytes.ToArray();
        copy[at] ^= 1;
        return copy;
    }

    /// <summary>A request to a trustee for a record, made by hand: under any grant, whatever the client would say of it. Its trace is in the log.</summary>
    public static async Task<ReencryptionRequest> RequestAsync(this Person asker, TrusteeApi trustee, GrantId grant, SealedRecord record, PartitionId? partition = null)
    {
        var context = record.Header.Context;
        Assert.True(AccountCard.TryVerify(await asker.Account.Cloud.CardAsync(context.Owner, CancellationToken.None), out var card));
        var trace = await new Tracing(asker.Account).LeaveAsync(card,
            new AccessSubject(AccessKind.Open, context.Owner, grant, partition ?? context.Partition, context.Epoch, [context.Record]), CancellationToken.None);
        return ReencryptionRequest.Create(asker.Account.Keys.Identity, trustee.Key, grant, context.Owner, partition ?? context.Partition, context.Epoch,
            TimeProvider.System.GetUtcNow(), [new ReencryptionItem(context.Record, record.Header.Capsule)], trace);
    }

    /// <summary>No trustee re-encrypts the record under that grant for this person. One that was away has to be brought the log first.</summary>
    public static async Task RefusedByTrusteesAsync(this Person asker, GrantId grant, SealedRecord record)
    {
        foreach (var trustee in asker.Account.Trustees)
        {
            var code = Problems.NotLoggedYet;
            await SalusInstallation.UntilAsync(async () =>
            {
                var request = await asker.RequestAsync(trustee, grant, record);
                code = (await Assert.ThrowsAsync<RefusedException>(() => trustee.ReencryptAsync(request, CancellationToken.None))).Code;
                return code != Problems.NotLoggedYet;
            }, $"{trustee.Name} has the log");
            Assert.Equal(Problems.NotGranted, code);
        }
    }

    /// <summary>The cloud hands that record to this person neither by name nor in its listing.</summary>
    public static async Task RefusedByCloudAsync(this Person asker, SealedRecord record)
    {
        var context = record.Header.Context;
        Assert.Equal(Problems.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => asker.Account.Cloud.RecordAsync(context.Record, CancellationToken.None))).Code);
        try
        {
            var page = await asker.Account.Cloud.RecordsAsync(context.Owner, context.Partition, null, CancellationToken.None);
            Assert.DoesNotContain(page.Records, row => row.Signed.AsSpan().SequenceEqual(record.Signed));
        }
        catch (RefusedException refused)
        {
            Assert.Equal(Problems.NotGranted, refused.Code);
        }
    }
}
