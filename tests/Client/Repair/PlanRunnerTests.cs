using System.Net;
using System.Security.Cryptography;
using Salus.Client.Repair;
using Salus.Client.Tests.Audit;
using Salus.Client.Tests.Sealing;
using Salus.Crypto.Dispersal;
using Salus.Protocol;
using Salus.Protocol.Dispersal;
using Salus.Protocol.Http;

namespace Salus.Client.Tests.Repair;

public sealed class PlanRunnerTests
{
    private static readonly SigningKey Cloud = SigningKey.Generate();

    [Theory]
    [InlineData(100, 4, 8)]
    [InlineData(262_144, 4, 8)]
    [InlineData(3_000_000, 4, 8)]
    [InlineData(1_000_001, 3, 7)]
    [InlineData(500_000, 1, 4)]
    public async Task MissingFragmentsComeBackByteForByteWithoutAnyKey(int length, int k, int n)
    {
        using var body = await StoredBody.OfAsync(length, k, n);
        int[] lost = [.. Enumerable.Range(0, n).Where(i => i % 2 == 0).Take(n - k)];
        foreach (var i in lost)
            body.StoreOf(i).Fragments.Remove(Convert.ToHexStringLower(body.Address(i)));

        var report = await RunAsync(body, Plan(body, lost));

        Assert.True(report.IsWhole, string.Join('\n', report.Lost.Select(lost => lost.Why).Concat(report.Waiting)));
        Assert.Equal(lost.Length, report.Repaired.Count);
        AssertWhole(body);
    }

    [Fact]
    public async Task RottenFragmentsServeWithTheirGoodLeavesAndAreReplaced()
    {
        // Every fragment is rotten somewhere else: no four are good, and each stripe has four good units.
        using var body = await StoredBody.OfAsync(4_000_000);
        var stripes = body.Body.Body.Layout.Stripes;
        Assert.True(stripes >= 8);
        for (var i = 0; i < body.Count; i++)
            body.At(i)[FragmentLayout.UnitOffset(i) + 77] ^= 1;

        var report = await RunAsync(body, Plan(body, [.. Enumerable.Range(0, body.Count)]));

        Assert.True(report.IsWhole, string.Join('\n', report.Lost.Select(lost => lost.Why).Concat(report.Waiting)));
        AssertWhole(body);
    }

    [Fact]
    public async Task RottenBytesStayUntilTheNewOnesAreDurable()
    {
        // All are rotten somewhere: each is needed for the others until it is replaced.
        using var body = await StoredBody.OfAsync(4_000_000);
        for (var i = 0; i < body.Count; i++)
            body.At(i)[FragmentLayout.UnitOffset(i) + 77] ^= 1;
        var plan = Plan(body, [.. Enumerable.Range(0, body.Count)]);

        // A store that takes nothing, one that breaks off, tickets that have expired, stores that keep other bytes than they sign for: nothing is lost by any of them.
        var puts = 0;
        foreach (var instead in new Func<HttpRequestMessage, byte[], HttpResponseMessage?>[]
        {
            (request, _) => request.Method == HttpMethod.Put ? MemoryStore.Problem(HttpStatusCode.InsufficientStorage, "full") : null,
            (request, _) => request.Method == HttpMethod.Put && Interlocked.Increment(ref puts) % 3 != 0 ? throw new HttpRequestException("cut off") : null,
            (request, _) => request.Method == HttpMethod.Delete ? throw new HttpRequestException("cut off") : null,
        })
        {
            foreach (var store in body.Stores)
                store.Instead = instead;
            Assert.NotEmpty((await RunAsync(body, plan)).Waiting);
            for (var i = 0; i < body.Count; i++)
                Assert.True(body.StoreOf(i).Fragments.ContainsKey(Convert.ToHexStringLower(body.Address(i))) || IsWhole(body, i), $"fragment {i}");
        }
        foreach (var store in body.Stores)
            store.Instead = (_, _) => null;
        var expired = plan with { Lost = [.. plan.Lost.Select(lost => lost with { Ticket = Ticket(body, lost.Index, TimeSpan.FromSeconds(-1)) })] };
        Assert.Equal(body.Count, (await RunAsync(body, expired)).Waiting.Count);

        Assert.True((await RunAsync(body, plan)).IsWhole);
        AssertWhole(body);
        Assert.All(Enumerable.Range(0, body.Count), i => Assert.False(body.StoreOf(i).Fragments.ContainsKey(Convert.ToHexStringLower(body.Address(i)))));
    }

