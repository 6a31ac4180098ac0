using Salus.Crypto.Dispersal;
using Salus.Protocol;
using Salus.Protocol.Dispersal;

namespace Salus.Client.Sealing;

/// <summary>What sealing leaves besides the fragment files; goes into the signed record.</summary>
/// <param name="Layout">Body length (encrypted), k and n.</param>
/// <param name="PlaintextLength">Bytes that went in.</param>
/// <param name="Prefix">Salt and commitment of the chunked encryption, 56 bytes. In the record only: in a fragment it would tie that one to the record.</param>
/// <param name="Roots">Root of each fragment's tree, 32 bytes each, in the order of the sequence key.</param>
public sealed record SealedBody(FragmentLayout Layout, long PlaintextLength, byte[] Prefix, IReadOnlyList<byte[]> Roots)
{
    /// <summary>Bytes of the encrypted body.</summary>
    public long BodyLength => Layout.BodyLength;

    /// <summary>The commitments to the roots for the signed record, in the same order: each under its fragment's blind.</summary>
    public byte[][] Commitments(FragmentKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var commitments = new byte[Roots.Count][];
        Span<byte> blind = stackalloc byte[FragmentKeys.ValueSize];
        for (var i = 0; i < commitments.Length; i++)
        {
            keys.RootBlind(i, blind);
            commitments[i] = SealedRecord.Commit(blind, Roots[i]);
        }
        return commitments;
    }
}

/// <summary>The source changed while it was sealed: what was written is of no use.</summary>
public sealed class SourceChangedException() : IOException("The source changed while it was being sealed.");
