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

    private static readonly TimeSpan OneMillisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Tolerance = Limits.ClockTolerance;

    private static Deposit Deposit(DateTimeOffset? ended = null) => new(
        DepositGrant.Create(Owner, new DepositTerms(new GrantId(5), Owner.PublicKey, Hospital.PublicKey, From, Until, [Medical]), []), ended);

    [Fact]
    public void ADepositorWritesWithinTheTermsAndNobodyElseDoes()
    {
        Assert.True(Deposit().Allows(Hospital.PublicKey, Medical, From - Tolerance) && Deposit().Allows(Hospital.PublicKey, Medical, Until + Tolerance.Subtract(OneMillisecond)));
        Assert.False(Deposit().Allows(Hospital.PublicKey, Medical, From - Tolerance - OneMillisecond) || Deposit().Allows(Hospital.PublicKey, Medical, Until + Tolerance));
        Assert.False(Deposit().Allows(Hospital.PublicKey, new PartitionId(2), From) || Deposit().Allows(Laboratory.PublicKey, Medical, From));
    }

    [Fact]
    public void WhatIsSignedFromTheRevocationOnCountsNoMore()
    {
        var ended = Deposit(From.AddDays(3));
        Assert.True(ended.Allows(Hospital.PublicKey, Medical, From.AddDays(3) + Tolerance - OneMillisecond));
        Assert.False(ended.Allows(Hospital.PublicKey, Medical, From.AddDays(3) + Tolerance));
        Assert.False(Deposit(Until.AddDays(3)).Allows(Hospital.PublicKey, Medical, Until + Tolerance));
    }

    [Fact]
    public void ATimeAtTheEndsOfTheCalendarIsATime()
    {
        var endless = new Deposit(DepositGrant.Create(Owner, new DepositTerms(new GrantId(5), Owner.PublicKey, Hospital.PublicKey, DateTimeOffset.UnixEpoch, Limits.NoEnd, [Medical]), []), null);
        Assert.True(endless.Allows(Hospital.PublicKey, Medical, DateTimeOffset.UnixEpoch) && endless.Allows(Hospital.PublicKey, Medical, Limits.NoEnd));
        Assert.False(Deposit().Allows(Hospital.PublicKey, Medical, Limits.NoEnd) || Deposit().Allows(Hospital.PublicKey, Medical, DateTimeOffset.UnixEpoch));
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
