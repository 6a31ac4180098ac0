using System.Security.Cryptography;
using Salus.Client;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.EndToEnd.Tests;

/// <summary>A store that lies, with its own key in its hand, or says nothing at all. The record survives it, and the store is named.</summary>
public class HostileStoreTests(SalusInstallation salus)
{
    private const string Hostile = "store-1";

    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("another store's receipt")]
    [InlineData("a receipt for other bytes")]
    [InlineData("no receipt")]
    [InlineData("stores nothing")]
    [InlineData("asks for the same again")]
    public async Task AStoreThatDoesNotKeepItsWordIsNotCounted(string lie)
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await using var store = await BetweenAsync(patient);
        using var own = KeyOf(Hostile);
        using var others = KeyOf("store-2");
        store.Instead = exchange =>
        {
            if (exchange.Method != "PUT")
                return Task.FromResult(false);
            var address = Convert.FromHexString(exchange.Path[(exchange.Path.LastIndexOf('/') + 1)..]);
            var hash = SHA256.HashData(exchange.Request);
            var now = TimeProvider.System.GetUtcNow();
            (exchange.Status, var receipt) = lie switch
            {
                "another store's receipt" => (201, StoreReceipt.Create(others, address, exchange.Request.Length, hash, now).Signed),
                "a receipt for other bytes" => (201, StoreReceipt.Create(own, address, exchange.Request.Length, SHA256.HashData("other"u8), now).Signed),
                "stores nothing" => (201, StoreReceipt.Create(own, address, exchange.Request.Length, hash, now).Signed),
                "no receipt" => (201, []),
                _ => (202, Array.Empty<byte>()),
            };
            exchange.Headers[Paths.UploadOffsetHeader] = lie.StartsWith("asks", StringComparison.Ordinal) ? "0" : $"{exchange.Request.Length}";
            if (receipt.Length > 0)
                exchange.Headers[Paths.ReceiptHeader] = Convert.ToBase64String(receipt);
            return Task.FromResult(true);
        };
        var bytes = Extensions.RandomBytes(20_000);
        var stored = await patient.PutAsync(bytes);
        Assert.Equal([Hostile], stored.Missing);
        Assert.Equal(bytes, (await patient.GetAsync(stored.Record)).Bytes);

        // Once it behaves, it gets its fragments.
        store.Instead = _ => Task.FromResult(false);
        Assert.Empty(Assert.Single((await patient.Records.ResumeAsync(null, None)).Records).Missing);
        Assert.All(await patient.FragmentsAsync(stored.Record), fragment => Assert.True(File.Exists(fragment.File)));
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("other bytes")]
    [InlineData("too long")]
    [InlineData("another fragment")]
    [InlineData("nothing")]
    [InlineData("silence")]
    public async Task AStoreThatGivesSomethingElseIsNamedAndTheOthersSuffice(string lie)
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var bytes = Extensions.RandomBytes(20_000);
        // A store is asked when it has one of the first four fragments: one record that has it so.
        var stored = await patient.PutAsync(bytes);
        while (!(await patient.FragmentsAsync(stored.Record)).Take(4).Any(fragment => fragment.Store == Hostile))
            stored = await patient.PutAsync(bytes = Extensions.RandomBytes(20_000)); // the same bytes would be where they are already
        await using var store = await BetweenAsync(patient, new HastyTime());
        store.Change = async exchange =>
        {
            switch (lie)
            {
                case "truncated":
                    exchange.Body = exchange.Body[..(exchange.Body.Length / 2)];
                    exchange.Headers.Remove("Content-Range");
                    break;
                case "other bytes":
                    exchange.Body = RandomNumberGenerator.GetBytes(exchange.Body.Length);
                    break;
                case "too long":
                    exchange.Body = [.. exchange.Body.Select(octet => (byte)~octet), .. exchange.Body];
                    exchange.Headers.Remove("Content-Range");
                    break;
                case "another fragment":
                    exchange.Body = [.. exchange.Body.Reverse()];
                    break;
                case "nothing":
                    (exchange.Status, exchange.Body) = (404, []);
                    break;
                default:
                    await Task.Delay(TimeSpan.FromSeconds(4));
                    break;
            }
        };
        var (opened, complaints) = await patient.GetAsync(stored.Record);
        Assert.Equal(bytes, opened);
        Assert.NotEmpty(complaints);
        Assert.All(complaints, complaint => Assert.Contains(Hostile, complaint, StringComparison.Ordinal));
    }

    private async Task<Middleman> BetweenAsync(Person person, TimeProvider? clock = null)
    {
        var store = await Middleman.BeforeAsync(salus.Parties.UrlOf(Hostile));
        await person.ThroughAsync(salus.Parties.With(Hostile, store.Url), clock);
        return store;
    }

    private SigningKey KeyOf(string store) => new(File.ReadAllBytes(salus.In(store, "identity.key")));

    /// <summary>The true time, and timers that are fifteen times as fast: nobody waits 15 seconds for a store that says nothing.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / 15 : dueTime, period);
    }
}
