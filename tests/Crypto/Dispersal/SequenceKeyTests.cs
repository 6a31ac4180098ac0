using Salus.Crypto.Dispersal;

namespace Salus.Crypto.Tests.Dispersal;

public sealed class SequenceKeyTests
{
    [Theory]
    [InlineData("Adk 1234", SequenceKeyFault.WhiteSpace)]
    [InlineData("Adk1234\t", SequenceKeyFault.WhiteSpace)]
    [InlineData("Adk1234\u00a0", SequenceKeyFault.WhiteSpace)]
    [InlineData("Adk1234\r\n", SequenceKeyFault.WhiteSpace)]
    [InlineData(" ", SequenceKeyFault.WhiteSpace)]
    [InlineData("Adk21224", SequenceKeyFault.RepeatedCharacter)]
    [InlineData("👍👎👍45678", SequenceKeyFault.RepeatedCharacter)]
    [InlineData("\u2764\u2764\ufe0f345678", SequenceKeyFault.RepeatedCharacter)]
    [InlineData("Adk12", SequenceKeyFault.TooShort)]
    [InlineData("Adk1234", SequenceKeyFault.TooShort)]
    [InlineData("👨‍👩‍👧234567", SequenceKeyFault.TooShort)]
    [InlineData("", SequenceKeyFault.TooShort)]
    [InlineData(null, SequenceKeyFault.TooShort)]
    [InlineData("Adk1234\u0007", SequenceKeyFault.NotText)]
    [InlineData("Adk1234\u200b", SequenceKeyFault.NotText)]
    [InlineData("Adk1234\u202e", SequenceKeyFault.NotText)]
    [InlineData("Adk1234\ue000", SequenceKeyFault.NotText)]
    [InlineData("Adk1234e\u0301", SequenceKeyFault.Ambiguous)]   // decomposed é
    [InlineData("Adk1234\u212b", SequenceKeyFault.Ambiguous)]    // the sign that is Å
    [InlineData("Adk1234\uf900", SequenceKeyFault.Ambiguous)]    // compatibility ideograph
    [InlineData("Adk1234\u1100\u1161", SequenceKeyFault.Ambiguous)] // 가 in two jamo
    [InlineData("Adk12345", SequenceKeyFault.None)]
    [InlineData("zß水🍌éЖ4-", SequenceKeyFault.None)]
    [InlineData("👨‍👩‍👧👍👍🏽🇩🇪🇫🇷\u2764\ufe0f\u2615가", SequenceKeyFault.None)]
    public void EachRuleHasItsOwnFault(string? text, SequenceKeyFault expected)
    {
        Assert.Equal(expected, SequenceKey.TryParse(text, out var key));
        Assert.Equal(expected == SequenceKeyFault.None, key is not null);
        if (key is not null)
            Assert.Equal(8, key.Count);
    }

    [Fact]
    public void HalfASurrogatePairIsNotText() => Assert.Equal(SequenceKeyFault.NotText, SequenceKey.TryParse("Adk1234" + '\ud83d', out _));

    [Fact]
    public void SixtyFourCharactersAreTheMost()
    {
        var letters = string.Concat(Enumerable.Range(0x4E00, 65).Select(value => (char)value));
        Assert.Equal(SequenceKeyFault.TooLong, SequenceKey.TryParse(letters, out _));
        Assert.Equal(SequenceKeyFault.None, SequenceKey.TryParse(letters[..64], out var key));
        Assert.Equal(64, key!.Count);
        Assert.Equal(SequenceKeyFault.TooLong, SequenceKey.TryParse(new string('x', 1_000_000), out _));
    }

    [Fact]
    public void VariationSelectorsDoNotMakeAnotherKey()
    {
        Assert.Equal(SequenceKeyFault.None, SequenceKey.TryParse("\u2764\ufe0f2345678", out var red));
        Assert.Equal(SequenceKeyFault.None, SequenceKey.TryParse("\u27642345678", out var black));
        Assert.Equal(red!.Reveal(), black!.Reveal());
    }

    [Fact]
    public void CharactersComeInOrder()
    {
        Assert.Equal(SequenceKeyFault.None, SequenceKey.TryParse("zß水🍌éЖ4-", out var key));
        Assert.Equal(["z", "ß", "水", "🍌", "é", "Ж", "4", "-"], Enumerable.Range(0, key!.Count).Select(i => key[i]));
        Assert.Equal("zß水🍌éЖ4-", key.Reveal());
        Assert.DoesNotContain("z", key.ToString(), StringComparison.Ordinal);
    }

    [Theory, InlineData(8), InlineData(13), InlineData(56)]
    public void GeneratedKeysAreValidAndDiffer(int n)
    {
        var seen = new HashSet<string>();
        for (var round = 0; round < 50; round++)
        {
            var key = SequenceKey.Generate(n);
            Assert.Equal(SequenceKeyFault.None, SequenceKey.TryParse(key.Reveal(), out var parsed));
            Assert.Equal(n, parsed!.Count);
            Assert.True(seen.Add(key.Reveal()));
        }
    }

    [Theory, InlineData(7), InlineData(57)]
    public void GenerateRefusesOtherLengths(int n) => Assert.Throws<ArgumentOutOfRangeException>(() => SequenceKey.Generate(n));
}