    [Fact]
    public async Task AFragmentWithRottenLeafHashesIsUsedWhenNothingElseIsLeft()
    {
        using var body = await StoredBody.OfAsync(1_000_000);
        for (var i = 0; i < 4; i++)
            body.StoreOf(i).Fragments.Remove(Convert.ToHexStringLower(body.Address(i)));
        body.At(5)[body.Body.Body.Layout.LeafHashesOffset + 9] ^= 1;

        var report = await RunAsync(body, Plan(body, [0, 1, 2, 3, 5]));

        Assert.True(report.IsWhole);
        AssertWhole(body);
    }

    [Fact]
    public async Task TooFewGoodFragmentsAreSaidToBeLostAndNothingIsTouched()
    {
        using var body = await StoredBody.OfAsync(300_000);
        int[] lost = [0, 1, 2, 3, 4];
        foreach (var i in lost)
            body.At(i).AsSpan(FragmentLayout.HeaderSize).Fill(7);
        var before = body.Stores.Select(store => store.Fragments.ToDictionary()).ToArray();

        var report = await RunAsync(body, Plan(body, lost));

        Assert.Single(report.Lost);
        Assert.Empty(report.Repaired);
        Assert.Equal(before, body.Stores.Select(store => store.Fragments));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AStoreThatDiesMeanwhileMakesNothingLost(bool breaksOff)
    {
        // Four are left, two of them at the store that dies.
        using var body = await StoredBody.OfAsync(4_000_000);
        var dying = body.Stores[0];
        int[] lost = [.. Enumerable.Range(0, body.Count).Where(i => body.StoreOf(i) != dying).Take(4)];
        foreach (var i in lost)
            body.StoreOf(i).Fragments.Remove(Convert.ToHexStringLower(body.Address(i)));
        var requests = 0;
        dying.Instead = (_, _) => Interlocked.Increment(ref requests) switch
        {
            <= 9 => null,
            10 or 11 when breaksOff => throw new IOException("cut off"),
            _ => throw new HttpRequestException("Connection refused"),
        };

        var report = await RunAsync(body, Plan(body, lost));

        Assert.True(requests > 9);
        Assert.Empty(report.Lost);
        Assert.Single(report.Waiting);
        dying.Instead = (_, _) => null;
        Assert.True((await RunAsync(body, Plan(body, lost))).IsWhole);
        AssertWhole(body);
    }

    [Fact]
    public async Task APlanWithAWrongLabelStoresNothing()
    {
        using var body = await StoredBody.OfAsync(300_000);
        body.StoreOf(2).Fragments.Remove(Convert.ToHexStringLower(body.Address(2)));
        foreach (var wrong in new Func<LostFragment, LostFragment>[] { lost => lost with { Label = new byte[32] }, lost => lost with { NextLabel = new byte[32] } })
        {
            var plan = Plan(body, [2]);
            var report = await RunAsync(body, plan with { Lost = [wrong(plan.Lost[0])] });
            Assert.Single(report.Waiting);
            Assert.False(body.StoreOf(2).Fragments.ContainsKey(Convert.ToHexStringLower(body.Address(2))));
        }
    }

    [Fact]
    public async Task AStoreThatLiesWhileItIsReadIsDoneWithout()
    {
        using var body = await StoredBody.OfAsync(900_000);
        body.StoreOf(7).Fragments.Remove(Convert.ToHexStringLower(body.Address(7)));
        var liar = body.Stores.First(store => store != body.StoreOf(7));
        foreach (var i in body.FragmentsOf(liar))
            RandomNumberGenerator.Fill(body.At(i).AsSpan(FragmentLayout.HeaderSize, 200_000));

        var report = await RunAsync(body, Plan(body, [7]));

        Assert.True(report.IsWhole);
        Assert.Equal(body.Body.Fragments[7], body.At(7));
    }

    [Fact]
    public async Task AnotherCloudsTicketAndAStoreThatIsNotThereAreSaid()
    {
        using var body = await StoredBody.OfAsync(100_000);
        body.StoreOf(1).Fragments.Remove(Convert.ToHexStringLower(body.Address(1)));
        var plan = Plan(body, [1]);
        using var other = SigningKey.Generate();
        var forged = UploadTicket.Create(other, body.StoreOf(1).Key, 1, 5, TimeProvider.System.GetUtcNow().AddHours(1)).Signed;
        Assert.Single((await RunAsync(body, plan with { Lost = [plan.Lost[0] with { Ticket = forged }] })).Waiting);
        Assert.Single((await RunAsync(body, plan with { Lost = [plan.Lost[0] with { Store = other.PublicKey.ToString() }] })).Waiting);
        body.StoreOf(1).IsGone = true;
        Assert.Single((await RunAsync(body, plan)).Waiting);
    }

    [Fact]
    public async Task ThePlanIsReadAsItWasWrittenAndHoldsNoKey()
    {
        using var folder = new TemporaryFolder();
        using var body = await StoredBody.OfAsync(100_000);
        var path = folder["plan.json"];
        var made = Plan(body, [0, 3]);
        made = made with
        {
            Sources = [made.Sources[0] with { Store = null }, .. made.Sources.Skip(1)],
            Lost = [made.Lost[0] with { Owner = null, Address = body.Address(0) }, made.Lost[1]],
        };
        RepairPlan.Of(new PartyDirectory(new Party("cloud", new Uri("http://localhost"), Cloud.PublicKey.ToString()), [], []), [made]).Write(path);
        var read = RepairPlan.Read(path);
        Assert.Equal([0, 3], read.Records.Single().Lost.Select(lost => lost.Index));
        Assert.Equal(body.Address(0), read.Records[0].Lost[0].Address);
        Assert.Null(read.Records[0].Lost[0].Owner);
        Assert.Equal(made.Lost[1].Owner, read.Records[0].Lost[1].Owner);
        Assert.Null(read.Records[0].Sources[0].Store);
        var text = await File.ReadAllTextAsync(path, CancellationToken.None);
        Assert.DoesNotContain(Convert.ToBase64String(body.Body.Keys.BodyKey.Bytes), text, StringComparison.Ordinal);

        foreach (var damaged in (string[])["", "{}", "null", text[..^2],
            text.Replace("\"index\":3", "\"index\":0", StringComparison.Ordinal), text.Replace("\"index\":3", "\"index\":8", StringComparison.Ordinal),
            text.Replace("\"bodyLength\":", "\"bodyLength\":-", StringComparison.Ordinal), text.Replace("\"name\":", "\"other\":1,\"name\":", StringComparison.Ordinal)])
        {
            await File.WriteAllTextAsync(path, damaged, CancellationToken.None);
            Assert.Throws<CannotException>(() => RepairPlan.Read(path));
        }
    }

    private static async Task<RepairReport> RunAsync(StoredBody body, RecordPlan plan)
    {
        using var folder = new TemporaryFolder();
        var work = folder["work"];
        using var runner = new PlanRunner(Cloud.PublicKey, [.. body.Stores.Select(store => store.Api)], [], work, TimeProvider.System);
        var report = await runner.RunAsync([plan], null, CancellationToken.None);
        Assert.False(Directory.Exists(work));
        return report;
    }

    private static RecordPlan Plan(StoredBody body, int[] lost) => new("a record", body.Body.Body.BodyLength, body.Body.Body.Layout.DataUnits,
        [.. Enumerable.Range(0, body.Count).Select(i => new PlannedSource(body.Address(i), body.Blind(i), body.Body.Body.Commitments(body.Body.Keys)[i], body.StoreOf(i).Key.ToString()))],
        [.. lost.Select(i => Lost(body, i))]);

    private static LostFragment Lost(StoredBody body, int index)
    {
        var owner = StoredBody.Value(value => body.Body.Keys.Owner(index, value));
        var store = body.StoreOf(index);
        var isRotten = store.Fragments.ContainsKey(Convert.ToHexStringLower(body.Address(index)));
        return new LostFragment(index, StoredBody.Value(value => body.Body.Keys.Label(index, value)), StoredBody.Value(value => body.Body.Keys.NextLabel(index, value)), store.Key.ToString(),
            IsMoved: false, isRotten ? MovedAddress.Of(body.Address(index), store.Key.Bytes) : body.Address(index), SHA256.HashData(owner), Ticket(body, index, TimeSpan.FromHours(1)),
            isRotten ? owner : null);
    }

    private static byte[] Ticket(StoredBody body, int index, TimeSpan life) =>
        UploadTicket.Create(Cloud, body.StoreOf(index).Key, Identifier.Random<RecordId>().Value, body.Body.Body.Layout.FileLength, TimeProvider.System.GetUtcNow() + life).Signed;

    private static void AssertWhole(StoredBody body)
    {
        for (var i = 0; i < body.Count; i++)
            Assert.True(IsWhole(body, i), $"fragment {i}");
    }

    /// <summary>Where it was sealed to, or where a repair puts it beside rotten bytes.</summary>
    private static bool IsWhole(StoredBody body, int i) => new[] { body.Address(i), MovedAddress.Of(body.Address(i), body.StoreOf(i).Key.Bytes) }
        .Any(address => body.StoreOf(i).Fragments.TryGetValue(Convert.ToHexStringLower(address), out var bytes) && body.Body.Fragments[i].AsSpan().SequenceEqual(bytes));
}
