using Salus.Crypto;
using Salus.Protocol.Studies;

namespace Salus.Protocol.Tests.Studies;

public class ContributionTests
{
    private static readonly SigningKey Withdrawal = Parts.Signing(9);
    private static readonly Study Study = StudyCases.Study;
    private static readonly ContributionHeader Header = ContributionHeader.Create(Withdrawal, Study.Id, new byte[CopySize.Smallest], []);

    [Fact]
    public void EveryPartChangesTheDigest()
    {
        var id = Withdrawal.PublicKey.Contribution();
        var (copy, row) = (Parts.Seed(1, 32), Parts.Seed(2, 32));
        var digests = new[]
        {
            ContributionDigest.Of(Study.Id, id, copy, row), ContributionDigest.Of(new StudyId(1), id, copy, row), ContributionDigest.Of(Study.Id, new ContributionId(1), copy, row),
            ContributionDigest.Of(Study.Id, id, row, copy), ContributionDigest.Of(Study.Id, id, copy, []), ContributionDigest.Of(Study.Id, id, [], copy),
            ContributionDigest.Of(Study.Id, id, [.. copy, .. row], []),
        };
        Assert.Equal(digests.Length, digests.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void TwoReceiptsOfDifferentTrusteesSuffice()
    {
        var receipts = StudyCases.Trustees.Select(trustee => ContributionReceipt.Create(trustee, Study.Id, Header.Digest).Signed).ToArray();
        Assert.True(ContributionReceipt.Suffice(Study, Header, [receipts[0], receipts[2]]));
        Assert.False(ContributionReceipt.Suffice(Study, Header, [receipts[0]]));
        Assert.False(ContributionReceipt.Suffice(Study, Header, [receipts[0], receipts[0]]));
        Assert.False(ContributionReceipt.Suffice(Study, Header, receipts));
        Assert.False(ContributionReceipt.Suffice(Study, Header, [receipts[0], ContributionReceipt.Create(Parts.Signing(8), Study.Id, Header.Digest).Signed]));
        Assert.False(ContributionReceipt.Suffice(Study, Header, [receipts[0], ContributionReceipt.Create(StudyCases.Trustees[1], new StudyId(1), Header.Digest).Signed]));
        Assert.False(ContributionReceipt.Suffice(Study, Header, [receipts[0], ContributionReceipt.Create(StudyCases.Trustees[1], Study.Id, Parts.Seed(1, 32)).Signed]));
        var ofAnother = ContributionHeader.Create(Withdrawal, new StudyId(1), new byte[CopySize.Smallest], []);
        Assert.False(ContributionReceipt.Suffice(Study, ofAnother, [.. StudyCases.Trustees.Take(2).Select(trustee => ContributionReceipt.Create(trustee, new StudyId(1), ofAnother.Digest).Signed)]));
    }

    [Fact]
    public void ARedemptionIsGoodForItsTokenAndBytesAlone()
    {
        using var token = Secret.CopyOf(Parts.Seed(1, 64));
        using var other = Secret.CopyOf(Parts.Seed(2, 64));
        var made = Redemption.Create(StudyCases.Trustees[0].PublicKey, Study.Id, Parts.Seed(3, 32), Header.Digest, token);
        var bytes = made.ToBytes();
        Assert.True(Redemption.TryParse(bytes, out var read));
        Assert.True(read.IsPaidWith(token));
        Assert.False(read.IsPaidWith(other));
        Assert.Equal((made.Trustee, made.Study), (read.Trustee, read.Study));
        Assert.Equal(made.Nonce, read.Nonce);
        Assert.Equal(made.Digest, read.Digest);
        for (var length = 0; length < bytes.Length; length++)
            Assert.False(Redemption.TryParse(bytes.AsSpan(0, length), out _));
        Assert.False(Redemption.TryParse([.. bytes, 0], out _));
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            var altered = (byte[])bytes.Clone();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Redemption.TryParse(altered, out var changed) && changed.IsPaidWith(token), $"bit {bit % 8} of byte {bit / 8} may be flipped");
        }
    }

