using System.Diagnostics.CodeAnalysis;
using Salus.Crypto.Primitives;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Studies;

/// <summary>
/// A contribution's copy on its way to the custodian: a sealed box (an ephemeral key of its own) whose size is a class of <see cref="CopySize"/> whatever is inside.
/// Inside: "salus copy 1\n" | study 16 | contribution 16 | content (variable) | zeros.
/// </summary>
public static class SealedCopy
{
    private static ReadOnlySpan<byte> Magic => "salus copy 1\n"u8;

    private static int Overhead => Magic.Length + (2 * Identifier.Size) + sizeof(uint) + SealedBox.Overhead;

    /// <summary>Bytes of content, at most.</summary>
    public static int MaxContent => Limits.MaxSealedCopy - Overhead;

    /// <summary>Throws for more than <see cref="MaxContent"/> bytes.</summary>
    public static byte[] Seal(BoxKey custodian, StudyId study, ContributionId contribution, ReadOnlySpan<byte> content)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, MaxContent, nameof(content));
        var padded = new byte[CopySize.For(content.Length + Overhead) - SealedBox.Overhead];
        new WireWriter().Bytes(Magic).Id(study).Id(contribution).Variable(content).ToArray().CopyTo(padded, 0);
        return custodian.Seal(padded);
    }

    /// <summary>False when it is no copy of this contribution to this study, or not for this key.</summary>
    public static bool TryUnseal(UnboxingKey custodian, StudyId study, ContributionId contribution, ReadOnlySpan<byte> sealedCopy, [NotNullWhen(true)] out byte[]? content)
    {
        content = null;
        if (!CopySize.IsClass(sealedCopy.Length) || !custodian.TryOpen(sealedCopy, out var padded))
            return false;
        var reader = new WireReader(padded);
        if (!reader.Magic(Magic) || !reader.Id(out StudyId ofStudy) || ofStudy != study || !reader.Id(out ContributionId ofContribution) || ofContribution != contribution
            || !reader.Variable(MaxContent, out var inside))
            return false;
        var rest = padded.AsSpan(Overhead - SealedBox.Overhead + inside.Length);
        if (rest.ContainsAnyExcept((byte)0))
            return false;
        content = inside.ToArray();
        return true;
    }
}
