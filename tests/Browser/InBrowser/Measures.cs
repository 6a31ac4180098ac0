using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Salus.Client.Sealing;
using Salus.Client.Tests.Sealing;
using Salus.Crypto.Merkle;
using Salus.Crypto.Primitives;

namespace Salus.InBrowser;

/// <summary>How fast the worker is, for docs/performance.md.</summary>
internal static class Measures
{
    private const int Megabyte = 1024 * 1024;

    public static async Task<IReadOnlyList<string>> RunAsync()
    {
        var results = new List<string>();
        var data = RandomNumberGenerator.GetBytes(4 * Megabyte);
        var hash = new byte[32];
        Rate("SHA-256 4 MiB", 4, () => Sha256.Hash(data, hash));
        var hashes = new byte[16 * 32];
        using var hasher = new LeafHasher();
        Rate("Merkle leaves of 4 KiB", 4, () =>
        {
            for (var at = 0; at < data.Length; at += 65536)
                hasher.Leaves(data.AsSpan(at, 65536), 4096, hashes);
        });
        var code = new Salus.Crypto.Dispersal.ReedSolomon(6, 10);
        var parity = new byte[4 * 65536];
        Rate("parity 6 of 10", 6 * 65536.0 / Megabyte, () => code.Encode(data.AsSpan(0, 6 * 65536), parity, 65536));
        byte[] scalar = new byte[32], point = new byte[32];
        Ristretto255.Random(scalar);
        Ristretto255.TryMultiplyBase(scalar, point);
        Rate("ristretto255 multiplications (M/s)", 0.0001, () =>
        {
            for (var i = 0; i < 100; i++)
                Ristretto255.TryMultiply(scalar, point, point);
        });
        using var key = Salus.Crypto.Secret.Random(32);
        using var aead = Aead.Import(key);
        var output = new byte[data.Length + 16];
        await RateAsync("AES-256-GCM 4 MiB", 4, async () => await aead.SealAsync(new byte[12], data, default, output));
        var folder = Directory.CreateDirectory("/salus/measure").FullName;
        var source = Path.Combine(folder, "source");
        const int size = 64;
        Rate("file write", size, () =>
        {
            using var file = new FileStream(source, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 0);
            for (var i = 0; i < size / 4; i++)
                file.Write(data);
        });
        Rate("file read", size, () =>
        {
            using var file = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.None, 0);
            for (var i = 0; i < size / 4; i++)
                file.ReadExactly(data);
        });
        await using (var file = File.Create(source))
            for (var i = 0; i < size / 4; i++)
                file.Write(data);
        using var keys = Sealed.KeysOf(10);
        SealedBody? body = null;
        await RateAsync("seal 64 MiB, 6 of 10", size, async () =>
        {
            await using var input = File.OpenRead(source);
            var layout = BodySealer.LayoutFor(input.Length, 6, 10);
            var fragments = Enumerable.Range(0, 10).Select(i =>
            {
                File.Delete(Path.Combine(folder, $"{i}"));
                return BodySealer.CreateFragment(Path.Combine(folder, $"{i}"), layout);
            }).ToArray();
            body = await BodySealer.SealAsync(input, keys, Sealed.Context, 6, fragments);
            foreach (var fragment in fragments)
                await fragment.DisposeAsync();
        });
        await RateAsync("open 64 MiB, 6 of 10", size, async () =>
        {
            var fragments = Enumerable.Range(0, 10).Select(i => new FileFragment(Path.Combine(folder, $"{i}"))).ToArray();
            using var opener = new BodyOpener(BodySealer.LayoutFor((long)size * Megabyte, 6, 10), body!.Prefix, body.Commitments(keys), keys, Sealed.Context, fragments);
            await using var plain = File.Create(Path.Combine(folder, "plain"));
            await opener.OpenAsync(plain);
            foreach (var fragment in fragments)
                fragment.Dispose();
        });
        Directory.Delete(folder, recursive: true);
        return results;

        void Rate(string what, double megabytes, Action work) => RateAsync(what, megabytes, () =>
        {
            work();
            return Task.CompletedTask;
        }).GetAwaiter().GetResult();

        async Task RateAsync(string what, double megabytes, Func<Task> work)
        {
            await work();
            var watch = Stopwatch.StartNew();
            var times = 0;
            for (; times == 0 || watch.Elapsed < TimeSpan.FromSeconds(1); times++)
                await work();
            results.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {times * megabytes / watch.Elapsed.TotalSeconds:0.####} MB/s"));
        }
    }
}