    [Fact]
    public void AHeadFitsItsCopyAlone()
    {
        var other = new byte[CopySize.Smallest];
        other[5] = 1;
        Assert.True(Header.Fits(new byte[CopySize.Smallest]));
        Assert.False(Header.Fits(other));
        Assert.False(Header.Fits([]));
        var rowOnly = ContributionHeader.Create(Withdrawal, Study.Id, [], Parts.Seed(1, 32));
        Assert.True(rowOnly.Fits([]));
        Assert.False(rowOnly.Fits(new byte[CopySize.Smallest]));
        Assert.Throws<ArgumentException>(() => ContributionHeader.Create(Withdrawal, Study.Id, [], []));
        Assert.Throws<ArgumentException>(() => ContributionHeader.Create(Withdrawal, Study.Id, new byte[100], []));
        Assert.Throws<ArgumentException>(() => ContributionHeader.Create(Withdrawal, Study.Id, [], new byte[31]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16_000)]
    [InlineData(16_300)]
    [InlineData(16_400)]
    [InlineData(1_000_000)]
    public void ACopyOpensForTheCustodianAndShowsAClassOnly(int length)
    {
        var custodian = Parts.Box(6);
        var content = Parts.Seed(1, 32).Concat(new byte[length]).Take(length).ToArray();
        var copy = SealedCopy.Seal(custodian.PublicKey, Study.Id, Header.Id, content);
        Assert.True(CopySize.IsClass(copy.Length));
        Assert.True(SealedCopy.TryUnseal(custodian, Study.Id, Header.Id, copy, out var opened));
        Assert.Equal(content, opened);
        Assert.False(SealedCopy.TryUnseal(custodian, new StudyId(1), Header.Id, copy, out _));
        Assert.False(SealedCopy.TryUnseal(custodian, Study.Id, new ContributionId(1), copy, out _));
        Assert.False(SealedCopy.TryUnseal(Parts.Box(5), Study.Id, Header.Id, copy, out _));
        copy[^1] ^= 1;
        Assert.False(SealedCopy.TryUnseal(custodian, Study.Id, Header.Id, copy, out _));
    }

    [Fact]
    public void WhatIsBehindTheContentOfACopyIsZero()
    {
        var custodian = Parts.Box(6);
        var copy = SealedCopy.Seal(custodian.PublicKey, Study.Id, Header.Id, [1, 2, 3]);
        Assert.True(custodian.TryOpen(copy, out var padded));
        padded[^1] = 1;
        Assert.False(SealedCopy.TryUnseal(custodian, Study.Id, Header.Id, custodian.PublicKey.Seal(padded), out _));
        Assert.False(SealedCopy.TryUnseal(custodian, Study.Id, Header.Id, custodian.PublicKey.Seal([1, 2, 3]), out _));
    }

    [Fact]
    public void TheClassesAreSix()
    {
        Assert.Equal([16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20], Enumerable.Range(0, 33).Select(bit => 1L << bit).Where(CopySize.IsClass).Select(size => (int)size));
        Assert.Equal((16 << 10, 16 << 10, 64 << 10, 16 << 20, 0),
            (CopySize.For(0), CopySize.For(16 << 10), CopySize.For((16 << 10) + 1), CopySize.For(16 << 20), CopySize.For((16 << 20) + 1)));
        Assert.Equal(Limits.MaxSealedCopy, SealedCopy.Seal(Parts.Box(6).PublicKey, Study.Id, Header.Id, new byte[SealedCopy.MaxContent]).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => SealedCopy.Seal(Parts.Box(6).PublicKey, Study.Id, Header.Id, new byte[SealedCopy.MaxContent + 1]));
    }

    [Fact]
    public void AContributionSaysNothingOfTheKeyButItsHash()
    {
        Assert.Equal(Header.Id, ContributionWithdrawal.Create(Withdrawal, Study.Id).Id);
        Assert.NotEqual(Header.Id, Parts.Signing(8).PublicKey.Contribution());
    }
}
