using Salus.Client.Sealing;
using Salus.Crypto;
using Salus.Crypto.Dispersal;

namespace Salus.Client.Tests.Sealing;

/// <summary>A body sealed into memory, with all that opening it takes.</summary>
internal sealed class Sealed : IDisposable
{
    public static readonly byte[] Context = [1, 2, 3];

    private Sealed(byte[] plaintext, FragmentKeys keys, SealedBody body, byte[][] fragments) =>
        (Plaintext, Keys, Body, Fragments) = (plaintext, keys, body, fragments);

    public byte[] Plaintext { get; }

    public FragmentKeys Keys { get; }

    public SealedBody Body { get; }

    public byte[][] Fragments { get; }

    public static async Task<Sealed> OfAsync(int length, int k, int n, int seed = 1)
    {
        var plaintext = new byte[length];
        new Random(seed).NextBytes(plaintext);
        var keys = KeysOf(n);
        var streams = Enumerable.Range(0, n).Select(_ => new MemoryStream()).ToArray();
        var body = await BodySealer.SealAsync(new MemoryStream(plaintext), keys, Context, k, streams);
        return new Sealed(plaintext, keys, body, [.. streams.Select(stream => stream.ToArray())]);
    }

    /// <summary>Fresh keys.</summary>
    public static FragmentKeys KeysOf(int n)
    {
        using var dek = Secret.Random(32);
        return FragmentKeys.Derive(dek, SequenceKey.OfAnyLength(n), SequenceKeyCustody.Carried, new byte[16]);
    }

    public FragmentSource?[] Sources(Action<byte[][]>? change = null)
    {
        var copies = Fragments.Select(fragment => fragment.ToArray()).ToArray();
        change?.Invoke(copies);
        return [.. copies.Select((bytes, i) => bytes is null ? null : new MemoryFragment($"store-{i}", bytes))];
    }

    public BodyOpener Opener(IReadOnlyList<FragmentSource?> sources, OpenSettings? settings = null) =>
        new(Body.Layout, Body.Prefix, Body.Commitments(Keys), Keys, Context, sources, settings);

    public async Task<OpenReport> OpensAsync(IReadOnlyList<FragmentSource?> sources, OpenSettings? settings = null)
    {
        using var opener = Opener(sources, settings);
        var output = new MemoryStream();
        var report = await opener.OpenAsync(output);
        Assert.Equal(Plaintext.Length, report.Length);
        Assert.True(Plaintext.AsSpan().SequenceEqual(output.ToArray()), "Other bytes came out.");
        return report;
    }

    /// <summary>Opening must fail, and what was written until then must be a prefix of the plaintext.</summary>
    public async Task<BodyUnavailableException> RefusesAsync(IReadOnlyList<FragmentSource?> sources, OpenSettings? settings = null)
    {
        using var opener = Opener(sources, settings);
        var output = new MemoryStream();
        var failure = await Assert.ThrowsAsync<BodyUnavailableException>(() => opener.OpenAsync(output));
        Assert.True(Plaintext.AsSpan().StartsWith(output.ToArray()), "Other bytes came out.");
        return failure;
    }

    public void Dispose() => Keys.Dispose();
}
