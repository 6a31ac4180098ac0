using System.Security.Cryptography;
using Salus.Crypto.Dispersal;
using Salus.Protocol;
using Salus.Protocol.Dispersal;

namespace Salus.Client.Sealing;

/// <summary>What the fragments of one body must be: their sizes, the commitments that the author signed to their roots, and, for who has the keys, their labels.</summary>
internal abstract class FragmentTerms(FragmentLayout layout, OpenSettings settings)
{
    public FragmentLayout Layout => layout;

    public OpenSettings Settings => settings;

    /// <summary>Whether a root is the one committed to.</summary>
    public abstract bool IsCommitted(int index, ReadOnlySpan<byte> root);

    /// <summary>The label in the fragment's header; null for who does not know it, and believes what is committed to.</summary>
    public abstract byte[]? Label(int index);

    /// <summary>The masked next label; null as with <see cref="Label"/>.</summary>
    public abstract byte[]? NextLabel(int index);
}

/// <summary>The terms of a record, for who has its keys.</summary>
internal sealed class KeyedTerms(FragmentLayout layout, OpenSettings settings, FragmentKeys keys, IReadOnlyList<byte[]> commitments) : FragmentTerms(layout, settings)
{
    public override bool IsCommitted(int index, ReadOnlySpan<byte> root)
    {
        Span<byte> blind = stackalloc byte[FragmentKeys.ValueSize];
        keys.RootBlind(index, blind);
        return CryptographicOperations.FixedTimeEquals(SealedRecord.Commit(blind, root), commitments[index]);
    }

    public override byte[]? Label(int index)
    {
        var label = new byte[FragmentLayout.LabelSize];
        keys.Label(index, label);
        return label;
    }

    public override byte[]? NextLabel(int index)
    {
        var label = new byte[FragmentLayout.LabelSize];
        keys.NextLabel(index, label);
        return label;
    }
}
