using Salus.Crypto;
using Salus.Crypto.Dispersal;
using Salus.Crypto.Merkle;
using Salus.Crypto.Oprf;
using Salus.Crypto.Primitives;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Crypto.Statistics;
using Salus.Crypto.Statistics.Computing;
using Salus.Crypto.Statistics.Sharing;
using Salus.Protocol.Tests;
using Salus.Protocol.Tests.Studies;

namespace Salus.Bench.Fuzz.Targets;

/// <summary>Points, scalars, shares, proofs and boxes.</summary>
internal static class CryptoTargets
{
    private const int Elements = 5;

    private static readonly byte[] Key32 = Parts.Seed(1, 32);
    private static readonly ThresholdShare Holder = MakeHolder();

    public static IReadOnlyList<Target> All { get; } =
    [
        new("crypto/PublicKey", () => [Parts.Delegating(1).PublicKey.Bytes.ToArray()], bytes => PublicKey.TryParse(bytes, out var key) ? Verdict.Canonical(key.Bytes) : Verdict.Refused),
        new("crypto/Capsule", () => [Parts.Capsule.Bytes.ToArray()],
            bytes => Capsule.TryParse(bytes, out var capsule) ? Verdict.Canonical(capsule.Bytes, $"{capsule.TryVerify(Parts.Delegating(1).PublicKey, "context"u8, out _)}") : Verdict.Refused),
        new("crypto/PublicShare", () => [Parts.Shares(Parts.Signing(1), Parts.Signing(2))[0].Public.Bytes.ToArray()],
            bytes => PublicShare.TryParse(bytes, out var share) ? Verdict.Canonical(share.Bytes) : Verdict.Refused),
        new("crypto/KeyShare", () => [Parts.Shares(Parts.Signing(1), Parts.Signing(2))[0].Rk.Bytes.ToArray()],
            bytes => KeyShare.TryParse(Parts.Shares(Parts.Signing(1), Parts.Signing(2))[0].Public, bytes, out var share) ? Verdict.Canonical(share.Rk.Bytes) : Verdict.Refused),
        new("crypto/CFrag", CFrags, bytes => CFrag.TryParse(bytes, out var cfrag) ? Verdict.Canonical(cfrag.Bytes) : Verdict.Refused),
        new("crypto/WrappedKey", () => [Parts.Seed(2, WrappedKey.Size)], bytes => WrappedKey.TryParse(bytes, out var key) ? Verdict.Canonical(key.Bytes) : Verdict.Refused),
        new("crypto/OprfElement", () => [StudyCases.Element.Bytes.ToArray()], bytes => OprfElement.TryParse(bytes, out var element) ? Verdict.Canonical(element.Bytes) : Verdict.Refused),
        new("crypto/KeyContribution", () => [KeyContribution.Make(out _).Bytes.ToArray()],
            bytes => KeyContribution.TryParse(bytes, out var contribution) ? Verdict.Canonical(contribution.Bytes) : Verdict.Refused),
        new("crypto/ThresholdKey", () => [Threshold()], bytes => ThresholdKey.TryParse(bytes, out var key) ? Verdict.Canonical(key.ToBytes()) : Verdict.Refused),
        new("crypto/ThresholdShare", () => [Holder.Scalar.Bytes.ToArray()], bytes =>
        {
            var isRead = ThresholdShare.TryParse(Holder.Key, 0, bytes, out var share);
            share?.Dispose();
            return Verdict.When(isRead);
        }),
        new("crypto/Evaluation", () => [Holder.Evaluate(StudyCases.Element).Bytes.ToArray()], bytes => Evaluation.TryParse(bytes, out var evaluation)
            ? Verdict.Canonical(evaluation.Bytes, $"{evaluation.TryVerify(Holder.Key, 0, StudyCases.Element, out _)}") : Verdict.Refused),
        new("crypto/field elements", () => [Elements61()], bytes =>
        {
            var elements = new ulong[Elements];
            if (!FieldVector.TryRead(bytes, elements))
                return Verdict.Refused;
            var written = new byte[bytes.Length];
            FieldVector.Write(elements, written);
            return Verdict.Canonical(written);
        }),
        new("crypto/ShareCommitments", () => [Parts.Seed(4, ShareCommitments.Size)],
            bytes => ShareCommitments.TryParse(bytes, out var commitments) ? Verdict.Canonical(commitments.Bytes) : Verdict.Refused),
        .. Enumerable.Range(0, Parties.Count).Select(party => new Target($"crypto/SharePair {party}", () => [Parcel(party)],
            bytes => Verdict.When(SharePair.TryParse(party, Elements, bytes, out _)))),
        new("crypto/Opening", () => [new byte[Opening.Size(Elements)]], bytes => Verdict.When(Opening.TryParse(0, Elements, bytes, out _))),
        new("crypto/sequence key", () => [System.Text.Encoding.UTF8.GetBytes(Sequence())], bytes =>
        {
            var fault = SequenceKey.TryParse(System.Text.Encoding.UTF8.GetString(bytes), out var key);
            return key is not null ? Verdict.Taken() : new Verdict(false, null, fault.ToString());
        }) { Shape = Shape.Text, Longest = 4096, Allowance = (4 << 20, 64) },
        new("crypto/inclusion proof", () => [Proof()], bytes => Verdict.When(bytes.Length >= 67
            && MerkleTree.VerifyInclusion(bytes.AsSpan(0, 32), bytes[32], bytes[33] + (bytes[34] << 24), bytes.AsSpan(67), bytes.AsSpan(35, 32)))),
        new("crypto/consistency proof", () => [Consistency()], bytes => Verdict.When(bytes.Length >= 66
            && MerkleTree.VerifyConsistency(bytes[0], bytes.AsSpan(2, 32), bytes[1], bytes.AsSpan(34, 32), bytes.AsSpan(66)))),
        new("crypto/proof among the leading leaves", () => [Leading()], bytes => Verdict.When(bytes.Length >= 66
            && LeadingLeaves.Verify(bytes.AsSpan(2, 32), bytes[0], bytes[1], bytes.AsSpan(66), bytes.AsSpan(34, 32)))),
        new("crypto/sealed box", () => [Parts.Box(1).PublicKey.Seal("a message"u8)], bytes => Verdict.When(Parts.Box(1).TryOpen(bytes, out _))),
        new("crypto/sealed blob", () => [Blob()], bytes =>
        {
            using var key = Secret.CopyOf(Key32);
            return Verdict.When(SealedBlob.OpenAsync(key, Domains.Metadata, bytes, new byte[8]).AsTask().GetAwaiter().GetResult() is not null);
        }),
        new("crypto/chunked encryption", () => [Chunks()], bytes =>
        {
            using var key = Secret.CopyOf(Key32);
            // One chunk: how long each is, the reader of a body knows.
            if (bytes.Length < ChunkedEncryption.PrefixSize + Aead.TagSize || bytes.Length > ChunkedEncryption.PrefixSize + ChunkedEncryption.SealedChunkSize - 1
                || !ChunkedEncryption.TryOpen(key, bytes.AsSpan(0, ChunkedEncryption.PrefixSize), "context"u8, out var message))
                return Verdict.Refused;
            using (message)
            {
                var body = bytes.AsMemory(ChunkedEncryption.PrefixSize);
                return Verdict.When(message.OpenFinalAsync(0, body, new byte[body.Length - Aead.TagSize]).AsTask().GetAwaiter().GetResult());
            }
        }),
    ];

