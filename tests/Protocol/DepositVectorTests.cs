using System.Text;
using Salus.Crypto.Reencryption;
using Salus.Testing;

namespace Salus.Protocol.Tests;

/// <summary>
/// The cards and the deposit grant of docs/spec/grant.md. Everything in them follows from the seeds in the file. After a change of the format <see cref="Write"/>
/// (`-explicit only -method '*DepositVectorTests*'`) writes the file anew, and what it holds goes into the document.
/// </summary>
public class DepositVectorTests
{
    private const string Name = "City Hospital";

    private static IReadOnlyList<Vector> All => Vectors.Read("deposit");

    [Fact]
    public void MessagesMadeFromTheSameValuesAreTheSameBytes()
    {
        using var parts = new Example();
        Assert.Equal(parts.Card.Signed, One("card"));
        Assert.Equal(parts.Deposit.Signed, One("deposit"));
        Assert.Equal(parts.End.Signed, One("deposit-revocation"));
    }

    [Fact]
    public void TheMessagesAreReadAsTheyAreMeant()
    {
        using var parts = new Example();
        Assert.True(AccountCard.TryVerify(One("card"), out var card));
        Assert.Equal((AccountKind.Organisation, Name, 1u, parts.Depositor.PublicKey), (card.Kind, card.Name, card.Version, card.Identity));
        Assert.Equal(Encoding.ASCII.GetString(All.Single(vector => vector["type"] == "fingerprint").Bytes("digits")), card.Fingerprint);
        Assert.True(DepositGrant.TryVerify(One("deposit"), out var deposit));
        Assert.Equal((parts.Owner.PublicKey, card.Identity), (deposit.Terms.Owner, deposit.Terms.Depositor));
        Assert.True(Revocation.TryVerify(One("deposit-revocation"), out var end));
        Assert.Equal((deposit.Terms.Id, deposit.Terms.Owner), (end.Grant, end.Owner));
    }

    [Fact]
    public void WhatIsToBeRefusedIs()
    {
        var refused = All.Where(vector => vector.Expect == "refused").ToArray();
        Assert.Equal(5, refused.Length);
        foreach (var vector in refused)
            Assert.False(vector["type"] == "card" ? AccountCard.TryVerify(vector.Bytes("bytes"), out _) : DepositGrant.TryVerify(vector.Bytes("bytes"), out _), vector["why"]);
    }

    [Fact(Explicit = true)]
    public void Write()
    {
        using var parts = new Example();
        var text = new StringBuilder("""
            # The card of an organisation, and a permission for it to add records: the example of docs/spec/grant.md. Seeds are the first bytes of
            # SHA-512("Salus example: NAME"), of owner, depositor, depositor receiving and depositor box. digits: what people compare.

            """);
        Block(("type", "card"), ("bytes", parts.Card.Signed), ("expect", "ok"));
        Block(("type", "fingerprint"), ("digits", Encoding.ASCII.GetBytes(parts.Card.Fingerprint)), ("expect", "ok"));
        Block(("type", "deposit"), ("bytes", parts.Deposit.Signed), ("expect", "ok"));
        Block(("type", "deposit-revocation"), ("bytes", parts.End.Signed), ("expect", "ok"));
        var (card, deposit) = (parts.Card.Signed[..^SigningKey.SignatureSize], parts.Deposit.Signed[..^SigningKey.SignatureSize]);
        Refused("card", "a person with a name", Wire.SignedMessage.Sign(Crypto.Domains.SignCard, parts.Depositor, new Malformation("", 13 + 96, [1]).Apply(card)));
        Refused("card", "a control character in the name", Wire.SignedMessage.Sign(Crypto.Domains.SignCard, parts.Depositor, new Malformation("", 13 + 96 + 9, [10]).Apply(card)));
        Refused("deposit", "signed under the label of a grant", Wire.SignedMessage.Sign(Crypto.Domains.SignGrant, parts.Owner, deposit));
        Refused("deposit", "signed by the depositor instead", Wire.SignedMessage.Sign(Crypto.Domains.SignDeposit, parts.Depositor, deposit));
        Refused("deposit", "a bit of the partition flipped", new Malformation("", 16 + 16 + 64 + 16 + 4 + 15, [0x10]).Apply(parts.Deposit.Signed));
        File.WriteAllText(Path.Combine(Places.Vectors, "deposit.txt"), text.ToString());

        void Refused(string type, string why, byte[] bytes) => Block(("type", type), ("why", why), ("bytes", bytes), ("expect", "refused"));

        void Block(params (string Key, object Value)[] pairs)
        {
            text.Append('\n');
            foreach (var (name, value) in pairs)
                text.Append(name).Append(": ").Append(value is byte[] bytes ? Convert.ToHexStringLower(bytes) : value).Append('\n');
        }
    }

    private static byte[] One(string type) => All.Single(vector => vector["type"] == type && vector.Expect == "ok").Bytes("bytes");

    private sealed class Example : IDisposable
    {
        private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero);

        public Example()
        {
            Owner = new SigningKey(Seed("owner", 32));
            Depositor = new SigningKey(Seed("depositor", 32));
            using var receiving = ReceivingKey.FromSeed(Seed("depositor receiving", 64));
            using var box = new UnboxingKey(Seed("depositor box", 32));
            Card = AccountCard.CreateOrganisation(Depositor, receiving.PublicKey, box.PublicKey, Name, 1);
            Deposit = DepositGrant.Create(Owner,
                new DepositTerms(new GrantId(0x4444), Owner.PublicKey, Depositor.PublicKey, Now, Now.AddDays(30), [new PartitionId(0x1111)]), [.. "sealed note"u8]);
            End = Revocation.Create(Owner, Deposit.Terms.Id, Now.AddDays(1));
        }

        public SigningKey Owner { get; }

        public SigningKey Depositor { get; }

        public AccountCard Card { get; }

        public DepositGrant Deposit { get; }

        public Revocation End { get; }

        public void Dispose()
        {
            Owner.Dispose();
            Depositor.Dispose();
        }

        private static byte[] Seed(string of, int size) => [.. System.Security.Cryptography.SHA512.HashData(Encoding.ASCII.GetBytes($"Salus example: {of}")).Take(size)];
    }
}
