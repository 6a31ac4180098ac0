using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Trustee.Reencryption;

namespace Salus.Trustee.Tests;

public class RevocationTests
{
    [Fact]
    public async Task EndsTheGrantForGoodAndSignsAReceipt()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        await sharing.BringAsync(trustee);
        var second = sharing.Policy with { Epoch = sharing.Policy.Epoch.Next() };
        Assert.Equal(204, (await trustee.PostAsync(Paths.KFrags, sharing.KFragFor(trustee, policy: second))).Status);
        var revocation = sharing.Revoke();

        var answer = await trustee.PostAsync(Paths.Revocations, revocation.Signed);

        Assert.Equal(200, answer.Status);
        Assert.True(RevocationReceipt.TryVerify(answer.Bytes, trustee.Key, revocation, out var receipt));
        Assert.Equal((2u, trustee.Time.Now), (receipt.KeysDeleted, receipt.At));
        Assert.Equal(0, await trustee.CountAsync<KFragRow>());
        (await trustee.PostAsync(Paths.Reencryptions, sharing.Ask(trustee).Signed)).Refuses(403, Problems.NotGranted);
        (await trustee.PostAsync(Paths.KFrags, sharing.KFragFor(trustee))).Refuses(409, Problems.Conflict);
        var third = sharing.Policy with { Epoch = second.Epoch.Next() };
        (await trustee.PostAsync(Paths.KFrags, sharing.KFragFor(trustee, policy: third))).Refuses(409, Problems.Conflict);
    }

    [Fact]
    public async Task TheSameRevocationGetsTheSameReceipt()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        await sharing.BringAsync(trustee);
        var revocation = sharing.Revoke();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => trustee.PostAsync(Paths.Revocations, revocation.Signed)));
        trustee.Time.Now = trustee.Time.Now.AddDays(1);
        var later = await trustee.PostAsync(Paths.Revocations, revocation.Signed);
        Assert.All(answers, answer => Assert.Equal((200, Convert.ToHexString(later.Bytes)), (answer.Status, Convert.ToHexString(answer.Bytes))));
        Assert.True(RevocationReceipt.TryVerify(later.Bytes, trustee.Key, revocation, out var receipt));
        Assert.Equal(1u, receipt.KeysDeleted);

        // A second notice, by an owner who has lost the first, gets a receipt of its own that says the same.
        var again = sharing.Revoke();
        var answer = await trustee.PostAsync(Paths.Revocations, again.Signed);
        Assert.True(RevocationReceipt.TryVerify(answer.Bytes, trustee.Key, again, out var second));
        Assert.Equal((receipt.KeysDeleted, receipt.At), (second.KeysDeleted, second.At));
    }

    [Fact]
    public async Task ARevocationThatComesBeforeTheKeyKeepsItOut()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        Assert.Equal(200, (await trustee.PostAsync(Paths.Revocations, sharing.Revoke().Signed)).Status);
        (await trustee.PostAsync(Paths.KFrags, sharing.KFragFor(trustee))).Refuses(409, Problems.Conflict);
    }

    [Fact]
    public async Task AStrangerCannotRevoke()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        await sharing.BringAsync(trustee);
        using var stranger = SigningKey.Generate();
        foreach (var signer in (SigningKey[])[stranger, sharing.Delegatee])
        {
            var answer = await trustee.PostAsync(Paths.Revocations, Revocation.Create(signer, sharing.Policy.Grant, trustee.Time.Now).Signed);
            Assert.Equal(200, answer.Status);
        }
        Assert.NotNull(Assert.Single(await sharing.AnswerAsync(trustee, [sharing.Seal().Item])));
        Assert.Equal(204, (await trustee.PostAsync(Paths.KFrags, sharing.KFragFor(trustee))).Status);
    }

    [Fact]
    public async Task RefusesEveryAlteredByteAndEveryTruncation()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        await sharing.BringAsync(trustee);
        var revocation = sharing.Revoke().Signed;
        for (var i = 0; i < revocation.Length; i++)
        {
            var altered = (byte[])revocation.Clone();
            altered[i] ^= (byte)(1 << (i % 8));
            (await trustee.PostAsync(Paths.Revocations, altered)).Refuses(400, Problems.BadRequest);
            (await trustee.PostAsync(Paths.Revocations, revocation[..i])).Refuses(400, Problems.BadRequest);
        }
        Assert.Equal((1, 0), (await trustee.CountAsync<KFragRow>(), await trustee.CountAsync<TombstoneRow>()));
    }

    [Fact]
    public async Task NoRequestThatStartsAfterAReceiptIsAnswered()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        for (var round = 0; round < 4; round++)
        {
            using var sharing = new Sharing(trustee.Time);
            await sharing.BringAsync(trustee);
            var (answered, refused, revokedAt) = (0, 0, long.MaxValue);
            using var ending = new CancellationTokenSource();
            var readers = Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
            {
                while (!ending.IsCancellationRequested)
                {
                    var request = sharing.Ask(trustee).Signed;
                    var start = Stopwatch.GetTimestamp();
                    var answer = await trustee.PostAsync(Paths.Reencryptions, request);
                    if (answer.Status != 200)
                    {
                        answer.Refuses(403, Problems.NotGranted);
                        Interlocked.Increment(ref refused);
                        continue;
                    }
                    Assert.True(start < Volatile.Read(ref revokedAt), "answered, though it began after the receipt");
                    Interlocked.Increment(ref answered);
                }
            })).ToArray();

            await BecomesAsync(() => Volatile.Read(ref answered) > 0);
            Assert.Equal(200, (await trustee.PostAsync(Paths.Revocations, sharing.Revoke().Signed)).Status);
            Volatile.Write(ref revokedAt, Stopwatch.GetTimestamp());
            var journalled = await trustee.InDatabaseAsync(database => database.Accesses.CountAsync(row => row.Owner == sharing.Account));
            await BecomesAsync(() => Volatile.Read(ref refused) > 0);
            await ending.CancelAsync();
            await Task.WhenAll(readers);

            Assert.True(answered > 0 && refused > 0, $"{answered} answered, {refused} refused: there was no race");
            Assert.Equal(journalled, answered); // nothing was journalled after the receipt, and all that was answered had been before

            async Task BecomesAsync(Func<bool> wanted)
            {
                while (!wanted() && !readers.Any(reader => reader.IsFaulted))
                    await Task.Delay(50);
            }
        }
    }

    [Fact]
    public async Task ARevocationWaitsForTheAnswersUnderWay()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        await sharing.BringAsync(trustee);
        await trustee.InDatabaseAsync(async database =>
        {
            var held = await database.ShareGrantAsync(ReencryptionTables.GrantLock(trustee.Key, sharing.Account, sharing.Policy.Grant), default);
            var revoking = trustee.PostAsync(Paths.Revocations, sharing.Revoke().Signed);
            await Task.Delay(300);
            Assert.False(revoking.IsCompleted);
            var waiting = trustee.PostAsync(Paths.Reencryptions, sharing.Ask(trustee).Signed); // queues behind the revocation: it is not starved
            await Task.Delay(300);
            Assert.False(waiting.IsCompleted);
            await held.DisposeAsync();
            Assert.Equal(200, (await revoking).Status);
            (await waiting).Refuses(403, Problems.NotGranted);
            return 0;
        });
    }

    [Fact]
    public async Task AGrantOfAnotherIsNotHeldUp()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        using var other = new Sharing(trustee.Time, sharing.Owner);
        await other.BringAsync(trustee);
        await trustee.InDatabaseAsync(async database =>
        {
            await using var held = await database.ShareGrantAsync(ReencryptionTables.GrantLock(trustee.Key, sharing.Account, sharing.Policy.Grant), default);
            var answer = await trustee.PostAsync(Paths.Revocations, other.Revoke().Signed).WaitAsync(TimeSpan.FromSeconds(10));
            Assert.Equal(200, answer.Status);
            return 0;
        });
    }
}
