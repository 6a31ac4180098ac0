using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto.Statistics.Sharing;
using Salus.Protocol;
using Salus.Protocol.Statistics;
using Salus.Protocol.Studies;

namespace Salus.Client.Statistics;

/// <summary>A participant's row, split into shares for the three trustees of a study. It is made once: tokens are spent on its commitment.</summary>
internal sealed class ContributionRow : IDisposable
{
    private readonly Study _study;
    private readonly ShareCommitments _commitments;
    private readonly byte[][] _parcels;

    private ContributionRow(Study study, ShareCommitments commitments, byte[][] parcels)
    {
        (_study, _commitments, _parcels) = (study, commitments, parcels);
        Commitment = RowDelivery.Commit(study, commitments);
    }

    /// <summary>What the contribution's head says of it, 32 bytes.</summary>
    public byte[] Commitment { get; }

    /// <summary>Splits what is known of a participant. Numbers are rounded to the study's decimals and clipped to its bounds.</summary>
    public static ContributionRow Prepare(Study study, RowValues values)
    {
        var row = study.Terms.Layout().Encode([.. study.Terms.Variables.Select(values.Scaled)], [.. study.Terms.Attributes.Select(values.Category)]);
        using var split = SplitVector.SplitElements(row);
        Array.Clear(row);
        return new ContributionRow(study, split.Commit(), [.. Enumerable.Range(0, Parties.Count).Select(split.Parcel)]);
    }

    /// <summary>For the device's own disk, sealed: what is sent again after a kill is the same row.</summary>
    public byte[] ToBytes() => [.. _commitments.Bytes, .. _parcels.SelectMany(parcel => parcel)];

    public static bool TryRead(Study study, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ContributionRow? row)
    {
        row = null;
        var count = study.Terms.Layout().Count;
        if (bytes.Length < ShareCommitments.Size || !ShareCommitments.TryParse(bytes[..ShareCommitments.Size], out var commitments))
            return false;
        bytes = bytes[ShareCommitments.Size..];
        var parcels = new byte[Parties.Count][];
        for (var party = 0; party < parcels.Length; party++)
        {
            var size = SplitVector.ParcelSize(party, count);
            if (bytes.Length < size || !SharePair.TryParse(party, count, bytes[..size], out var pair) || !pair.Fits(commitments))
                return false;
            parcels[party] = bytes[..size].ToArray();
            bytes = bytes[size..];
        }
        row = bytes.IsEmpty ? new ContributionRow(study, commitments, parcels) : null;
        return row is not null;
    }

    /// <summary>What a trustee of the study is sent; with the receipts of two tokens.</summary>
    public byte[] SealFor(VerifyingKey trustee, BoxKey box, ContributionHeader header, IReadOnlyList<byte[]> receipts)
    {
        var party = _study.Terms.Trustees.ToList().IndexOf(trustee);
        ArgumentOutOfRangeException.ThrowIfNegative(party, nameof(trustee));
        return RowDelivery.Seal(box, header, receipts, _commitments, _parcels[party]);
    }

    public void Dispose()
    {
        foreach (var parcel in _parcels)
            CryptographicOperations.ZeroMemory(parcel);
    }

    public override string ToString() => "[redacted]";
}
