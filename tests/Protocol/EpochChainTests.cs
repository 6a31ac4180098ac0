namespace Salus.Protocol.Tests;

public class EpochChainTests
{
    private static readonly SigningKey Owner = Parts.Signing(1);

    private static EpochHeader Next(EpochHeader? previous, SigningKey? owner = null, PartitionId? partition = null) => EpochHeader.Create(owner ?? Owner,
        partition ?? Parts.Partition, previous is null ? EpochNumber.First : previous.Epoch.Next(), Parts.Delegating(1).PublicKey, previous, []);

    [Fact]
    public void AChainGrowsByOneAndFollowsTheHash()
    {
        var first = Next(null);
        var second = Next(first);
        var third = Next(second);
        Assert.True(first.Follows(null) && second.Follows(first) && third.Follows(second));
        Assert.False(second.Follows(null) || third.Follows(first) || first.Follows(first) || first.Follows(second) || third.Follows(null));
    }

    [Fact]
    public void AForkAnotherOwnerAndAnotherPartitionDoNotFollow()
    {
        var first = Next(null);
        var fork = EpochHeader.Create(Owner, Parts.Partition, EpochNumber.First, Parts.Delegating(2).PublicKey, null, []);
        Assert.True(fork.Follows(null));
        Assert.False(Next(fork).Follows(first));
        using var stranger = Parts.Signing(2);
        Assert.False(Next(Next(null, stranger), stranger).Follows(first));
        Assert.False(Next(Next(null, partition: new PartitionId(9)), partition: new PartitionId(9)).Follows(first));
    }

    [Fact]
    public void TheLastEpochHasNoSuccessorAndIsNoError()
    {
        // Signed by whoever likes to: the verifier must answer, not fail.
        var case_ = SignedCases.All.Single(one => one.Name == nameof(EpochHeader));
        var payload = case_.Payload;
        payload.AsSpan(14 + 32 + 16, 4).Fill(0xff);
        Assert.True(EpochHeader.TryVerify(case_.Resign(payload, case_.Label), out var last));
        Assert.Equal(uint.MaxValue, last.Epoch.Value);
        Assert.False(Next(null).Follows(last) || last.Follows(last) || last.Follows(Next(null)));
    }

    [Fact]
    public void TheNextHeaderIsOfTheSameOwnerAndPartition()
    {
        var first = Next(null);
        using var stranger = Parts.Signing(2);
        Assert.Throws<ArgumentException>(() => Next(first, owner: stranger));
        Assert.Throws<ArgumentException>(() => Next(first, partition: new PartitionId(9)));
        Assert.Throws<ArgumentException>(() => EpochHeader.Create(Owner, Parts.Partition, new EpochNumber(3), Parts.Delegating(1).PublicKey, first, []));
    }
}
