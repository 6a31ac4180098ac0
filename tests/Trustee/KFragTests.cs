using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Trustee.Reencryption;

namespace Salus.Trustee.Tests;

public class KFragTests
{
    [Fact]
    public async Task KeepsAKeyOnceHoweverOftenItComes()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        var first = sharing.KFragFor(trustee);
        Assert.Equal(204, (await trustee.PostAsync(Paths.KFrags, first)).Status);
        Assert.Equal(204, (await trustee.PostAsync(Paths.KFrags, first)).Status);
        Assert.Equal(204, (await trustee.PostAsync(Paths.KFrags, sharing.KFragFor(trustee))).Status); // another box, the same key
        Assert.Equal(1, await trustee.CountAsync<KFragRow>());
    }

    [Fact]
    public async Task RefusesAnotherKeyForTheSameGrantPartitionAndEpoch()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        await sharing.BringAsync(trustee);
        (await trustee.PostAsync(Paths.KFrags, sharing.KFragFor(trustee, index: 1))).Refuses(409, Problems.Conflict);
        var longer = sharing.Policy with { Until = sharing.Policy.Until.AddDays(1) };
        (await trustee.PostAsync(Paths.KFrags, sharing.KFragFor(trustee, policy: longer))).Refuses(409, Problems.Conflict);
    }

    [Fact]
    public async Task ParallelDifferentKeysLeaveOne()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => trustee.PostAsync(Paths.KFrags, sharing.KFragFor(trustee, i % 3))));
        Assert.Equal(4, answers.Count(answer => answer.Status == 204));
        Assert.All(answers.Where(answer => answer.Status != 204), answer => answer.Refuses(409, Problems.Conflict));
        Assert.Equal(1, await trustee.CountAsync<KFragRow>());
    }

    [Fact]
    public async Task AKeyThatHasExpiredGivesWay()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        await sharing.BringAsync(trustee);
        trustee.Time.Now = sharing.Policy.Until;
        using var again = new Sharing(trustee.Time, sharing.Owner, sharing.Policy.Grant);
        var policy = again.Policy with { Partition = sharing.Policy.Partition };
        Assert.Equal(204, (await trustee.PostAsync(Paths.KFrags, again.KFragFor(trustee, policy: policy))).Status);
        Assert.Equal(1, await trustee.CountAsync<KFragRow>());
    }

    [Fact]
    public async Task RefusesAKeyOfAGrantThatHasEnded()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        trustee.Time.Now = sharing.Policy.Until;
        (await trustee.PostAsync(Paths.KFrags, sharing.KFragFor(trustee))).Refuses(400, Problems.BadRequest);
        Assert.Equal(0, await trustee.CountAsync<KFragRow>());
    }

    [Fact]
    public async Task RefusesAKeyThatItsOwnerDidNotSign()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        (await trustee.PostAsync(Paths.KFrags, sharing.ForgedKFragFor(trustee, sharing.Delegatee))).Refuses(400, Problems.BadRequest);
        Assert.Equal(204, (await trustee.PostAsync(Paths.KFrags, sharing.ForgedKFragFor(trustee, sharing.Owner))).Status); // so it is the signer that was refused
    }

    [Fact]
    public async Task RefusesAKeyForAnotherTrustee()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var other = SigningKey.Generate();
        using var sharing = new Sharing(trustee.Time);
        var misnamed = KFrag.Seal(sharing.Owner, sharing.Policy, sharing.DelegatingKey, other.PublicKey, trustee.Box, sharing.Shares[0]);
        (await trustee.PostAsync(Paths.KFrags, misnamed)).Refuses(400, Problems.BadRequest);
        using var otherBox = new UnboxingKey(new byte[32]);
        var missealed = KFrag.Seal(sharing.Owner, sharing.Policy, sharing.DelegatingKey, trustee.Key, otherBox.PublicKey, sharing.Shares[0]);
        (await trustee.PostAsync(Paths.KFrags, missealed)).Refuses(400, Problems.BadRequest);
    }

    [Fact]
    public async Task AStrangerCannotTakeThePlaceOfAGrant()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        using var stranger = new Sharing(trustee.Time, grant: sharing.Policy.Grant);
        var squatting = stranger.Policy with { Partition = sharing.Policy.Partition };
        Assert.Equal(204, (await trustee.PostAsync(Paths.KFrags, stranger.KFragFor(trustee, policy: squatting))).Status);
        await sharing.BringAsync(trustee);
        Assert.NotNull(Assert.Single(await sharing.AnswerAsync(trustee, [sharing.Seal().Item])));
    }

    [Fact]
    public async Task RefusesEveryAlteredByteAndEveryTruncation()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        var message = sharing.KFragFor(trustee);
        for (var i = 0; i < message.Length; i++)
        {
            var altered = (byte[])message.Clone();
            altered[i] ^= (byte)(1 << (i % 8));
            (await trustee.PostAsync(Paths.KFrags, altered)).Refuses(400, Problems.BadRequest);
            (await trustee.PostAsync(Paths.KFrags, message[..i])).Refuses(400, Problems.BadRequest);
        }
        Assert.Equal(0, await trustee.CountAsync<KFragRow>());
    }

    [Fact]
    public async Task RefusesBodiesAboveTheLimit()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        foreach (var path in (string[])[Paths.KFrags, Paths.Reencryptions, Paths.Revocations])
        {
            (await trustee.PostAsync(path, new byte[64 * 1024 + 1])).Refuses(413, Problems.TooLarge);
            (await trustee.PostAsync(path, new byte[64 * 1024])).Refuses(400, Problems.BadRequest);
            (await trustee.PostAsync(path, [])).Refuses(400, Problems.BadRequest);
        }
    }
}
