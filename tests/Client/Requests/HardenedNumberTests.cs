using System.Security.Cryptography;
using Salus.Client.Keys;
using Salus.Client.Requests;
using Salus.Protocol;

namespace Salus.Client.Tests.Requests;

public sealed class HardenedNumberTests : IDisposable
{
    private readonly HardenedNumber _number = HardenedNumber.Restore(RandomNumberGenerator.GetBytes(HardenedNumber.Size));
    private readonly HardenedNumber _other = HardenedNumber.Restore(RandomNumberGenerator.GetBytes(HardenedNumber.Size));

    [Fact]
    public void TheSameOutputIsTheSameNumberOnEveryDevice()
    {
        using var output = Crypto.Secret.Random(64);
        using var first = HardenedNumber.Of(output);
        using var second = HardenedNumber.Of(output);
        using var restored = HardenedNumber.Restore(first.Bytes);
        Assert.Equal(first.Tag, second.Tag);
        Assert.Equal(first.Tag, restored.Tag);
        Assert.Equal(first.FindTag("asthma"), restored.FindTag("asthma"));
        Assert.NotEqual(first.FindTag("asthma"), first.FindTag("asthmb"));
        Assert.NotEqual(first.Tag, _number.Tag);
        Assert.NotEqual(_number.FindTag("asthma"), _other.FindTag("asthma"));
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    [InlineData(4, 4)]
    [InlineData(5, 8)]
    [InlineData(512, 512)]
    public async Task HandlesComeBackAndTheirNumberShowsByPowersOfTwoOnly(int count, int padded)
    {
        var handles = Enumerable.Range(0, count).Select(_ => _number.Handle(Identifier.Random<RecordId>())).ToArray();
        var sealedHandles = await _number.SealHandlesAsync("asthma", handles);
        Assert.Equal(HardenedNumber.SealedHandlesSize(padded), sealedHandles.Length);
        Assert.InRange(sealedHandles.Length, 1, 8 * 1024);
        Assert.Equal(handles, await _number.OpenHandlesAsync("asthma", sealedHandles));
        Assert.Null(await _number.OpenHandlesAsync("cough", sealedHandles));
        Assert.Null(await _other.OpenHandlesAsync("asthma", sealedHandles));
    }

    [Fact]
    public async Task AlteredHandlesDoNotOpen()
    {
        var sealedHandles = await _number.SealHandlesAsync("asthma", [1, 2, 3]);
        for (var i = 0; i < sealedHandles.Length; i++)
        {
            Assert.Null(await _number.OpenHandlesAsync("asthma", sealedHandles[..i]));
            sealedHandles[i] ^= 1;
            Assert.Null(await _number.OpenHandlesAsync("asthma", sealedHandles));
            sealedHandles[i] ^= 1;
        }
    }

    [Fact]
    public async Task ARequestOpensForTheNumberThatItWasMadeToOnly()
    {
        using var asker = Keyring.Generate();
        var request = AccessRequest.Create(asker.Identity, asker.Card, GrantRole.Doctor, DateTimeOffset.UnixEpoch.AddYears(56), _number.Tag, "why", ["asthma"]);
        var sealedRequest = await _number.SealAsync(request);
        Assert.Equal(request.Signed, (await _number.OpenAsync(sealedRequest))!.Signed);
        Assert.Null(await _other.OpenAsync(sealedRequest));
        for (var length = 0; length < sealedRequest.Length; length += 37)
            Assert.Null(await _number.OpenAsync(sealedRequest[..length]));
        // One that was made to another number and sealed to this one.
        Assert.Null(await _number.OpenAsync(await _number.SealAsync(AccessRequest.Create(asker.Identity, asker.Card, GrantRole.Doctor, request.At, _other.Tag, "why", ["asthma"]))));
        var longest = AccessRequest.Create(asker.Identity, asker.Card, GrantRole.Doctor, request.At, _number.Tag, new string('w', AccessRequest.MaxReason),
            [.. Enumerable.Range(0, AccessRequest.MaxKeywords).Select(i => new string((char)('a' + i), AccessRequest.MaxKeyword))]);
        Assert.InRange((await _number.SealAsync(longest)).Length, 1, 8 * 1024);
    }

    public void Dispose()
    {
        _number.Dispose();
        _other.Dispose();
    }
}
