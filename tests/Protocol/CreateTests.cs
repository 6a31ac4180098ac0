using System.Security.Cryptography;
using Salus.Protocol.Http;

namespace Salus.Protocol.Tests;

/// <summary>What is made is what others read, and nothing is signed that they would refuse.</summary>
public class CreateTests
{
    private static readonly SigningKey Owner = Parts.Signing(1);
    private static readonly SigningKey Delegatee = Parts.Signing(2);

    [Fact]
    public void TimesAreOfTheWire()
    {
        var at = new DateTimeOffset(2026, 3, 4, 5, 6, 7, 89, TimeSpan.FromHours(2)).AddTicks(4321);
        var made = Revocation.Create(Owner, Parts.GrantNumber, at);
        Assert.Equal((at.AddTicks(-4321), TimeSpan.Zero), (made.At, made.At.Offset));
        Assert.Throws<ArgumentOutOfRangeException>(() => Revocation.Create(Owner, Parts.GrantNumber, DateTimeOffset.UnixEpoch.AddTicks(-1)));
        Assert.Equal(Limits.NoEnd, Revocation.Create(Owner, Parts.GrantNumber, DateTimeOffset.MaxValue).At);
    }

    [Fact]
    public void WhatWasGivenMayBeReusedWithoutHarm()
    {
        byte[] label = [1, 2, 3];
        var header = EpochHeader.Create(Owner, Parts.Partition, EpochNumber.First, Parts.Delegating(1).PublicKey, null, label);
        label[0] = 9;
        Assert.Equal([1, 2, 3], header.SealedLabel);
    }

    [Fact]
    public void RefusesGrantsThatNobodyWouldAccept()
    {
        var terms = Parts.Terms(Owner, Delegatee);
        var entry = Parts.Entry(EpochNumber.First);
        Assert.NotNull(Grant.Create(Owner, terms, [entry], []));
        foreach (var wrong in (GrantTerms[])
        [
            terms with { Version = 0 }, terms with { Role = 0 }, terms with { Purpose = (Purpose)99 }, terms with { Until = terms.From }, terms with { From = Limits.NoEnd },
            terms with { Until = terms.From.AddTicks(1) }, terms with { Owner = Delegatee.PublicKey },
        ])
            Assert.Throws<ArgumentException>(() => Grant.Create(Owner, wrong, [entry], []));
        Assert.Throws<ArgumentException>(() => Grant.Create(Owner, terms, [], []));
        Assert.Throws<ArgumentException>(() => Grant.Create(Owner, terms, [entry, entry], []));
        Assert.Throws<ArgumentException>(() => Grant.Create(Owner, terms, [entry with { Shares = [entry.Shares[0], entry.Shares[1]] }], []));
        Assert.Throws<ArgumentException>(() => Grant.Create(Owner, terms, [entry with { Shares = [entry.Shares[0], entry.Shares[1], entry.Shares[1]] }], []));
        Assert.Throws<ArgumentException>(() => Grant.Create(Owner, terms, [entry], new byte[Limits.MaxSealedNote + 1]));
        Assert.NotNull(Grant.Create(Owner, terms, [entry], new byte[Limits.MaxSealedNote]));
    }

    [Fact]
    public void RefusesDepositGrantsThatNobodyWouldAccept()
    {
        var terms = Parts.Deposit(Owner, Delegatee);
        Assert.NotNull(DepositGrant.Create(Owner, terms, []));
        foreach (var wrong in (DepositTerms[])
        [
            terms with { Owner = Delegatee.PublicKey }, terms with { Depositor = Owner.PublicKey }, terms with { Until = terms.From }, terms with { Until = terms.From.AddTicks(1) },
            terms with { Partitions = [] }, terms with { Partitions = [Parts.Partition, Parts.Partition] },
            terms with { Partitions = [.. Enumerable.Range(1, Limits.MaxDepositPartitions + 1).Select(i => new PartitionId((UInt128)i))] },
        ])
            Assert.Throws<ArgumentException>(() => DepositGrant.Create(Owner, wrong, []));
        Assert.Throws<ArgumentException>(() => DepositGrant.Create(Owner, terms, new byte[Limits.MaxSealedNote + 1]));
    }

