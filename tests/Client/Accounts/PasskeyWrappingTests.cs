using System.Security.Cryptography;
using Salus.Client.Accounts;
using Salus.Client.Keys;
using Salus.Client.Profiles;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Client.Tests.Accounts;

/// <summary>The account secret under a passkey, in the profile, without a server.</summary>
public sealed class PasskeyWrappingTests : IDisposable
{
    private static readonly string Telephone = NewId(), Token = NewId();

    private readonly TemporaryFolder _folder = new();
    private readonly Keyring _keys = Keyring.Generate();

    [Fact]
    public async Task EachOfSeveralPasskeysUnlocks()
    {
        using var one = Secret.Random(32);
        using var two = Secret.Random(32);
        var profile = ProfileWith(await UnderAsync(_keys, Telephone, one), await UnderAsync(_keys, Token, two));
        Assert.Equal([Telephone, Token], Passkeys.In(profile));
        foreach (var (id, prf) in new[] { (Telephone, one), (Token, two) })
            using (var account = await Account.UnlockAsync(profile, id, prf, TimeProvider.System))
                Assert.Equal(_keys.Card.Fingerprint, account.Card.Fingerprint);
    }

    [Fact]
    public async Task AnotherKeyOpensNothing()
    {
        using var prf = Secret.Random(32);
        using var other = Secret.Random(32);
        using var near = Secret.CopyOf(prf.Bytes);
        near.Writable[31] ^= 1;
        using var brief = Secret.CopyOf(prf.Bytes[..31]);
        var profile = ProfileWith(await UnderAsync(_keys, Telephone, prf));
        foreach (var wrong in new[] { other, near, brief })
            await Assert.ThrowsAsync<CannotException>(() => Account.UnlockAsync(profile, Telephone, wrong, TimeProvider.System));
        foreach (var id in new[] { Token, "", "!", "passphrase", "recovery", Telephone + "=" })
            await Assert.ThrowsAsync<CannotException>(() => Account.UnlockAsync(profile, id, prf, TimeProvider.System));
    }

    [Fact]
    public async Task SwappedWrappingsDoNotOpen()
    {
        using var one = Secret.Random(32);
        using var two = Secret.Random(32);
        var (first, second) = (await UnderAsync(_keys, Telephone, one), await UnderAsync(_keys, Token, two));
        var swapped = ProfileWith(first with { Ciphertext = second.Ciphertext }, second with { Ciphertext = first.Ciphertext });
        foreach (var (id, prf) in new[] { (Telephone, one), (Telephone, two), (Token, one), (Token, two) })
            await Assert.ThrowsAsync<CannotException>(() => Account.UnlockAsync(swapped, id, prf, TimeProvider.System));
    }

    [Fact]
    public async Task OneOfAnotherAccountDoesNotOpenUnderTheSamePasskey()
    {
        using var prf = Secret.Random(32);
        using var others = Keyring.Generate();
        var profile = ProfileWith(await UnderAsync(others, Telephone, prf));
        await Assert.ThrowsAsync<CannotException>(() => Account.UnlockAsync(profile, Telephone, prf, TimeProvider.System));
    }

    [Fact]
    public async Task EveryFlippedBitAndEveryTruncationIsRefused()
    {
        using var prf = Secret.Random(32);
        var wrapped = await UnderAsync(_keys, Telephone, prf);
        for (var bit = 0; bit < 8 * wrapped.Ciphertext.Length; bit++)
        {
            var damaged = wrapped.Ciphertext.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            await RefusedAsync(wrapped with { Ciphertext = damaged });
        }
        for (var length = 0; length < wrapped.Ciphertext.Length; length++)
            await RefusedAsync(wrapped with { Ciphertext = wrapped.Ciphertext[..length] });

        async Task RefusedAsync(WrappedSecret damaged)
        {
            WrappedSecret[] secrets = [damaged];
            await Assert.ThrowsAsync<CannotException>(() => SecretWrapping.OpenWithPasskeyAsync(secrets, _keys.Card, Telephone, prf));
        }
    }

    [Fact]
    public async Task AKitsWrappingIsNoneOfAPasskey()
    {
        using var kit = RecoveryKit.Generate();
        var wrapped = await SecretWrapping.UnderKitAsync(_keys, kit);
        var profile = ProfileWith(wrapped with { Kind = SecretKinds.Passkey(Telephone) });
        await Assert.ThrowsAsync<CannotException>(() => Account.UnlockAsync(profile, Telephone, kit.Key, TimeProvider.System));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"id":"AAAA"}""")]
    [InlineData("""{"id":7,"response":{}}""")]
    [InlineData("""{"id":"A+/=","response":{}}""")]
    [InlineData("""{"id":"AB","response":{}}""")]
    [InlineData("""{"id":"AAAA","id":"AAAA","response":{}}""")]
    [InlineData("""{"id":"\ud800","response":{}}""")]
    public void WhatIsNoAnswerOfABrowserIsSaidToBeNone(string text) => Assert.Throws<CannotException>(() => PasskeyJson.Read(text));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"challenge":"AAAA","rpId":"\ud800"}""")]
    [InlineData("""{"challenge":"AAAA","rpId":"a","rpId":"a"}""")]
    public void OptionsThatAreNoneAreAnAlarm(string options) => Assert.Equal(AlarmKind.Integrity, Assert.Throws<AlarmException>(() => PasskeyJson.Request(options)).Kind);

    [Fact]
    public void ResultsOfExtensionsAreLeftOutOfAnAnswer()
    {
        using var key = new SoftAuthenticator();
        var options = PasskeyJson.Creation("""{"challenge":"AAAA"}""", _keys.Card.Account, "anna@example.org");
        var answered = key.Create(options);
        var output = System.Buffers.Text.Base64Url.EncodeToString(key.Prf(Passkeys.PrfSalt));
        Assert.Contains(output, answered, StringComparison.Ordinal);
        var read = PasskeyJson.Read(answered);
        Assert.Equal(key.CredentialId, read.Id);
        Assert.Null(read.Account);
        Assert.DoesNotContain(output, read.Json, StringComparison.Ordinal);
        Assert.DoesNotContain("\"prf\"", read.Json, StringComparison.Ordinal);
        Assert.Equal(_keys.Card.Account.ToString(), PasskeyJson.Read(key.Get(PasskeyJson.Request("""{"challenge":"AAAA"}"""))).Account);
    }

    public void Dispose()
    {
        _keys.Dispose();
        _folder.Dispose();
    }

    private static string NewId() => System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static Task<WrappedSecret> UnderAsync(Keyring keys, string id, Secret prf) => SecretWrapping.UnderPasskeyAsync(keys, id, prf);

    private Profile ProfileWith(params WrappedSecret[] secrets)
    {
        var profile = new Profile(_folder.Path);
        var parties = new PartyDirectory(new Party("cloud", new Uri("http://localhost:1"), new string('0', 64)), [], []);
        var view = new AccountView(_keys.Card.Account.ToString(), "anna@example.org", _keys.Card.Signed, secrets);
        profile.Save(Profile.Content(parties, new SessionStarted("token", DateTimeOffset.UnixEpoch, view)));
        return profile;
    }
}
