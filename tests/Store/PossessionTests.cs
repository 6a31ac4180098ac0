using System.Net;
using System.Security.Cryptography;
using Salus.Protocol;
using Salus.Protocol.Dispersal;
using Salus.Protocol.Http;

namespace Salus.Store.Tests;

/// <summary>Who is to be believed to have a fragment answers from its bytes, to the store's own question, once.</summary>
public sealed class PossessionTests
{
    [Fact]
    public async Task TheBytesAreSignedForUnderTheShownBlindAndAnAnswerServesOnce()
    {
        await using var store = await StoreHost.StartAsync();
        var kept = await KeepAsync(store);
        var ticket = Ticket(store);
        var blind = RandomNumberGenerator.GetBytes(PossessionAnswer.BlindSize);
        var request = await AnswerAsync(kept, ticket, await AskAsync(store, kept.Fragment, ticket), blind, kept.Fragment.Bytes);

        using var answer = await PutAsync(store, kept.Fragment, ticket, request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(PossessionProof.TryVerify(await answer.Content.ReadAsByteArrayAsync(), out var proof));
        Assert.Equal((store.Key, ticket.Claim), (proof.Store, proof.Claim));
        var root = await FragmentRoot.ReadAsync(kept.Layout, Reader(kept.Fragment.Bytes));
        Assert.Equal(SealedRecord.Commit(blind, root), proof.Commitment);
        Assert.True(StoreReceipt.TryVerify(Convert.FromBase64String(answer.Headers.GetValues(Paths.ReceiptHeader).Single()), store.Key, out var receipt));
        Assert.Equal(SHA256.HashData(kept.Fragment.Bytes), receipt.Hash);
        using var again = await PutAsync(store, kept.Fragment, ticket, request);
        Assert.Equal(HttpStatusCode.Forbidden, again.StatusCode);
    }

    [Theory]
    [InlineData("every leaf but for one bit")]
    [InlineData("hashes in the place of bytes")]
    [InlineData("nothing")]
    public async Task WhoHasNotTheBytesIsRefusedAndAfterThreeWrongAnswersNotHeard(string has)
    {
        await using var store = await StoreHost.StartAsync();
        var kept = await KeepAsync(store);
        var ticket = Ticket(store);
        var bytes = (byte[])kept.Fragment.Bytes.Clone();
        for (var leaf = FragmentLayout.HeaderSize; leaf < kept.Layout.LeafHashesOffset; leaf += FragmentLayout.LeafSize)
        {
            var of = bytes.AsSpan(leaf, (int)Math.Min(FragmentLayout.LeafSize, kept.Layout.LeafHashesOffset - leaf));
            if (has.StartsWith("every", StringComparison.Ordinal))
                of[0] ^= 1;
            else if (has.StartsWith("hashes", StringComparison.Ordinal))
                SHA256.HashData(of).CopyTo(of);
            else
                of.Clear();
        }
        for (var i = 0; i < 3; i++)
        {
            using var refused = await PutAsync(store, kept.Fragment, ticket, await AnswerAsync(kept, ticket, await AskAsync(store, kept.Fragment, ticket), new byte[32], bytes));
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Equal(Problems.NotYours, await refused.ProblemAsync());
        }
        using var asked = await SendAsync(store, HttpMethod.Post, kept.Fragment, ticket, null);
        Assert.Equal(HttpStatusCode.TooManyRequests, asked.StatusCode);
        // Others are heard all the same.
        Assert.Equal(PossessionAnswer.NonceSize, (await AskAsync(store, kept.Fragment, Ticket(store))).Length);
    }

    [Fact]
    public async Task AChallengeServesItsClaimItsAddressAndItsTimeOnly()
    {
        await using var store = await StoreHost.StartAsync();
        var (kept, other) = (await KeepAsync(store), await KeepAsync(store));
        var (ticket, second) = (Ticket(store), Ticket(store));
        var nonce = await AskAsync(store, kept.Fragment, ticket);

        // Another claim's ticket, another fragment, a nonce of one's own: right in all else.
        await RefusedAsync(kept, second, nonce);
        await RefusedAsync(other, ticket, nonce);
        await RefusedAsync(kept, ticket, RandomNumberGenerator.GetBytes(PossessionAnswer.NonceSize));
        // A newer challenge takes the place of the old.
        var newer = await AskAsync(store, kept.Fragment, ticket);
        await RefusedAsync(kept, ticket, nonce);
        store.Time.Advance(TimeSpan.FromMinutes(3));
        await RefusedAsync(kept, ticket, newer);

        async Task RefusedAsync(Kept of, PossessionTicket under, byte[] to)
        {
            using var refused = await PutAsync(store, of.Fragment, under, await AnswerAsync(of, under, to, new byte[32], of.Fragment.Bytes));
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
    }

    [Fact]
    public async Task OnlyTheCloudsTicketForThisStoreIsTaken()
    {
        await using var store = await StoreHost.StartAsync();
        var kept = await KeepAsync(store);
        using var stranger = SigningKey.Generate();
        var (now, claim) = (store.Time.GetUtcNow(), StoreHost.RandomId());
        foreach (var ticket in new[]
        {
            PossessionTicket.Create(stranger, store.Key, claim, now.AddHours(1)), PossessionTicket.Create(store.Cloud, stranger.PublicKey, claim, now.AddHours(1)),
            PossessionTicket.Create(store.Cloud, store.Key, claim, now),
        })
        {
            using var refused = await SendAsync(store, HttpMethod.Post, kept.Fragment, ticket, null);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
        // An upload ticket is none, and an address where nothing is complete has nothing to ask about.
        using var upload = await SendAsync(store, HttpMethod.Post, kept.Fragment, store.Ticket(kept.Fragment.Bytes.Length), null);
        Assert.Equal(HttpStatusCode.Forbidden, upload.StatusCode);
        using var missing = await SendAsync(store, HttpMethod.Post, Fragment.Random(100), Ticket(store), null);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task WhatIsNoFragmentAndWhatIsNoAnswerIsRefused()
    {
        await using var store = await StoreHost.StartAsync();
        var noise = Fragment.Random(20_000);
        (await store.PutAsync(noise)).Dispose();
        var ticket = Ticket(store);
        using var conflict = await PutAsync(store, noise, ticket, [.. await AskAsync(store, noise, ticket), .. new byte[96]]);
        Assert.Equal(HttpStatusCode.Conflict, conflict.StatusCode);
        using var cut = await PutAsync(store, noise, ticket, new byte[127]);
        Assert.Equal(HttpStatusCode.BadRequest, cut.StatusCode);
        using var large = await PutAsync(store, noise, ticket, new byte[129]);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    [Fact]
    public async Task AFragmentIsKeptUntilEveryRecordThatRefersToItIsReleasedAlsoAfterARestart()
    {
        await using var store = await StoreHost.StartAsync();
        var kept = await KeepAsync(store);
        var releases = Enumerable.Range(0, 3).Select(_ => RandomNumberGenerator.GetBytes(32)).ToArray();
        foreach (var release in releases.Append(releases[0]))
        {
            var ticket = Ticket(store);
            using var proven = await PutAsync(store, kept.Fragment, ticket,
                await AnswerAsync(kept, ticket, await AskAsync(store, kept.Fragment, ticket), new byte[32], kept.Fragment.Bytes, SHA256.HashData(release)));
            Assert.Equal(HttpStatusCode.OK, proven.StatusCode);
        }
        // A wrong answer adds nothing.
        var (wrong, other) = (Ticket(store), new byte[kept.Fragment.Bytes.Length]);
        using (var refused = await PutAsync(store, kept.Fragment, wrong, await AnswerAsync(kept, wrong, await AskAsync(store, kept.Fragment, wrong), new byte[32], other)))
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        // What a crash has cut short at the end counts for nothing.
        await store.StopAsync();
        await File.AppendAllBytesAsync(Directory.GetFiles(store.Data, "references", SearchOption.AllDirectories).Single(), new byte[17]);
        await store.RestartAsync();
        Assert.Equal(Problems.StillReferred, await DeletedAsync(store, kept.Fragment));
        Assert.Equal(Problems.StillReferred, await DeletedAsync(store, kept.Fragment, releases[0], releases[1], RandomNumberGenerator.GetBytes(32)));
        Assert.Equal(Problems.BadRequest, await DeletedAsync(store, kept.Fragment, [1]));
        Assert.Null(await DeletedAsync(store, kept.Fragment, releases));
        Assert.Equal(Problems.NotFound, await DeletedAsync(store, kept.Fragment, releases));
    }

    [Fact]
    public async Task AnUploadRefersToo()
    {
        await using var store = await StoreHost.StartAsync();
        var (fragment, release) = (Fragment.Random(5000), RandomNumberGenerator.GetBytes(32));
        using (var put = await store.PutAsync(fragment, SHA256.HashData(release)))
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal(Problems.StillReferred, await DeletedAsync(store, fragment));
        Assert.Null(await DeletedAsync(store, fragment, release));
    }

    [Fact]
    public async Task RottenBytesAreNotKeptForAnybody()
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(5000);
        (await store.PutAsync(fragment, new byte[32])).Dispose();
        var file = Directory.GetFiles(store.Data, "data", SearchOption.AllDirectories).Single();
        fragment.Bytes[700] ^= 1;
        await File.WriteAllBytesAsync(file, fragment.Bytes);
        Assert.Null(await DeletedAsync(store, fragment));
    }

    private sealed record Kept(Fragment Fragment, FragmentLayout Layout);

    /// <summary>A fragment with a true header over random bytes, complete at the store.</summary>
    private static async Task<Kept> KeepAsync(StoreHost store)
    {
        var layout = new FragmentLayout(2_000_000, 4, 8);
        var fragment = Fragment.Random((int)layout.FileLength);
        new FragmentHeader(layout, RandomNumberGenerator.GetBytes(FragmentLayout.LabelSize)).Write(fragment.Bytes.AsSpan(0, FragmentHeader.Size));
        using var answer = await store.PutAsync(fragment);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return new Kept(fragment, layout);
    }

    private static PossessionTicket Ticket(StoreHost store) => PossessionTicket.Create(store.Cloud, store.Key, StoreHost.RandomId(), store.Time.GetUtcNow().AddHours(1));

    private static async Task<byte[]> AskAsync(StoreHost store, Fragment fragment, PossessionTicket ticket)
    {
        using var answer = await SendAsync(store, HttpMethod.Post, fragment, ticket, null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private static async Task<byte[]> AnswerAsync(Kept kept, PossessionTicket ticket, byte[] nonce, byte[] blind, byte[] bytes, byte[]? reference = null)
    {
        reference ??= SHA256.HashData(nonce);
        return [.. nonce, .. blind, .. reference, .. (await PossessionAnswer.ComputeAsync(nonce, ticket, Convert.FromHexString(kept.Fragment.Address), reference, kept.Layout, Reader(bytes)))!];
    }

    private static async Task<string?> DeletedAsync(StoreHost store, Fragment fragment, params byte[][] releases)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, Paths.Fragment.Replace("{address}", fragment.Address, StringComparison.Ordinal));
        request.Headers.Add(Paths.OwnerHeader, Convert.ToHexStringLower(fragment.Owner));
        request.Content = new ByteArrayContent([.. releases.SelectMany(release => release)]);
        using var answer = await store.Client.SendAsync(request);
        return answer.StatusCode == HttpStatusCode.NoContent ? null : await answer.ProblemAsync();
    }

    private static Func<long, Memory<byte>, ValueTask<bool>> Reader(byte[] bytes) => (offset, buffer) =>
    {
        bytes.AsMemory((int)offset, buffer.Length).CopyTo(buffer);
        return ValueTask.FromResult(true);
    };

    private static Task<HttpResponseMessage> PutAsync(StoreHost store, Fragment fragment, PossessionTicket ticket, byte[] request) =>
        SendAsync(store, HttpMethod.Put, fragment, ticket.Signed, request);

    private static Task<HttpResponseMessage> SendAsync(StoreHost store, HttpMethod method, Fragment fragment, PossessionTicket ticket, byte[]? body) =>
        SendAsync(store, method, fragment, ticket.Signed, body);

    private static async Task<HttpResponseMessage> SendAsync(StoreHost store, HttpMethod method, Fragment fragment, byte[] ticket, byte[]? body)
    {
        using var request = new HttpRequestMessage(method, Paths.Possession.Replace("{address}", fragment.Address, StringComparison.Ordinal));
        request.Headers.Add(Paths.TicketHeader, Convert.ToBase64String(ticket));
        request.Content = body is null ? null : new ByteArrayContent(body);
        return await store.Client.SendAsync(request);
    }
}
