using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Store.Tests;

public sealed class TicketTests
{
    public static TheoryData<string> Refused => ["nothing", "garbage", "another cloud's", "another store's", "expired", "too small", "too large", "altered", "cut short"];

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task AnUploadWithoutTheCloudsTicketIsRefusedAndLeavesNothing(string ticket)
    {
        await using var store = await StoreHost.StartAsync();
        using var stranger = SigningKey.Generate();
        var fragment = Fragment.Random(1000);
        var (now, id) = (store.Time.GetUtcNow(), StoreHost.RandomId());
        var good = UploadTicket.Create(store.Cloud, store.Key, id, 1000, now.AddHours(1)).Signed;
        byte[] sent = ticket switch
        {
            "nothing" => [],
            "garbage" => [1, 2, 3],
            "another cloud's" => UploadTicket.Create(stranger, store.Key, id, 1000, now.AddHours(1)).Signed,
            "another store's" => UploadTicket.Create(store.Cloud, stranger.PublicKey, id, 1000, now.AddHours(1)).Signed,
            "expired" => UploadTicket.Create(store.Cloud, store.Key, id, 1000, now).Signed,
            "too small" => UploadTicket.Create(store.Cloud, store.Key, id, 999, now.AddHours(1)).Signed,
            "too large" => UploadTicket.Create(store.Cloud, store.Key, id, 1001, now.AddHours(1)).Signed,
            "altered" => [.. good[..^70], (byte)(good[^70] ^ 1), .. good[^69..]],
            _ => good[..^1],
        };

        using var response = await store.PutAsync(fragment, ticket: sent);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(Problems.NotYours, await response.ProblemAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(store.Data, "uploads")));
        Assert.Null(await store.ReadAsync(fragment));
    }

    [Fact]
    public async Task ATicketBuysOneAddressEvenAcrossARestart()
    {
        await using var store = await StoreHost.StartAsync();
        var (first, second) = (Fragment.Random(1000), Fragment.Random(1000));
        var ticket = store.Ticket(1000);
        (await store.PutAsync(first, 0, 500, ticket)).Dispose();

        using (var other = await store.PutAsync(second, ticket: ticket))
            Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
        await store.RestartAsync();
        using (var other = await store.PutAsync(second, ticket: ticket))
            Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
        using var same = await store.PutAsync(first, 500, 500, ticket);
        Assert.Equal(HttpStatusCode.Created, same.StatusCode);
    }

    [Fact]
    public async Task AFreshTicketContinuesAnUpload()
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(1000);
        (await store.PutAsync(fragment, 0, 500)).Dispose();
        store.Time.Advance(TimeSpan.FromHours(2));

        using var response = await store.PutAsync(fragment, 500, 500);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Fact]
    public void AnExpiredTicketIsForgotten()
    {
        using var folder = new TemporaryFolder();
        using var cloud = SigningKey.Generate();
        var time = new ManualTime();
        using (var tickets = new UsedTickets(folder.File("tickets"), time))
        {
            Assert.True(tickets.TryUse(UploadTicket.Create(cloud, cloud.PublicKey, 1, 5, time.GetUtcNow().AddHours(1)), Address(1)));
            Assert.True(tickets.TryUse(UploadTicket.Create(cloud, cloud.PublicKey, 2, 5, time.GetUtcNow().AddHours(3)), Address(1)));
            time.Advance(TimeSpan.FromHours(2));
            tickets.DropExpired();
            Assert.Equal(1, tickets.Count);
        }
        Assert.Equal(64, new FileInfo(folder.File("tickets")).Length);
        using var again = new UsedTickets(folder.File("tickets"), time);
        Assert.Equal(1, again.Count);
    }

    [Fact]
    public void ALineWithADateThatNoCalendarHasIsDropped()
    {
        using var folder = new TemporaryFolder();
        var line = new byte[64];
        line.AsSpan(48, 8).Fill(0x7f);
        SHA256.HashData(line.AsSpan(0, 56)).AsSpan(0, 8).CopyTo(line.AsSpan(56));
        File.WriteAllBytes(folder.File("tickets"), line);
        using var tickets = new UsedTickets(folder.File("tickets"), new ManualTime());
        Assert.Equal(0, tickets.Count);
    }

    [Fact]
    public void ALineThatACrashHasCutShortIsDropped()
    {
        using var folder = new TemporaryFolder();
        using var cloud = SigningKey.Generate();
        var (time, path) = (new ManualTime(), folder.File("tickets"));
        var tickets = Enumerable.Range(1, 3).Select(id => UploadTicket.Create(cloud, cloud.PublicKey, (UInt128)id, 5, time.GetUtcNow().AddHours(1))).ToList();
        using (var used = new UsedTickets(path, time))
            Assert.All(tickets, ticket => Assert.True(used.TryUse(ticket, Address(1))));
        var whole = File.ReadAllBytes(path);

        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            using var used = new UsedTickets(path, time);
            Assert.Equal(length / 64, used.Count);
            for (var i = 0; i < 3; i++)
                Assert.Equal(i >= length / 64, used.TryUse(tickets[i], Address(2)));
        }
    }

    private static FragmentAddress Address(byte fill) => FragmentAddress.Read(Enumerable.Repeat(fill, 32).ToArray());
}
