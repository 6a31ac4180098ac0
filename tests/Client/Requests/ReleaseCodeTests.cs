using Salus.Client.Keys;
using Salus.Client.Sharing;
using Salus.Protocol;

namespace Salus.Client.Tests.Requests;

public sealed class ReleaseCodeTests : IDisposable
{
    private readonly Keyring _keys = Keyring.Generate();
    private readonly SigningKey _trustee = SigningKey.Generate();
    private readonly SigningKey _other = SigningKey.Generate();

    [Fact]
    public void TheOwnerKnowsALockedGrantByItsNumberAndNobodyElseDoes()
    {
        using var stranger = Keyring.Generate();
        var locked = _keys.LockedGrant("request 1");
        Assert.Equal(locked, _keys.LockedGrant("request 1"));
        Assert.NotEqual(locked, _keys.LockedGrant("request 2"));
        Assert.True(_keys.IsLocked(locked));
        Assert.True(_keys.IsLocked(_keys.LockedGrant("request 2")));
        Assert.False(stranger.IsLocked(locked));
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.False(_keys.IsLocked(Identifier.Random<GrantId>())));
    }

    [Fact]
    public void TheCodeIsTheSameAgainAndOpensAsPeopleTypeIt()
    {
        var grant = _keys.LockedGrant("request");
        using var code = ReleaseCode.Of(_keys, grant);
        using var again = ReleaseCode.Of(_keys, grant);
        var text = code.Reveal();
        Assert.Matches("^[0-9A-HJKMNP-TV-Z]{10}$", text);
        Assert.Equal(text, again.Reveal());
        Assert.NotEqual(text, Text(_keys.LockedGrant("other")));
        foreach (var typed in new[] { text, text.ToLowerInvariant(), $" {text[..5]}-{text[5..]} ", string.Join(' ', text.ToCharArray()), text.Replace('0', 'o').Replace('1', 'L') })
        {
            Assert.True(ReleaseCode.TryParse(typed, out var parsed), typed);
            Assert.Equal(text, parsed.Reveal());
        }
        foreach (var typed in new[] { null, "", text[..9], text + "0", text[..9] + "U", text[..9] + "!", text[..9] + "é" })
            Assert.False(ReleaseCode.TryParse(typed, out _));
        Assert.DoesNotContain(text, code.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void EveryTrusteeAndEveryGrantHasASecretOfItsOwn()
    {
        var grant = _keys.LockedGrant("request");
        using var code = ReleaseCode.Of(_keys, grant);
        var secrets = new[] { Secret(code, grant, _trustee), Secret(code, grant, _other), Secret(code, _keys.LockedGrant("other"), _trustee) };
        Assert.Equal(3, secrets.Distinct().Count());
        Assert.Equal(secrets[0], Secret(code, grant, _trustee));
    }

    public void Dispose()
    {
        _keys.Dispose();
        _trustee.Dispose();
        _other.Dispose();
    }

    private string Text(GrantId grant)
    {
        using var code = ReleaseCode.Of(_keys, grant);
        return code.Reveal();
    }

    private static string Secret(ReleaseCode code, GrantId grant, SigningKey trustee)
    {
        using var secrets = code.Stretch(grant);
        using var secret = secrets.At(trustee.PublicKey);
        return Convert.ToHexString(secret.Bytes);
    }
}
