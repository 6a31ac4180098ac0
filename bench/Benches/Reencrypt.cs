using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Salus.Bench.Harness;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Crypto.Reencryption;

namespace Salus.Bench.Benches;

/// <summary>
/// Every operation of sharing against Umbral's own library. What a party receives is parsed and checked within the timing on both sides. Umbral signs
/// its kfrags and checks that signature with every cfrag; ours does so by the messages around, whose Ed25519 signatures are therefore counted here.
/// </summary>
internal static class Reencrypt
{
    public static readonly Benchmark Benchmark = new("reencrypt", "every sharing operation, against @nucypher/umbral-pre in node", Run);

    private const int Runs = 11;
    private const double SecondsOfRun = 0.1;
    private const int PolicySize = 181;   // what a grant's policy and a request take on the wire
    private const int RequestSize = 200;

    private static void Run(Workbench bench)
    {
        Peer.Need(Peer.Node, Peer.Npm);
        var folder = bench.Prepared("umbral", at => Peer.Run(at, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
        using var umbral = new Driver("umbral-pre", "node", folder, "umbral.mjs");
        using var ours = new Ours();
        foreach (var (name, operation) in ours.Operations)
        {
            // As many calls as fill the time of a run, for each side.
            int Calls(Func<int, double> seconds)
            {
                seconds(20);
                return Math.Clamp((int)(SecondsOfRun / seconds(20) * 20), 20, 10_000);
            }
            double Asked(int calls) => umbral.Ask(string.Create(CultureInfo.InvariantCulture, $"{name} {calls}"));
            double Timed(int calls)
            {
                var start = Stopwatch.GetTimestamp();
                for (var i = 0; i < calls; i++)
                    operation();
                return Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
            int ourCalls = Calls(Timed), theirCalls = Calls(Asked);
            var sides = Turns.Measure(Runs, () => Timed(ourCalls) / ourCalls * 1e6, () => Asked(theirCalls) / theirCalls * 1e6);
            bench.Report(Result.Against("reencrypt/" + name, sides.Ours, sides.Peer, "us", Goal.AtMost(0.5)));
        }
    }

    /// <summary>Keys and messages of one delegation, and the operations on them.</summary>
    private sealed class Ours : IDisposable
    {
        private readonly byte[] _policy = RandomNumberGenerator.GetBytes(PolicySize);
        private readonly byte[] _request = RandomNumberGenerator.GetBytes(RequestSize);
        private readonly byte[] _context = RandomNumberGenerator.GetBytes(52);
        private readonly byte[] _signingSeed = RandomNumberGenerator.GetBytes(Ed25519.SeedSize);
        private readonly byte[] _verifying = new byte[Ed25519.PublicKeySize];
        private readonly byte[] _signature = new byte[Ed25519.SignatureSize];
        private readonly DelegatingKey _a = DelegatingKey.FromSeed(RandomNumberGenerator.GetBytes(DelegatingKey.SeedSize));
        private readonly ReceivingKey _b = ReceivingKey.FromSeed(RandomNumberGenerator.GetBytes(ReceivingKey.SeedSize));
        private readonly byte[] _capsule;
        private readonly KeyShare[] _shares;
        private readonly byte[][] _cfrags;
        private readonly VerifiedCapsule _verified;
        private readonly VerifiedCFrag _first;
        private readonly VerifiedCFrag _second;

        public Ours()
        {
            Ed25519.PublicKey(_signingSeed, _verifying);
            _capsule = Capsule.Encapsulate(_a.PublicKey, _context, out var key).Bytes.ToArray();
            _shares = Delegation.Split(_a, _b.PublicKey, _policy);
            _cfrags = [.. _shares.Select(share => Delegation.ReEncrypt(Received(), share, _request).Bytes.ToArray())];
            _verified = Received();
            Ed25519.Sign(_signingSeed, Signed(_shares[1]), _signature);
            (_first, _second) = (Verify(0), Verify(2));
            using (key)
            using (var opened = Open())
            using (var own = Own())
                if (!opened.Bytes.SequenceEqual(key.Bytes) || !own.Bytes.SequenceEqual(key.Bytes))
                    throw new InvalidOperationException("The capsule opened to another key.");
        }

        public (string Name, Action Operation)[] Operations =>
        [
            ("keygen", () => DelegatingKey.FromSeed(RandomNumberGenerator.GetBytes(DelegatingKey.SeedSize)).Dispose()),
            ("encapsulate", () =>
            {
                Capsule.Encapsulate(_a.PublicKey, _context, out var key);
                key.Dispose();
            }),
            ("kfrags", Split),
            ("reencrypt", () => Delegation.ReEncrypt(Received(), _shares[0], _request)),
            ("verify", VerifyWithSignature),
            ("open", () => Open().Dispose()),
            ("own", () => Own().Dispose()),
        ];

        public void Dispose()
        {
            _a.Dispose();
            _b.Dispose();
            foreach (var share in _shares)
                share.Dispose();
        }

        private VerifiedCapsule Received() =>
            Capsule.TryParse(_capsule, out var capsule) && capsule.TryVerify(_a.PublicKey, _context, out var verified) ? verified : throw Broken();

        private void Split()
        {
            Span<byte> signature = stackalloc byte[Ed25519.SignatureSize];
            foreach (var share in Delegation.Split(_a, _b.PublicKey, _policy))
            {
                Ed25519.Sign(_signingSeed, Signed(share), signature);
                share.Dispose();
            }
        }

        private byte[] Signed(KeyShare share) => [.. _policy, .. share.Public.Bytes];

        private VerifiedCFrag Verify(int i) =>
            CFrag.TryParse(_cfrags[i], out var cfrag) && cfrag.TryVerify(_verified, _shares[i].Public, _request, out var verified) ? verified : throw Broken();

        private void VerifyWithSignature()
        {
            if (!PublicShare.TryParse(_shares[1].Public.Bytes, out _) || !Ed25519.Verify(_verifying, Signed(_shares[1]), _signature))
                throw Broken();
            Verify(1);
        }

        private Secret Open() =>
            Delegation.TryOpen(_verified, _b, _a.PublicKey, _policy, _first, _second, out var key) ? key : throw Broken();

        private Secret Own() => Received().Open(_a);

        private static InvalidOperationException Broken() => new("What was made a moment ago was rejected.");
    }
}