    [Theory]
    [InlineData("City Hospital", true)]
    [InlineData("Ørsted-Klinik №1 (病院)", true)]
    [InlineData("x", true)]
    [InlineData("", false)]
    [InlineData(" City Hospital", false)]
    [InlineData("City Hospital ", false)]
    [InlineData("City  Hospital", false)]
    [InlineData("City\u00a0Hospital", false)]
    [InlineData("City\tHospital", false)]
    [InlineData("City\u200bHospital", false)]
    [InlineData("City\u202eHospital", false)]
    [InlineData("City\u2028Hospital", false)]
    [InlineData("City\ue000Hospital", false)]
    public void AnOrganisationHasAVisibleName(string name, bool isOne)
    {
        Assert.Equal(isOne, AccountCard.IsName(name));
        if (isOne)
            Assert.Equal((AccountKind.Organisation, name), (Organisation(name).Kind, Organisation(name).Name));
        else
            Assert.Throws<ArgumentException>(() => Organisation(name));
        Assert.True(AccountCard.IsName(new string('x', Limits.MaxName)) && AccountCard.IsName(new string('ü', Limits.MaxName / 2)));
        Assert.False(AccountCard.IsName(string.Concat("City", '\ud800', "Hospital")));
        Assert.False(AccountCard.IsName(new string('x', Limits.MaxName + 1)) || AccountCard.IsName(new string('ü', (Limits.MaxName / 2) + 1)));

        static AccountCard Organisation(string of) => AccountCard.CreateOrganisation(Owner, Parts.Receiving(1).PublicKey, Parts.Box(1).PublicKey, of, 1);
    }

    [Fact]
    public void RefusesRecordsThatNobodyWouldAccept()
    {
        byte[] metadata = [1];
        var header = Parts.Header(Owner, metadata);
        Assert.NotNull(SealedRecord.Create(Owner, header, metadata));
        foreach (var wrong in (RecordHeader[])
        [
            header with { Version = 0 }, header with { Author = Delegatee.PublicKey }, header with { RestoreFrom = 0 }, header with { RestoreFrom = 5 }, header with { BodyLength = 15 },
            header with { BodyLength = long.MaxValue }, header with { MetadataHash = SHA256.HashData([2]) }, header with { FragmentCommitments = [] },
            header with { FragmentCommitments = [.. Enumerable.Repeat(new byte[32], 65)] },
            // Lengths that make up for one another would be read as other fields.
            header with { BodyPrefix = new byte[55], FragmentCommitments = [new byte[33], .. header.FragmentCommitments.Skip(1)] },
            header with { FragmentCommitments = [new byte[31], new byte[33]] },
        ])
            Assert.ThrowsAny<ArgumentException>(() => SealedRecord.Create(Owner, wrong, metadata));
        var large = new byte[Limits.MaxSealedMetadata + 1];
        Assert.Throws<ArgumentException>(() => SealedRecord.Create(Owner, header with { MetadataHash = SHA256.HashData(large) }, large));
    }

    [Fact]
    public void RefusesOtherImpossibleMessages()
    {
        Assert.Throws<ArgumentException>(() => EpochHeader.Create(Owner, Parts.Partition, EpochNumber.First, Parts.Delegating(1).PublicKey, null, new byte[Limits.MaxSealedNote + 1]));
        Assert.Throws<ArgumentException>(() => EpochHeader.Create(Owner, Parts.Partition, new EpochNumber(2), Parts.Delegating(1).PublicKey, null, []));
        Assert.ThrowsAny<ArgumentException>(() => StoreReceipt.Create(Owner, new byte[31], 1, new byte[33], Parts.Now));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReencryptionRequest.Create(Delegatee, Owner.PublicKey, Parts.GrantNumber, Owner.PublicKey.Account, Parts.Partition,
            EpochNumber.First, Parts.Now, [], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReencryptionRequest.Create(Delegatee, Owner.PublicKey, Parts.GrantNumber, Owner.PublicKey.Account, Parts.Partition,
            EpochNumber.First, Parts.Now, [.. Enumerable.Repeat(new ReencryptionItem(Parts.RecordNumber, Parts.Capsule), 65)], []));
        Assert.Throws<ArgumentException>(() => ReencryptionRequest.Create(Delegatee, Owner.PublicKey, Parts.GrantNumber, Owner.PublicKey.Account, Parts.Partition,
            EpochNumber.First, Parts.Now, [new ReencryptionItem(Parts.RecordNumber, Parts.Capsule)], new byte[Limits.MaxTrace + 1]));
    }

