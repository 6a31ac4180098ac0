using System.Text;
using Salus.Client.Deposits;
using Salus.Protocol;

namespace Salus.Client.Tests.Deposits;

public class DepositTests
{
    private static readonly DateTimeOffset From = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Until = From.AddDays(30);
    private static readonly PartitionId Medical = new(1);
    private static readonly SigningKey Owner = new(Encoding.ASCII.GetBytes("the owner of the index, 32 bytes"));
    private static readonly SigningKey Hospital = new(Encoding.ASCII.GetBytes("the source of records, 32 bytes!"));
    private static readonly SigningKey Laboratory = new(Encoding.ASCII.GetBytes("another source of records, 32 b."));

    private static Deposit Deposit(DateTimeOffset? ended = null) => new(
        DepositGrant.Create(Owner, new DepositTerms(new GrantId(5), Owner.PublicKey, Hospital.PublicKey, From, Until, [Medical]), []), ended);

    [Fact]
    public void ADepositorWritesWithinTheTermsAndNobodyElseDoes()
    {
        Assert.True(Deposit().Allows(Hospital.PublicKey, Medical, From) && Deposit().Allows(Hospital.PublicKey, Medical, Until.AddMilliseconds(-1)));
        Assert.False(Deposit().Allows(Hospital.PublicKey, Medical, From.AddMilliseconds(-1)) || Deposit().Allows(Hospital.PublicKey, Medical, Until));
        Assert.False(Deposit().Allows(Hospital.PublicKey, new PartitionId(2), From) || Deposit().Allows(Laboratory.PublicKey, Medical, From));
    }

    [Fact]
    public void WhatIsSignedFromTheRevocationOnCountsNoMore()
    {
        var ended = Deposit(From.AddDays(3));
        Assert.True(ended.Allows(Hospital.PublicKey, Medical, From.AddDays(3).AddMilliseconds(-1)));
        Assert.False(ended.Allows(Hospital.PublicKey, Medical, From.AddDays(3)));
    }

    [Fact]
    public void AStateIsWhatItIsNow()
    {
        Assert.Equal(["not yet", "active", "active", "expired"],
            new[] { From.AddMilliseconds(-1), From, Until.AddMilliseconds(-1), Until }.Select(now => Deposit().State(now)));
        Assert.Equal("revoked", Deposit(From).State(From.AddDays(1)));
        Assert.False(Deposit(From).IsLive(From.AddDays(1)));
    }
}
