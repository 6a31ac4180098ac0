using System.Buffers.Binary;
using Microsoft.EntityFrameworkCore;
using Salus.Crypto;
using Salus.Crypto.Statistics.Computing;
using Salus.Protocol;
using Salus.Protocol.Statistics;

namespace Salus.Trustee.Statistics;

/// <summary>
/// What three trustees must see alike before they compute: how much is spent, and which rows they all have. A row counts when all three keep it with the same commitments, so
/// a trustee may leave rows out, but nobody can slip one in.
/// </summary>
internal sealed class RowAgreement
{
    private const int EntrySize = Identifier.Size + HashSize + 1;
    private const int HashSize = 32;
    private const int StateSize = sizeof(long) + sizeof(int) + HashSize;

    private RowAgreement(long spent, int? claimant, IReadOnlyList<AgreedRow> rows) => (Spent, Claimant, Rows) = (spent, claimant, rows);

    /// <summary>The most that any of the three remembers to be spent, and not more than the budget.</summary>
    public long Spent { get; }

    /// <summary>Whose memory that is when it is not this trustee's: 1 the next of the three, 2 the previous.</summary>
    public int? Claimant { get; }

    /// <summary>In the order of their contributions.</summary>
    public IReadOnlyList<AgreedRow> Rows { get; }

    public static async Task<RowAgreement> ReachAsync(TrusteeDatabase database, IPeerChannel channel, StudyId study, long budget, CancellationToken cancel)
    {
        // 1 What each has: the sum of it first, as it is mostly the same.
        var (own, spentHere) = (await EntriesAsync(database, study, cancel), await database.SpentAsync(study, cancel));
        var state = new byte[StateSize];
        BinaryPrimitives.WriteInt64BigEndian(state, spentHere);
        BinaryPrimitives.WriteInt32BigEndian(state.AsSpan(sizeof(long)), own.Length / EntrySize);
        Digest(own).CopyTo(state.AsSpan(StateSize - HashSize));
        byte[] ofPrevious = new byte[StateSize], ofNext = new byte[StateSize];
        await channel.ExchangeAsync(state, state, ofPrevious, ofNext, cancel);
        long[] said = [spentHere, BinaryPrimitives.ReadInt64BigEndian(ofNext), BinaryPrimitives.ReadInt64BigEndian(ofPrevious)];
        var spent = Math.Min(said.Max(), budget);
        int? claimant = said.Max() > spentHere ? Array.IndexOf(said, said.Max()) : null;
        if (AreAlike(state, ofPrevious) && AreAlike(state, ofNext))
            return new RowAgreement(spent, claimant, Read(own));

        // 2 Where something differs, all lists: each counts what all three have.
        byte[] rowsOfPrevious = new byte[Size(ofPrevious)], rowsOfNext = new byte[Size(ofNext)];
        await channel.ExchangeAsync(own, own, rowsOfPrevious, rowsOfNext, cancel);
        return new RowAgreement(spent, claimant, Common(Read(own), Read(rowsOfPrevious), Read(rowsOfNext)));
    }

    private static async Task<byte[]> EntriesAsync(TrusteeDatabase database, StudyId study, CancellationToken cancel)
    {
        using var entries = new MemoryStream();
        await foreach (var row in database.Rows(study).Select(row => new { row.Contribution, row.Commitments, row.State }).Take(Bounds.MaxRows).AsAsyncEnumerable().WithCancellation(cancel))
        {
            entries.Write(row.Contribution.ToBytes());
            entries.Write(HashOf(row.Commitments));
            entries.WriteByte((byte)row.State);
        }
        return entries.ToArray();
    }

    internal static List<AgreedRow> Common(AgreedRow[] own, params AgreedRow[][] others)
    {
        var byId = others.Select(rows => rows.DistinctBy(row => row.Contribution).ToDictionary(row => row.Contribution)).ToArray();
        var common = new List<AgreedRow>();
        foreach (var row in own)
        {
            var isChecked = row.IsChecked;
            var isCommon = true;
            foreach (var rows in byId)
            {
                isCommon &= rows.TryGetValue(row.Contribution, out var other) && other.Hash.AsSpan().SequenceEqual(row.Hash);
                isChecked &= other?.IsChecked ?? false;
            }
            if (isCommon)
                common.Add(row with { IsChecked = isChecked });
        }
        return common;
    }

    internal static AgreedRow[] Read(byte[] entries)
    {
        var rows = new AgreedRow[entries.Length / EntrySize];
        for (var i = 0; i < rows.Length; i++)
        {
            var entry = entries.AsSpan(i * EntrySize, EntrySize);
            rows[i] = new AgreedRow(Identifier.Read<ContributionId>(entry), entry.Slice(Identifier.Size, HashSize).ToArray(), entry[^1] == (byte)RowState.Valid);
        }
        return rows;
    }

    private static byte[] HashOf(byte[] commitments)
    {
        using var transcript = new Transcript(Domains.StatisticsCommitments);
        return transcript.Append(commitments).ToHash()[..HashSize];
    }

    private static byte[] Digest(byte[] entries)
    {
        using var transcript = new Transcript(Domains.StatisticsRows);
        return transcript.Append((uint)(entries.Length / EntrySize)).Append(entries).ToHash()[..HashSize];
    }

    private static bool AreAlike(byte[] state, byte[] other) => state.AsSpan(sizeof(long)).SequenceEqual(other.AsSpan(sizeof(long)));

    private static int Size(byte[] state) => Math.Clamp(BinaryPrimitives.ReadInt32BigEndian(state.AsSpan(sizeof(long))), 0, Bounds.MaxRows) * EntrySize;
}

/// <summary>A row that all three trustees have.</summary>
/// <param name="Hash">Of its commitments.</param>
/// <param name="IsChecked">All three have found it valid before.</param>
internal sealed record AgreedRow(ContributionId Contribution, byte[] Hash, bool IsChecked);
