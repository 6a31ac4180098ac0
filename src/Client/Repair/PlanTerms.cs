using System.Security.Cryptography;
using Salus.Client.Sealing;
using Salus.Protocol;
using Salus.Protocol.Dispersal;

namespace Salus.Client.Repair;

/// <summary>The terms of a record as a plan has them: commitments and their blinds, and no key, so no labels either.</summary>
internal sealed class PlanTerms(FragmentLayout layout, OpenSettings settings, IReadOnlyList<PlannedSource> sources) : FragmentTerms(layout, settings)
{
    public override bool IsCommitted(int index, ReadOnlySpan<byte> root) =>
        CryptographicOperations.FixedTimeEquals(SealedRecord.Commit(sources[index].Blind, root), sources[index].Commitment);

    public override byte[]? Label(int index) => null;

    public override byte[]? NextLabel(int index) => null;
}