    internal static IReadOnlyList<byte[]> CFrags()
    {
        if (!Parts.Capsule.TryVerify(Parts.Delegating(1).PublicKey, "context"u8, out var verified))
            throw new InvalidOperationException("A capsule as it is made verifies.");
        return [Delegation.ReEncrypt(verified, Parts.Shares(Parts.Signing(1), Parts.Signing(2))[0], "request"u8).Bytes.ToArray()];
    }

    private static byte[] Threshold() => KeyContribution.TryAdd([KeyContribution.Make(out _), KeyContribution.Make(out _), KeyContribution.Make(out _)], out var key)
        ? key.ToBytes() : throw new InvalidOperationException("Three contributions make a key.");

    /// <summary>One of three who have dealt a key among themselves.</summary>
    private static ThresholdShare MakeHolder()
    {
        var three = Enumerable.Range(0, ThresholdKey.Holders).Select(_ => (Line: KeyContribution.Make(out var shares), Value: shares[0])).ToArray();
        return KeyContribution.TryAdd([.. three.Select(one => one.Line)], out var key) && KeyContribution.TryShare(key, 0, [.. three.Select(one => one.Value)], out var share)
            ? share : throw new InvalidOperationException("Three contributions make a key.");
    }

    private static byte[] Elements61()
    {
        var written = new byte[8 * Elements];
        FieldVector.Write([0, 1, 2, 3, Field61.Modulus - 1], written);
        return written;
    }

    private static byte[] Parcel(int party)
    {
        using var split = SplitVector.Split([1, -2, 3, -4, 5]);
        return split.Parcel(party);
    }

    private static string Sequence() => SequenceKey.Generate().Reveal();

    /// <summary>Leaf 32 | index u8 | count u8, u8 << 24 | root 32 | proof.</summary>
    private static byte[] Proof()
    {
        var leaves = Parts.Seed(6, 7 * 32);
        var root = new byte[32];
        MerkleTree.Root(leaves, root);
        return [.. leaves[(5 * 32)..(6 * 32)], 5, 7, 0, .. root, .. MerkleTree.Prove(leaves, 5)];
    }

    /// <summary>Old size u8 | new size u8 | old root 32 | new root 32 | proof.</summary>
    private static byte[] Consistency()
    {
        var leaves = Parts.Seed(6, 7 * 32);
        return [3, 7, .. Root(0, 3), .. Root(0, 7), .. TreeRange.Consistency(3, 7).SelectMany(range => Root(range.First, range.End))];

        byte[] Root(long start, long end)
        {
            var root = new byte[32];
            MerkleTree.Root(leaves.AsSpan((int)start * 32, (int)(end - start) * 32), root);
            return root;
        }
    }

    /// <summary>Index u8 | leading leaves u8 | leaf 32 | root 32 | proof.</summary>
    private static byte[] Leading()
    {
        var leaves = Parts.Seed(6, 7 * 32);
        var root = new byte[32];
        MerkleTree.Root(leaves, root);
        return [2, 4, .. leaves[64..96], .. root, .. MerkleTree.Prove(leaves, 2)];
    }

    private static byte[] Blob()
    {
        using var key = Secret.CopyOf(Key32);
        return SealedBlob.SealAsync(key, Domains.Metadata, new byte[100], new byte[8]).AsTask().GetAwaiter().GetResult();
    }

    private static byte[] Chunks()
    {
        using var key = Secret.CopyOf(Key32);
        using var message = ChunkedEncryption.Create(key, "context"u8);
        var sealedBytes = new byte[ChunkedEncryption.CiphertextLength(100)];
        message.Prefix.CopyTo(sealedBytes);
        message.SealFinalAsync(0, new byte[100], sealedBytes.AsMemory(ChunkedEncryption.PrefixSize)).AsTask().GetAwaiter().GetResult();
        return sealedBytes;
    }
}
