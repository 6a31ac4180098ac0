using System.Security.Cryptography;
using Salus.Client.Audit;
using Salus.Protocol;

namespace Salus.Client.Tests.Audit;

public sealed class TargetChallengeTests
{
    private static readonly VerifyingKey[] Stores = [.. Enumerable.Range(0, 4).Select(_ => SigningKey.Generate().PublicKey)];

    [Fact]
    public void ASampleIsSpreadByLeavesAndMeetsEveryPlaceAlike()
    {
        var targets = Targets(1000, 3000, 1, 999, 5000, 2000);
        var seed = AuditSeed.Random(TimeProvider.System);
        var drawn = TargetChallenge.Draw(targets, seed, 120_000);
        Assert.Equal(120_000, drawn.Sum(challenge => challenge.Draws));
        Assert.All(drawn, challenge => Assert.All(challenge.Leaves, leaf => Assert.InRange(leaf, 0, challenge.Target.Leaves - 1)));
        foreach (var challenge in drawn.Where(challenge => challenge.Target.Leaves > 900))
        {
            Assert.InRange(challenge.Draws, challenge.Target.Leaves * 8.5, challenge.Target.Leaves * 11.5);
            // Ten draws a leaf: the chance that one leaf is missed is e^-10.
            Assert.InRange(challenge.Leaves.Count(), challenge.Target.Leaves - 6, challenge.Target.Leaves);
        }
    }

    [Fact]
    public void WhoHasTheSeedAndTheListDrawsTheSameLeavesInAnyOrderOfTheList()
    {
        var targets = Targets(100, 200, 300, 400, 500);
        var seed = AuditSeed.Random(TimeProvider.System);
        AuditTarget[] shuffled = [.. targets.Reverse()];
        Assert.Equal(Drawn(targets, seed), Drawn(shuffled, seed));
        Assert.NotEqual(Drawn(targets, seed), Drawn(targets, seed with { Epoch = seed.Epoch + 1 }));
        Assert.NotEqual(Drawn(targets, seed), Drawn(targets, AuditSeed.Random(TimeProvider.System)));

        static string[] Drawn(IReadOnlyList<AuditTarget> targets, AuditSeed seed) =>
            [.. TargetChallenge.Draw(targets, seed, 80)
                .SelectMany(challenge => challenge.Leaves.Select(leaf => $"{Convert.ToHexString(challenge.Target.Address)} {leaf}")).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void AChallengeIsTheFormulaOfTheSpecification()
    {
        var seed = new AuditSeed(RandomNumberGenerator.GetBytes(32), 5, 1_800_000_000);
        var message = new byte[8 + 24 + 32 + 16];
        message[7] = 24;
        "salus/v1/audit-challenge"u8.CopyTo(message.AsSpan(8));
        Stores[0].Bytes.CopyTo(message.AsSpan(32));
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(message.AsSpan(64), 1_800_000_000);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(message.AsSpan(72), 7);
        var expected = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(HMACSHA256.HashData(seed.Root, message)) % 1000;
        Assert.Equal((long)expected, seed.Leaf(Stores[0], 7, 1000));
    }

    [Fact]
    public void TheProbabilityIsThatOfDrawingOneOfAHundredth()
    {
        Assert.Equal(0, AuditReport.ProbabilityOf(0));
        Assert.Equal(0.01, AuditReport.ProbabilityOf(1), 12);
        Assert.True(AuditReport.ProbabilityOf(AuditReport.DefaultSample) >= 0.99);
        Assert.True(AuditReport.ProbabilityOf(AuditReport.DefaultSample - 1) < 0.99);
        // 69 a day find it within a week.
        Assert.True(AuditReport.ProbabilityOf(7 * 69) >= 0.99);
    }

    [Fact]
    public void NothingStoredIsNothingAsked()
    {
        Assert.Empty(TargetChallenge.Draw([], AuditSeed.Random(TimeProvider.System), 459));
        Assert.Empty(TargetChallenge.All([]));
    }

    private static AuditTarget[] Targets(params long[] leaves) =>
        [.. leaves.Select((count, i) => new ListedTarget(i + 1, Stores[i % Stores.Length], RandomNumberGenerator.GetBytes(32), count, new byte[32]))];
}
