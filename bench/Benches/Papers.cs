using System.Security.Cryptography;
using Salus.Bench.Harness;
using Salus.Bench.Literature;
using Salus.Crypto;
using Salus.Crypto.Primitives;

namespace Salus.Bench.Benches;

/// <summary>
/// The ciphers that papers on health records in clouds compare, on text and image-like contents in memory, one thread; and what one index vector of
/// a searchable scheme over a dictionary of 4,000 words costs. Figures without goals.
/// </summary>
internal static class Papers
{
    public static readonly Benchmark Benchmark = new("papers", "ciphers of the literature on 1, 10 and 100 MB; cost model of a 4,000-word index", Run);

    private const int Runs = 5;
    private const int Megabyte = 1_000_000;
    private const int RsaSample = 245 * 400;   // RSA is as slow for every block: more of them say nothing new
    private const int Dictionary = 4000;

    private static void Run(Workbench bench)
    {
        using var ours = new SalusBody();
        using var rsa = new RsaBlocks();
        var (rsaEncrypt, rsaDecrypt) = Measure([rsa], Samples.Text(RsaSample))[0];
        foreach (var megabytes in new[] { 1, 10, 100 })
            foreach (var (kind, contents) in new[] { ("text", Samples.Text(megabytes * Megabyte)), ("image", Samples.Image(megabytes * Megabyte)) })
            {
                Cipher[] ciphers = [ours, new DesPassphrase(), new AesPassphrase()];
                var times = Measure(ciphers, contents);
                for (var i = 1; i < ciphers.Length; i++)
                    Report(ciphers[i].Name, times[i], null);
                var blocks = (double)megabytes * Megabyte / RsaSample;
                Report(rsa.Name, (rsaEncrypt * blocks, rsaDecrypt * blocks), $"computed from {RsaSample / 1000} kB measured: every block takes the same");

                void Report(string peer, (double Encrypt, double Decrypt) time, string? note)
                {
                    bench.Report(Result.Against($"papers/encrypt/{kind}/{megabytes} MB/{peer}", times[0].Encrypt, time.Encrypt, "ms", null, note));
                    bench.Report(Result.Against($"papers/decrypt/{kind}/{megabytes} MB/{peer}", times[0].Decrypt, time.Decrypt, "ms", null, note));
                }
            }
        CostModel(bench);
    }

    /// <summary>Medians of encryption and decryption in milliseconds, all ciphers in turns.</summary>
    private static (double Encrypt, double Decrypt)[] Measure(Cipher[] ciphers, byte[] contents)
    {
        var restored = new byte[contents.Length + 64];
        var sealedTo = ciphers.Select(cipher => new byte[cipher.Room(contents.Length)]).ToArray();
        var lengths = new int[ciphers.Length];
        var work = new List<Func<double>>();
        for (var c = 0; c < ciphers.Length; c++)
        {
            var i = c;
            work.Add(() => Turns.Milliseconds(() => lengths[i] = ciphers[i].Encrypt(contents, sealedTo[i])));
            work.Add(() =>
            {
                var length = 0;
                if (lengths[i] == 0)
                    lengths[i] = ciphers[i].Encrypt(contents, sealedTo[i]);
                var time = Turns.Milliseconds(() => length = ciphers[i].Decrypt(sealedTo[i], lengths[i], restored));
                return restored.AsSpan(0, length).SequenceEqual(contents) ? time : throw new InvalidOperationException($"{ciphers[i].Name} restored other bytes.");
            });
        }
        var medians = Turns.Medians(Runs, [.. work]);
        return [.. Enumerable.Range(0, ciphers.Length).Select(i => (medians[2 * i], medians[2 * i + 1]))];
    }

    /// <summary>
    /// Both sides are models: the dense products that the matrix scheme needs whatever the note says, against the HMACs and block encryptions that
    /// a segment of ours needs for a note of so many words, or a query.
    /// </summary>
    private static void CostModel(Workbench bench)
    {
        const int wordsOfNote = 60, wordsOfQuery = 3, blocksOfQuery = 8;
        const string note = "cost model: two products of a 4000 x 4000 matrix with a vector, against";
        var knn = new SecureKnn(Dictionary);
        var sum = 0.0;
        double Matrices() => Turns.Milliseconds(() => sum += knn.IndexVector());

        var index = Turns.Measure(Runs, () => Segment(wordsOfNote, hmacs: 4, wordsOfNote), Matrices);
        bench.Report(Result.Against("papers/search-model/index of a note", index.Ours, index.Peer, "ms", null,
            $"{note} token, tag, address, key and one sealed block for each of {wordsOfNote} words"));
        var query = Turns.Measure(Runs, () => Segment(wordsOfQuery, hmacs: 3, blocksOfQuery), Matrices);
        bench.Report(Result.Against("papers/search-model/trapdoor", query.Ours, query.Peer, "ms", null,
            $"{note} the HMACs of {wordsOfQuery} words and {blocksOfQuery} opened blocks"));
        if (double.IsNaN(sum))
            throw new InvalidOperationException("The products are no numbers.");
    }

    private static double Segment(int words, int hmacs, int blocks)
    {
        const int repeats = 200, blockSize = 240;
        using var key = Secret.Random(Aead.KeySize);
        var message = RandomNumberGenerator.GetBytes(40);
        var mac = new byte[32];
        var block = new byte[blockSize];
        var sealedBlock = new byte[blockSize + Aead.TagSize];
        var nonce = new byte[Aead.NonceSize];
        return Turns.Milliseconds(() =>
        {
            for (var r = 0; r < repeats; r++)
            {
                for (var i = 0; i < words * hmacs; i++)
                    Mac.HmacSha256(key.Bytes, message, mac);
                for (var i = 0; i < blocks; i++)
                    Aead.SealAsync(key, nonce, block, default, sealedBlock).AsTask().GetAwaiter().GetResult();
            }
        }) / repeats;
    }
}
