using System.Reflection;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Testing;

namespace Salus.Protocol.Tests;

public partial class KeyTests
{
    [Fact]
    public void ASignatureIsOfOneLabelAndOnePayload()
    {
        using var key = Parts.Signing(1);
        var signature = new byte[SigningKey.SignatureSize];
        key.Sign("ab", "cd"u8, signature);
        Assert.True(key.PublicKey.Verify("ab", "cd"u8, signature));
        Assert.False(key.PublicKey.Verify("abc", "d"u8, signature));
        Assert.False(key.PublicKey.Verify("a", "bcd"u8, signature));
        Assert.False(key.PublicKey.Verify("ab", "c"u8, signature));
        Assert.False(key.PublicKey.Verify("ab", "cd"u8, signature.AsSpan(0, 63)));
        Assert.False(Parts.Signing(2).PublicKey.Verify("ab", "cd"u8, signature));
    }

    [Fact, Attack("K16")]
    public void KeysOfSmallOrderSignNothing()
    {
        // y = 0, 1 and -1: points of order 4, 1 and 2. With R and s of zero, a lax verifier takes any message.
        foreach (var bytes in (byte[][])[new byte[32], [1, .. new byte[31]], [0xec, .. Enumerable.Repeat((byte)0xff, 30), 0x7f]])
        {
            Assert.True(VerifyingKey.TryParse(bytes, out var key));
            foreach (var r in (byte[][])[new byte[32], bytes, [1, .. new byte[31]]])
                Assert.False(key.Verify(Domains.SignCard, "payload"u8, [.. r, .. new byte[32]]));
        }
    }

    [Fact]
    public void ASignatureHasNoSecondForm()
    {
        // s + L verifies as s where it is not checked to be reduced.
        byte[] order = [0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, .. new byte[15], 0x10];
        var revocation = Revocation.Create(Parts.Signing(1), Parts.GrantNumber, Parts.Now).Signed;
        var carry = 0;
        for (var i = 0; i < 32; i++)
        {
            carry += revocation[^(32 - i)] + order[i];
            revocation[^(32 - i)] = unchecked((byte)carry);
            carry >>= 8;
        }
        Assert.Equal(0, carry);
        Assert.False(Revocation.TryVerify(revocation, out _));
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")]
    [InlineData("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    public void AKeyToWhichNothingCanBeSealedIsNoBoxKey(string hex)
    {
        var key = Convert.FromHexString(hex);
        foreach (var top in (byte[])[0, 0x80])
        {
            key[^1] |= top;
            Assert.Throws<CryptographicException>(() => SealedBox.Seal(key, "message"u8));
            Assert.False(BoxKey.TryParse(key, out _));
            var card = SignedCases.All.Single(one => one.Name == nameof(AccountCard));
            Assert.Null(card.Read(card.Resign(new Malformation("box", 13 + 64, key).Apply(card.Payload), card.Label)));
        }
    }

    [Fact]
    public void KeysOfOtherLengthsAreNone()
    {
        foreach (var length in (int[])[0, 31, 33, 64])
            Assert.False(VerifyingKey.TryParse(new byte[length], out _) || BoxKey.TryParse(Enumerable.Repeat((byte)3, length).ToArray(), out _));
    }

    [Fact]
    public void SecretKeysDoNotPrint()
    {
        Assert.Equal("[redacted]", Parts.Signing(1).ToString());
        Assert.Equal("[redacted]", Parts.Box(1).ToString());
    }

    [Fact]
    public void AFingerprintIsTwelveGroupsOfFiveDigitsOverAllThatACardSays()
    {
        var (owner, other) = (Parts.Signing(1), Parts.Signing(2));
        var (receiving, box) = (Parts.Receiving(1).PublicKey, Parts.Box(1).PublicKey);
        var card = AccountCard.Create(owner, receiving, box, 1);
        Assert.Matches(TwelveGroups(), card.Fingerprint);
        Assert.Equal(card.Fingerprint, AccountCard.Create(owner, receiving, box, 2).Fingerprint);
        Assert.Equal(card.LoggedDigest, AccountCard.Create(owner, receiving, box, 2).LoggedDigest);
        AccountCard[] all =
        [
            card, AccountCard.Create(other, receiving, box, 1), AccountCard.Create(owner, Parts.Receiving(2).PublicKey, box, 1),
            AccountCard.Create(owner, receiving, Parts.Box(2).PublicKey, 1), AccountCard.CreateOrganisation(owner, receiving, box, "City Hospital", 1),
            AccountCard.CreateOrganisation(owner, receiving, box, "City Hospitals", 1),
        ];
        Assert.Distinct(all.Select(one => one.Fingerprint));
        Assert.Distinct(all.Select(one => Convert.ToHexString(one.LoggedDigest)));
    }

    [Fact]
    public void EverySignatureHasALabelOfItsOwn()
    {
        var labels = typeof(Domains).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).ToArray();
        Assert.Equal(labels.Length, labels.Distinct().Count());
        Assert.All(labels, label => Assert.InRange(label.Length, 1, 255)); // a signed message has one byte for the length
    }

    [GeneratedRegex(@"^\d{5}( \d{5}){11}$")]
    private static partial Regex TwelveGroups();
}
