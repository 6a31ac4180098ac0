using System.Diagnostics.CodeAnalysis;
using Salus.Protocol.Dispersal;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Audit;

/// <summary>
/// Asks a store for leaves of a fragment and for the proofs that they are in its tree. Wire: "salus challenge 1\n" | count u32 | leaves u64 each, ascending.
/// </summary>
public sealed class LeafChallenge
{
    /// <summary>Bytes of the longest.</summary>
    public const int MaxSize = 18 + 4 + 8 * Limits.MaxChallengeLeaves;

    /// <summary>No fragment has as many leaves.</summary>
    private const ulong TooMany = (ulong)FragmentLayout.MaxBodyLength;

    private LeafChallenge(long[] leaves) => Leaves = leaves;

    /// <summary>Indices in the fragment's tree, ascending: 1 to <see cref="Limits.MaxChallengeLeaves"/>.</summary>
    public IReadOnlyList<long> Leaves { get; }

    private static ReadOnlySpan<byte> Magic => "salus challenge 1\n"u8;

    public static LeafChallenge Of(IEnumerable<long> leaves)
    {
        var challenge = new LeafChallenge([.. leaves]);
        return TryRead(challenge.ToBytes(), out _) ? challenge : throw new ArgumentException("Leaves are asked for in ascending order, some and not too many.", nameof(leaves));
    }

    public byte[] ToBytes()
    {
        var writer = new WireWriter().Bytes(Magic).UInt32((uint)Leaves.Count);
        foreach (var leaf in Leaves)
            writer.UInt64(unchecked((ulong)leaf)); // one below zero is too many, which nobody reads
        return writer.ToArray();
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out LeafChallenge? challenge)
    {
        challenge = null;
        var reader = new WireReader(bytes);
        if (!reader.Magic(Magic) || !reader.UInt32(out var count) || count is 0 or > Limits.MaxChallengeLeaves || reader.Rest != count * sizeof(ulong))
            return false;
        var leaves = new long[count];
        for (var i = 0; i < leaves.Length; i++)
        {
            if (!reader.UInt64(out var leaf) || leaf >= TooMany || (i > 0 && (long)leaf <= leaves[i - 1]))
                return false;
            leaves[i] = (long)leaf;
        }
        challenge = new LeafChallenge(leaves);
        return true;
    }
}
