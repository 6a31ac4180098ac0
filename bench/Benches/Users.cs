using System.Globalization;
using System.Security.Cryptography;
using Salus.Bench.Harness;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;

namespace Salus.Bench.Benches;

/// <summary>
/// The same work for ever more users, in processor time of one thread: keys; a sealed record of 50 kB (the size that SeSPHR's authors report); a grant split among three trustees and
/// the answers of two of them; opening by the delegatee from those, everything checked. Each user has keys and a record of their own. Linear means
/// that a user among 10,000 costs what a user among 100 does.
/// </summary>
internal static class Users
{
    public static readonly Benchmark Benchmark = new("users", "keys, sealing, re-encryption, opening for 10 to 10,000 users", Run);

    public static readonly string[] Stages = ["keys", "sealing", "re-encryption", "opening"];

    private const int Runs = 5;
    private const int Most = 10_000;
    private const int RecordSize = 50_000;
    private const int PolicySize = 181;
    private const double Linear = 1.25;

    private static readonly int[] Counts = [10, 100, 1000, Most];

    private static void Run(Workbench bench)
    {
        var record = RandomNumberGenerator.GetBytes(RecordSize);
        Pass(100, record);
        var medians = new Dictionary<int, double[]>();
        foreach (var count in Counts)
        {
            // Five runs of the last count would take longer than all other benches together.
            var passes = count == Most ? 1 : Runs;
            var note = count == Most ? "one run" : null;
            var runs = Enumerable.Range(0, passes).Select(_ => Pass(count, record)).ToArray();
            medians[count] = [.. Stages.Select((_, stage) => Turns.Median([.. runs.Select(run => run[stage])]))];
            for (var stage = 0; stage < Stages.Length; stage++)
                bench.Report(Result.Alone(string.Create(CultureInfo.InvariantCulture, $"users/{Stages[stage]}/{count}"), medians[count][stage], "ms", null, note));
        }
        for (var stage = 0; stage < Stages.Length; stage++)
            bench.Report(Result.Against($"users/linear/{Stages[stage]}", medians[Most][stage] / Most * 1000, medians[100][stage] / 100 * 1000, "us", Goal.AtMost(Linear),
                "a user among 10,000 against a user among 100, both ours"));
    }

    /// <summary>Milliseconds of each stage for so many users.</summary>
    private static double[] Pass(int count, byte[] contents)
    {
        var users = new User[count];
        var times = new double[Stages.Length];
        void Stage(int stage, Action<int> work) => times[stage] = ThreadTime.Milliseconds(() =>
        {
            for (var i = 0; i < count; i++)
                work(i);
        });
        // All bodies share one buffer, for ten thousand are no matter of memory: each is sealed anew, outside the timing, before it is opened.
        var body = new byte[ChunkedEncryption.CiphertextLength(contents.Length) - ChunkedEncryption.PrefixSize];
        var opened = new byte[contents.Length];
        Stage(0, i => users[i] = new User());
        Stage(1, i => users[i].Seal(contents, body));
        Stage(2, i => users[i].Share(users[(i + 1) % count]));
        for (var i = 0; i < count; i++)
        {
            users[i].EncryptBody(contents, body);
            times[3] += ThreadTime.Milliseconds(() => users[i].Open(users[(i + 1) % count], body, opened));
        }
        if (!opened.AsSpan().SequenceEqual(contents))
            throw new InvalidOperationException("A record opened to other bytes.");
        foreach (var user in users)
            user.Dispose();
        return times;
    }

    /// <summary>A user with a record, which is shared with another user.</summary>
    private sealed class User : IDisposable
    {
        private readonly byte[] _seed = RandomNumberGenerator.GetBytes(Ed25519.SeedSize);
        private readonly byte[] _identity = new byte[Ed25519.PublicKeySize];
        private readonly byte[] _signature = new byte[Ed25519.SignatureSize];
        private readonly byte[] _context = RandomNumberGenerator.GetBytes(52);
        private readonly byte[] _policy = RandomNumberGenerator.GetBytes(PolicySize);
        private readonly byte[] _request = RandomNumberGenerator.GetBytes(200);
        private readonly DelegatingKey _delegating = DelegatingKey.FromSeed(RandomNumberGenerator.GetBytes(DelegatingKey.SeedSize));
        private readonly ReceivingKey _receiving = ReceivingKey.FromSeed(RandomNumberGenerator.GetBytes(ReceivingKey.SeedSize));
        private readonly byte[] _prefix = new byte[ChunkedEncryption.PrefixSize];
        private byte[] _capsule = [];
        private byte[] _wrapped = [];
        private Secret? _contentKey;
        private readonly (byte[] Share, byte[] CFrag)[] _answers = new (byte[], byte[])[Delegation.Threshold];

        public User() => Ed25519.PublicKey(_seed, _identity);

        public void Seal(byte[] contents, byte[] body)
        {
            _capsule = Capsule.Encapsulate(_delegating.PublicKey, _context, out var key).Bytes.ToArray();
            using (key)
            {
                _contentKey = Secret.Random(WrappedKey.ContentKeySize);
                _wrapped = Done(WrappedKey.WrapAsync(key, _contentKey, _context)).Bytes.ToArray();
            }
            EncryptBody(contents, body);
            Ed25519.Sign(_seed, [.. _context, .. _capsule, .. _wrapped, .. _prefix], _signature);
        }

        public void EncryptBody(byte[] contents, byte[] body)
        {
            using var message = ChunkedEncryption.Create(_contentKey!, _context);
            message.Prefix.CopyTo(_prefix);
            message.SealFinalAsync(0, contents, body).AsTask().GetAwaiter().GetResult();
        }

        /// <summary>The owner's part, and those of two trustees, who check the capsule first.</summary>
        public void Share(User delegatee)
        {
            var shares = Delegation.Split(_delegating, delegatee._receiving.PublicKey, _policy);
            for (var i = 0; i < Delegation.Threshold; i++)
                _answers[i] = (shares[i].Public.Bytes.ToArray(), Delegation.ReEncrypt(Received(), shares[i], _request).Bytes.ToArray());
            foreach (var share in shares)
                share.Dispose();
        }

        public void Open(User delegatee, byte[] body, byte[] contents)
        {
            var capsule = Received();
            var answers = _answers.Select(answer =>
                PublicShare.TryParse(answer.Share, out var share) && CFrag.TryParse(answer.CFrag, out var cfrag) && cfrag.TryVerify(capsule, share, _request, out var verified)
                    ? verified : throw Broken()).ToArray();
            if (!Delegation.TryOpen(capsule, delegatee._receiving, _delegating.PublicKey, _policy, answers[0], answers[1], out var key)
                || !WrappedKey.TryParse(_wrapped, out var wrapped))
                throw Broken();
            using (key)
            using (var contentKey = Done(wrapped.UnwrapAsync(key, _context)) ?? throw Broken())
            {
                if (!ChunkedEncryption.TryOpen(contentKey, _prefix, _context, out var message))
                    throw Broken();
                using (message)
                    if (!Done(message.OpenFinalAsync(0, body, contents)))
                        throw Broken();
            }
        }

        public void Dispose()
        {
            _delegating.Dispose();
            _receiving.Dispose();
            _contentKey?.Dispose();
        }

        private VerifiedCapsule Received() =>
            Capsule.TryParse(_capsule, out var capsule) && capsule.TryVerify(_delegating.PublicKey, _context, out var verified) ? verified : throw Broken();

        private static T Done<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

        private static InvalidOperationException Broken() => new("What was made a moment ago was rejected.");
    }
}
