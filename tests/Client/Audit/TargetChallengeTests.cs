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
        var seed = new AuditSeed(RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32), 5, 1_800_000_000);
        var message = new byte[8 + 24 + 32 + 32 + 16];
        message[7] = 24;
        "salus/v1/audit-challenge"u8.CopyTo(message.AsSpan(8));
        seed.Root!.CopyTo(message, 32);
        Stores[0].Bytes.CopyTo(message.AsSpan(64));
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(message.AsSpan(96), 1_800_000_000);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(message.AsSpan(104), 7);
        Assert.Equal(Expected(), seed.Leaf(Stores[0], 7, 1000));
        // Without a log the root is zeros.
        message.AsSpan(32, 32).Clear();
        Assert.Equal(Expected(), (seed with { Root = null, TreeSize = null }).Leaf(Stores[0], 7, 1000));

        long Expected() => (long)(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(HMACSHA256.HashData(seed.Own, message)) % 1000);
    }

    [Fact]
    public void TheProbabilityIsThatOfDrawingOneOfAHundredth()
    {
        Assert.Equal(0, AuditReport.ProbabilityOf(0, 0));
        Assert.Equal(0.01, AuditReport.ProbabilityOf(1, 0), 12);
        Assert.True(AuditReport.ProbabilityOf(AuditReport.DefaultSample, 0) >= 0.99);
        Assert.True(AuditReport.ProbabilityOf(AuditReport.DefaultSample - 1, 0) < 0.99);
        // 69 a day find it within a week.
        Assert.True(AuditReport.ProbabilityOf(7 * 69, 0) >= 0.99);
    }

    [Fact]
    public void WhatIsNotAnsweredMayBeWhatIsRotten()
    {
        // Found is what is met more often than it can be left unanswered.
        Assert.Equal(1 - Math.Pow(0.99, 100) - 100 * 0.01 * Math.Pow(0.99, 99), AuditReport.ProbabilityOf(100, 1), 12);
        Assert.Equal(0.000_001, AuditReport.ProbabilityOf(3, 2), 12);
        Assert.Equal(0, AuditReport.ProbabilityOf(10, 10));
        Assert.Equal(0, AuditReport.ProbabilityOf(459, 115), 9);
        Assert.Equal(0, AuditReport.ProbabilityOf(int.MaxValue, int.MaxValue / 2));
        Assert.InRange(AuditReport.ProbabilityOf(100_000, 1000), 0.4, 0.6);
        Assert.Equal((1, 0, 1), (AuditReport.ProbabilityOfAll(100, 0), AuditReport.ProbabilityOfAll(100, 1), AuditReport.ProbabilityOfAll(1000, 9)));
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
