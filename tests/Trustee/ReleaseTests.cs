using System.Security.Cryptography;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;
using Salus.Trustee.Reencryption;
using Salus.Trustee.Release;
using Salus.Trustee.Witness;

namespace Salus.Trustee.Tests;

public class ReleaseTests
{
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(ReleaseLock.SecretSize);
    private readonly byte[] _wrong = RandomNumberGenerator.GetBytes(ReleaseLock.SecretSize);

    [Fact]
    public async Task ALockedKeyAnswersNothingUntilItsDelegateeHasShownTheSecret()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        await LockAsync(trustee, sharing);
        (await trustee.PostAsync(Paths.Reencryptions, sharing.Ask(trustee).Signed)).Refuses(403, Problems.NotGranted);
        (await ClaimAsync(trustee, sharing, _wrong)).Refuses(403, Problems.CodeRefused);
        (await trustee.PostAsync(Paths.Reencryptions, sharing.Ask(trustee).Signed)).Refuses(403, Problems.NotGranted);

        Assert.Equal(204, (await ClaimAsync(trustee, sharing, _secret)).Status);
        Assert.NotNull(Assert.Single(await sharing.AnswerAsync(trustee, [sharing.Seal().Item])));
        Assert.Equal(204, (await ClaimAsync(trustee, sharing, _secret)).Status); // again is no harm
        (await ClaimAsync(trustee, sharing, _wrong)).Refuses(403, Problems.CodeRefused);
        await trustee.RestartAsync();
        Assert.NotNull(Assert.Single(await sharing.AnswerAsync(trustee, [sharing.Seal().Item])));
    }

    [Fact, Attack("P05")]
    public async Task ParallelWrongGuessesCountFiveAndThenTheKeysAreGone()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        await LockAsync(trustee, sharing);
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => ClaimAsync(trustee, sharing, RandomNumberGenerator.GetBytes(32))));
        Assert.All(answers, answer => answer.Refuses(403, Problems.CodeRefused));
        Assert.Equal(ReleaseLock.MaxTries, Assert.Single(await trustee.InDatabaseAsync(database => Task.FromResult(database.Locks.ToList()))).Tries);
        Assert.Equal(0, await trustee.CountAsync<KFragRow>());
        (await ClaimAsync(trustee, sharing, _secret)).Refuses(403, Problems.CodeRefused);
        // Nor does the owner's key come back under the same lock.
        (await trustee.PostAsync(Paths.KFrags, sharing.KFragFor(trustee, releaseLock: Lock(sharing)))).Refuses(409, Problems.LockClosed);
    }

    [Fact]
    public async Task FourWrongGuessesLeaveTheRightOne()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        await LockAsync(trustee, sharing);
        for (var i = 0; i < ReleaseLock.MaxTries - 1; i++)
            (await ClaimAsync(trustee, sharing, _wrong)).Refuses(403, Problems.CodeRefused);
        Assert.Equal(204, (await ClaimAsync(trustee, sharing, _secret)).Status);
    }

    [Fact]
    public async Task AClaimIsTakenOnceAndInItsTime()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        await LockAsync(trustee, sharing);
        var wrong = sharing.Claim(trustee, _wrong).Signed;
        (await trustee.PostAsync(Paths.Claims, wrong)).Refuses(403, Problems.CodeRefused);
        for (var i = 0; i < 10; i++)
            (await trustee.PostAsync(Paths.Claims, wrong)).Refuses(409, Problems.Replayed); // and counts nothing
        (await trustee.PostAsync(Paths.Claims, sharing.Claim(trustee, _secret, at: trustee.Time.Now.AddMinutes(-6)).Signed)).Refuses(403, Problems.ClockSkew);
        using var other = SigningKey.Generate();
        (await trustee.PostAsync(Paths.Claims, sharing.Claim(trustee, _secret, addressee: other.PublicKey).Signed)).Refuses(421, Problems.Misdirected);
        (await trustee.PostAsync(Paths.Claims, [1, 2, 3])).Refuses(400, Problems.BadRequest);
        Assert.Equal(1, Assert.Single(await trustee.InDatabaseAsync(database => Task.FromResult(database.Locks.ToList()))).Tries);
        Assert.Equal(204, (await ClaimAsync(trustee, sharing, _secret)).Status);
    }

    [Fact]
    public async Task NobodyElseClaimsAndNobodyElsesTriesAreCounted()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        using var stranger = SigningKey.Generate();
        using var second = new Sharing(trustee.Time, sharing.Owner);
        await LockAsync(trustee, sharing);
        await LockAsync(trustee, second, RandomNumberGenerator.GetBytes(32));
        foreach (var claim in (ReleaseClaim[])
        [
            sharing.Claim(trustee, _secret, claimant: stranger), sharing.Claim(trustee, _secret, claimant: sharing.Owner),
            sharing.Claim(trustee, _secret, grant: second.Policy.Grant), sharing.Claim(trustee, _secret, grant: Identifier.Random<GrantId>()),
            sharing.Claim(trustee, _secret, owner: stranger.PublicKey.Account), second.Claim(trustee, _secret),
        ])
            (await trustee.PostAsync(Paths.Claims, claim.Signed)).Refuses(403, Problems.CodeRefused);
        var tries = await trustee.InDatabaseAsync(database => Task.FromResult(database.Locks.ToDictionary(row => row.Grant, row => row.Tries)));
        Assert.Equal((0, 1), (tries[sharing.Policy.Grant], tries[second.Policy.Grant])); // the one of the second's own delegatee
        Assert.Equal(204, (await ClaimAsync(trustee, sharing, _secret)).Status);
        (await trustee.PostAsync(Paths.Reencryptions, second.Ask(trustee).Signed)).Refuses(403, Problems.NotGranted);
    }

    [Fact]
    public async Task ASecretOfAnotherTrusteeOpensNothing()
    {
        await using var first = await TrusteeHost.StartAsync();
        await using var second = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(first.Time);
        await LockAsync(first, sharing);
        Assert.Equal(204, (await second.PostAsync(Paths.KFrags, sharing.KFragFor(second, 1, releaseLock: Lock(sharing, _wrong)))).Status);
        (await ClaimAsync(first, sharing, _wrong)).Refuses(403, Problems.CodeRefused);
        (await ClaimAsync(second, sharing, _secret)).Refuses(403, Problems.CodeRefused);
        Assert.Equal(204, (await ClaimAsync(second, sharing, _wrong)).Status);
    }

    [Fact]
    public async Task ALockThatExpiresTakesItsKeysWithItAndOneThatWasOpenedDoesNot()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var late = new Sharing(trustee.Time, until: TimeSpan.FromDays(9));
        using var opened = new Sharing(trustee.Time, until: TimeSpan.FromDays(9));
        await LockAsync(trustee, late);
        await LockAsync(trustee, opened);
        Assert.Equal(204, (await ClaimAsync(trustee, opened, _secret)).Status);
        trustee.Time.Now = late.Policy.From.AddDays(1);
        (await ClaimAsync(trustee, late, _secret)).Refuses(403, Problems.CodeRefused);
        await SweepAsync(trustee, trustee.Time.Now.AddMinutes(1));
        Assert.Equal(opened.Policy.Grant, Assert.Single(await trustee.InDatabaseAsync(database => Task.FromResult(database.KFrags.ToList()))).Grant);
        Assert.Equal(1, await trustee.CountAsync<LockRow>());
        Assert.NotNull(Assert.Single(await opened.AnswerAsync(trustee, [opened.Seal().Item])));
        (await trustee.PostAsync(Paths.KFrags, late.KFragFor(trustee, releaseLock: Lock(late)))).Refuses(409, Problems.LockClosed);
    }

    [Fact]
    public async Task AKeyOfALaterEpochComesReleasedUnderTheSameLockOnly()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        await LockAsync(trustee, sharing);
        Assert.Equal(204, (await ClaimAsync(trustee, sharing, _secret)).Status);
        var next = sharing.Policy with { Epoch = sharing.Policy.Epoch.Next() };
        (await trustee.PostAsync(Paths.KFrags, sharing.KFragFor(trustee, policy: next, releaseLock: Lock(sharing, _wrong)))).Refuses(409, Problems.Conflict);
        Assert.Equal(204, (await trustee.PostAsync(Paths.KFrags, sharing.KFragFor(trustee, policy: next, releaseLock: Lock(sharing)))).Status);
        var request = sharing.Ask(trustee, [sharing.Seal(epoch: next.Epoch).Item], epoch: next.Epoch);
        Assert.Equal(200, (await trustee.PostAsync(Paths.Reencryptions, request.Signed)).Status);
    }

    [Fact]
    public async Task ARevocationEndsALockedGrantAndItsLock()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        await LockAsync(trustee, sharing);
        Assert.Equal(200, (await trustee.PostAsync(Paths.Revocations, sharing.Revoke().Signed)).Status);
        Assert.Equal((0, 0), (await trustee.CountAsync<LockRow>(), await trustee.CountAsync<KFragRow>()));
        (await ClaimAsync(trustee, sharing, _secret)).Refuses(403, Problems.CodeRefused);
    }

    [Fact]
    public async Task WhoCanWriteRowsCannotReleaseAGrant()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        await LockAsync(trustee, sharing);
        await trustee.SqlAsync("UPDATE locks SET secret = verifier");
        (await trustee.PostAsync(Paths.Reencryptions, sharing.Ask(trustee).Signed)).Refuses(403, Problems.NotGranted);
        foreach (var change in (string[])["lock_verifier = NULL, lock_expires = NULL", "lock_verifier = NULL", $"lock_verifier = '\\x{Convert.ToHexStringLower(SHA256.HashData(_wrong))}'"])
        {
            await trustee.SqlAsync($"CREATE TABLE before AS SELECT * FROM kfrags; UPDATE kfrags SET {change}; UPDATE locks SET secret = '\\x{Convert.ToHexStringLower(_wrong)}'");
            Assert.True((await trustee.PostAsync(Paths.Reencryptions, sharing.Ask(trustee).Signed)).Status == 500, change);
            await trustee.SqlAsync("DELETE FROM kfrags; INSERT INTO kfrags SELECT * FROM before; DROP TABLE before");
        }
        Assert.Equal(0, await trustee.CountAsync<AccessRow>());
    }

    private ReleaseLock Lock(Sharing sharing, byte[]? secret = null) => ReleaseLock.Of(secret ?? _secret, sharing.Policy.From.AddDays(1));

    private async Task LockAsync(TrusteeHost trustee, Sharing sharing, byte[]? secret = null) =>
        Assert.Equal(204, (await trustee.PostAsync(Paths.KFrags, sharing.KFragFor(trustee, releaseLock: Lock(sharing, secret)))).Status);

    private static Task<Answer> ClaimAsync(TrusteeHost trustee, Sharing sharing, byte[] secret) => trustee.PostAsync(Paths.Claims, sharing.Claim(trustee, secret).Signed);

    private static Task<int> SweepAsync(TrusteeHost trustee, DateTimeOffset now) =>
        trustee.InDatabaseAsync(async database => { await Sweep.RunAsync(database, now, default); return 0; });
}