    [Fact]
    public void AReplacedSecretIsSignedInAllItsParts()
    {
        var secret = new WrappedSecret("passphrase", [1, 2], 65536, 3, [4, 5, 6]);
        var account = Owner.PublicKey.Account;
        byte[] old = [9];
        var payloads = new[]
        {
            SecretReplacement.Payload(account, secret, old), SecretReplacement.Payload(new AccountId(1), secret, old), SecretReplacement.Payload(account, secret with { Kind = "recovery" }, old),
            SecretReplacement.Payload(account, secret with { Salt = [1, 3] }, old), SecretReplacement.Payload(account, secret with { MemoryKiB = 8 }, old),
            SecretReplacement.Payload(account, secret with { Passes = 1 }, old), SecretReplacement.Payload(account, secret with { Ciphertext = [4, 5, 7] }, old),
            SecretReplacement.Payload(account, secret with { Salt = [], Ciphertext = [4, 5, 6, 1, 2] }, old), SecretReplacement.Payload(account, secret with { Kind = "pässphrase" }, old),
            SecretReplacement.Payload(account, secret with { Kind = "p?ssphrase" }, old),
            SecretReplacement.Payload(account, secret with { MemoryKiB = -1, Passes = -1 }, old), // as a stranger may send it: no error, and no other's signature
            SecretReplacement.Payload(account, secret, [8]),
        };
        Assert.Equal(payloads.Length, payloads.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void APasskeyThatComesOrGoesIsSignedInAllItsParts()
    {
        var secret = new WrappedSecret(SecretKinds.Passkey("AAAA"), [], 0, 0, [4, 5, 6]);
        var account = Owner.PublicKey.Account;
        var payloads = new[]
        {
            PasskeyChange.Addition(account, secret, "Telephone", "{}"), PasskeyChange.Addition(new AccountId(1), secret, "Telephone", "{}"),
            PasskeyChange.Addition(account, secret with { Kind = SecretKinds.Passkey("AAAB") }, "Telephone", "{}"),
            PasskeyChange.Addition(account, secret with { Ciphertext = [4, 5, 7] }, "Telephone", "{}"), PasskeyChange.Addition(account, secret, "Token", "{}"),
            PasskeyChange.Addition(account, secret, "Telephone", "{ }"), PasskeyChange.Removal(account, secret.Kind, secret.Ciphertext),
            PasskeyChange.Removal(new AccountId(1), secret.Kind, secret.Ciphertext), PasskeyChange.Removal(account, SecretKinds.Passkey("AAAB"), secret.Ciphertext),
            PasskeyChange.Removal(account, secret.Kind, [4, 5, 7]),
        };
        Assert.Equal(payloads.Length, payloads.Select(Convert.ToHexString).Distinct().Count());
    }

    [Theory]
    [InlineData("passkey:AAAA", "AAAA")]
    [InlineData("passkey:_-8", "_-8")]
    [InlineData("passkey:", null)]
    [InlineData("passkey:AB", null)] // bits that no byte has
    [InlineData("passkey:AA==", null)]
    [InlineData("passkey:AA+/", null)]
    [InlineData("passkey: AAAA", null)]
    [InlineData("Passkey:AAAA", null)]
    [InlineData("passphrase", null)]
    public void APasskeysKindIsWrittenInOneWay(string kind, string? id)
    {
        Assert.Equal(id is not null, SecretKinds.TryReadPasskey(kind, out var read));
        Assert.Equal(id, read);
    }

    [Fact]
    public void ACredentialsIdentifierHasUpTo1023Bytes()
    {
        Assert.True(SecretKinds.TryReadCredentialId(new string('A', 1364), out var longest));
        Assert.Equal(1023, longest.Length);
        Assert.False(SecretKinds.TryReadCredentialId(new string('A', 1366), out _));
        Assert.False(SecretKinds.TryReadCredentialId(new string('A', 1_000_000), out _));
    }

    [Theory]
    [InlineData("Chromium on Linux", true)]
    [InlineData("Telefon \U0001F4F1", true)]
    [InlineData("", false)]
    [InlineData(" a", false)]
    [InlineData("a  b", false)]
    [InlineData("a\tb", false)]
    [InlineData("a\u00a0b", false)]
    [InlineData("a\u202eb", false)]
    public void ANameIsVisible(string name, bool isOne)
    {
        Assert.Equal(isOne, VisibleName.IsValid(name));
        Assert.False(VisibleName.IsValid(name.PadRight(65, 'x')));
        Assert.False(VisibleName.IsValid(name + '\ud800'));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(" a  b\u00a0c ", true)]
    [InlineData("a\nb", false)]
    [InlineData("a\u2028b", false)]
    [InlineData("a\u202eb", false)]
    [InlineData("a\u001b[31mb", false)]
    public void ANameThatIsPrintedStaysOnItsLine(string name, bool isPrintable) => Assert.Equal(isPrintable, VisibleName.IsPrintable(name));
}
