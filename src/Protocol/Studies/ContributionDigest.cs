using Salus.Crypto;

namespace Salus.Protocol.Studies;

/// <summary>What a contribution consists of, as tokens pay for it: H(contribution; study, contribution, hash of the sealed copy, commitment of the row).</summary>
public static class ContributionDigest
{
    public const int Size = 32;

    /// <summary><paramref name="copyHash"/> is the SHA-256 of the sealed copy or empty, <paramref name="row"/> 32 bytes that commit to the row of shares or empty.</summary>
    public static byte[] Of(StudyId study, ContributionId contribution, ReadOnlySpan<byte> copyHash, ReadOnlySpan<byte> row)
    {
        var digest = new byte[Size];
        using var transcript = new Transcript(Domains.Contribution);
        transcript.Append(study.ToBytes()).Append(contribution.ToBytes()).Append(copyHash).Append(row).ToHash(digest);
        return digest;
    }

    /// <summary>The contribution that a withdrawal key is for.</summary>
    public static ContributionId Contribution(this VerifyingKey withdrawal)
    {
        using var transcript = new Transcript(Domains.ContributionId);
        return Identifier.Read<ContributionId>(transcript.Append(withdrawal.Bytes).ToHash().AsSpan(0, Identifier.Size));
    }
}
