using System.Security.Cryptography;
using Salus.Client.Sealing;
using Salus.Crypto.Dispersal;
using Salus.Crypto.Merkle;
using Salus.Crypto.Sealing;
using Salus.Protocol.Dispersal;

namespace Salus.Client.Tests.Sealing;

public sealed class BodySealerTests
{
    private const int Stripe3 = 3 * FragmentLayout.UnitSize;

    public static TheoryData<int, int, int> Sizes
    {
        get
        {
            var data = new TheoryData<int, int, int>();
            int[] around = [0, 1, 16383, 16384, 16385, 32768, 65536, Stripe3, 6 * Stripe3, 12 * Stripe3];
            foreach (var size in around.SelectMany(size => new[] { size - 1, size, size + 1 }).Where(size => size >= 0).Distinct())
                data.Add(size, 3, 5);
            // Plaintexts whose encrypted body ends exactly at, before and after a stripe's and a batch's end.
            foreach (var stripes in new[] { 1, 6, 12 })
                foreach (var over in new[] { -1, 0, 1 })
                {
                    var body = stripes * Stripe3 + over;
                    data.Add(body - (body / 16400 + 1) * 16, 3, 5);
                }
            foreach (var (k, n) in new[] { (1, 1), (1, 8), (8, 8), (4, 8), (5, 8), (8, 12), (28, 56), (55, 56) })
                foreach (var size in new[] { 0, 1, 100_000, 1_000_000 })
                    data.Add(size, k, n);
            data.Add(5_000_000, 3, 5);
            data.Add(5_000_000, 4, 8);
            return data;
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public async Task SealsAndOpensEverySize(int length, int k, int n)
    {
        using var sealedBody = await Sealed.OfAsync(length, k, n);
        Assert.All(sealedBody.Fragments, fragment => Assert.Equal(sealedBody.Body.Layout.FileLength, fragment.Length));
        Assert.Empty((await sealedBody.OpensAsync(sealedBody.Sources())).Bad);

        // The first n - k lost.
        var report = await sealedBody.OpensAsync(sealedBody.Sources(fragments => Array.Clear(fragments, 0, n - k)));
        Assert.Equal(Enumerable.Range(0, n - k), report.Bad.Select(bad => bad.Index));
        Assert.All(report.Bad, bad => Assert.Equal(FragmentFault.Missing, bad.Fault));
    }

    [Fact]
    public async Task FragmentsAreWhatTheSpecificationSays()
    {
        // Built again from the specification, piece by piece: encryption, code, tree and labels on their own.
        const int K = 3, N = 5, Length = 1_234_567;
        var plaintext = RandomNumberGenerator.GetBytes(Length);
        var salt = RandomNumberGenerator.GetBytes(24);
        using var keys = Sealed.KeysOf(N);
        using var encryption = new ChunkedEncryption(keys.BodyKey, salt, Sealed.Context);
        var streams = Enumerable.Range(0, N).Select(_ => new MemoryStream()).ToArray();
        var body = await BodySealer.SealAsync(new MemoryStream(plaintext), keys, encryption, K, streams, null, CancellationToken.None);

        var ciphertext = new byte[ChunkedEncryption.CiphertextLength(Length) - 56];
        await encryption.SealFinalAsync(0, plaintext, ciphertext);
        Assert.Equal(ciphertext.Length, body.BodyLength);
        Assert.Equal(encryption.Prefix.ToArray(), body.Prefix);

        var units = Enumerable.Range(0, N).Select(_ => new MemoryStream()).ToArray();
        for (var at = 0; at < ciphertext.Length; at += Stripe3)
        {
            var rest = Math.Min(Stripe3, ciphertext.Length - at);
            var unit = ((rest + K - 1) / K + 63) / 64 * 64;
            var data = new byte[K * unit];
            ciphertext.AsSpan(at, rest).CopyTo(data);
            var parity = new byte[(N - K) * unit];
            new ReedSolomon(K, N).Encode(data, parity, unit);
            byte[] all = [.. data, .. parity];
            for (var i = 0; i < N; i++)
                units[i].Write(all, i * unit, unit);
        }
        for (var i = 0; i < N; i++)
        {
            var label = new byte[32];
            keys.Label(i, label);
            var header = new byte[4096];
            new FragmentHeader(body.Layout, label).Write(header);
            var next = new byte[32];
            keys.NextLabel(i, next);
            byte[][] leaves = [header, .. units[i].ToArray().Chunk(4096), next];
            byte[] hashes = [.. leaves.SelectMany(leaf => SHA256.HashData([0, .. leaf]))];
            byte[] expected = [.. header, .. units[i].ToArray(), .. hashes, .. next];
            Assert.Equal(expected, streams[i].ToArray());
            var root = new byte[32];
            MerkleTree.Root(hashes, root);
            Assert.Equal(root, body.Roots[i]);
        }
    }

    [Fact]
    public async Task SealsFromAndOpensIntoFilesFromTheirPositionOn()
    {
        using var folder = new TemporaryFolder();
        var plaintext = RandomNumberGenerator.GetBytes(3_000_000);
        await File.WriteAllBytesAsync(folder["source"], plaintext);
        using var keys = Sealed.KeysOf(8);
        SealedBody body;
        await using (var source = File.OpenRead(folder["source"]))
        {
            source.Position = 1000;
            var layout = BodySealer.LayoutFor(plaintext.Length - 1000, 4, 8);
            var fragments = Enumerable.Range(0, 8).Select(i => (Stream)BodySealer.CreateFragment(folder[$"{i}"], layout)).ToArray();
            var done = new List<long>();
            body = await BodySealer.SealAsync(source, keys, Sealed.Context, 4, fragments, new Progress(done));
            Assert.Equal(plaintext.Length - 1000, done.Max());
            foreach (var fragment in fragments)
                await fragment.DisposeAsync();
            Assert.Equal(layout.FileLength, new FileInfo(folder["5"]).Length);
        }
        File.Delete(folder["2"]);
        var sources = Enumerable.Range(0, 8).Select(i => File.Exists(folder[$"{i}"]) ? new FileFragment(folder[$"{i}"]) : null).ToArray();
        using var opener = new BodyOpener(body.Layout, body.Prefix, body.Commitments(keys), keys, Sealed.Context, sources);
        await using (var output = File.Create(folder["output"]))
        {
            output.Write("before"u8);
            await opener.OpenAsync(output);
            output.Write("after"u8);
        }
        byte[] expected = [.. "before"u8, .. plaintext.AsSpan(1000), .. "after"u8];
        Assert.Equal(expected, await File.ReadAllBytesAsync(folder["output"]));
        foreach (var source in sources)
            source?.Dispose();
    }

    [Theory, InlineData(-1), InlineData(+1), InlineData(-100_000)]
    public async Task RefusesASourceThatChangesItsLength(int change)
    {
        using var keys = Sealed.KeysOf(8);
        using var source = new ChangingStream(1_000_000, change);
        await Assert.ThrowsAsync<SourceChangedException>(() => BodySealer.SealAsync(source, keys, Sealed.Context, 4, Targets(8)));
    }

    [Fact]
    public async Task WhatWasCutShortDoesNotParse()
    {
        using var keys = Sealed.KeysOf(8);
        using var source = new ChangingStream(1_000_000, -100_000);
        var targets = Targets(8);
        await Assert.ThrowsAsync<SourceChangedException>(() => BodySealer.SealAsync(source, keys, Sealed.Context, 4, targets));
        foreach (var target in targets.Cast<MemoryStream>())
            Assert.False(FragmentHeader.TryParse(target.ToArray().AsSpan(0, (int)Math.Min(4096, target.Length)), out _));
    }

    [Fact]
    public async Task TwoSealingsShareNoBytes()
    {
        using var keys = Sealed.KeysOf(8);
        var bodies = new List<SealedBody>();
        var units = new List<string>();
        for (var round = 0; round < 2; round++)
        {
            var targets = Targets(8);
            bodies.Add(await BodySealer.SealAsync(new MemoryStream(new byte[100_000]), keys, Sealed.Context, 4, targets));
            units.AddRange(targets.Cast<MemoryStream>().Select(target => Convert.ToHexString(target.ToArray(), 4096, 64)));
        }
        Assert.NotEqual(bodies[0].Prefix, bodies[1].Prefix);
        Assert.Equal(16, units.Distinct().Count());
    }

    [Fact]
    public async Task RefusesWrongArguments()
    {
        using var keys = Sealed.KeysOf(8);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => BodySealer.SealAsync(new MemoryStream(), keys, Sealed.Context, 4, Targets(7)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => BodySealer.SealAsync(new MemoryStream(), keys, Sealed.Context, 9, Targets(8)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => BodySealer.SealAsync(new MemoryStream(), keys, Sealed.Context, 0, Targets(8)));
        var used = Targets(8);
        used[3].WriteByte(1);
        await Assert.ThrowsAsync<ArgumentException>(() => BodySealer.SealAsync(new MemoryStream(), keys, Sealed.Context, 4, used));
    }

    [Fact]
    public async Task CancellationEndsIt()
    {
        using var keys = Sealed.KeysOf(8);
        using var stop = new CancellationTokenSource();
        var progress = new Stopping(stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => BodySealer.SealAsync(new MemoryStream(new byte[20_000_000]), keys, Sealed.Context, 4, Targets(8), progress, stop.Token));
    }

    private static Stream[] Targets(int n) => [.. Enumerable.Range(0, n).Select(_ => new MemoryStream())];

    private sealed class Progress(List<long> done) : IProgress<long>
    {
        public void Report(long value)
        {
            lock (done)
                done.Add(value);
        }
    }

    private sealed class Stopping(CancellationTokenSource stop) : IProgress<long>
    {
        public void Report(long value) => stop.Cancel();
    }

    /// <summary>Says one length first, and has another when it comes to reading.</summary>
    private sealed class ChangingStream(int length, int change) : MemoryStream(new byte[length + Math.Max(change, 0)])
    {
        private bool _read;

        public override long Length => _read ? length + change : length;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _read = true;
            var left = (int)Math.Max(0, Length - Position);
            return base.ReadAsync(buffer[..Math.Min(buffer.Length, left)], cancellationToken);
        }
    }
}
