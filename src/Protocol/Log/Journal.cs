using System.Diagnostics.CodeAnalysis;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Log;

/// <summary>One access that a trustee has answered.</summary>
/// <param name="At">By the trustee's clock.</param>
/// <param name="Index">Where the trustee was shown the access in the log.</param>
/// <param name="Leaf">The hash of the log's leaf, 32 bytes.</param>
/// <param name="Statement">The requester's signed statement.</param>
public sealed record JournalLine(DateTimeOffset At, long Index, byte[] Leaf, byte[] Statement);

/// <summary>
/// A trustee's answer to a <see cref="JournalRequest"/>, signed: what is left out of it, or made up in it, is the trustee's.
/// Wire: "salus journal 1\n" | trustee 32 | request hash 32 | more u8 | u32 count, lines of (at u64 | index u64 | leaf 32 | statement (variable)) | signature 64.
/// </summary>
public sealed class Journal
{
    private Journal(byte[] signed, VerifyingKey trustee, byte[] request, bool hasMore, IReadOnlyList<JournalLine> lines) =>
        (Signed, Trustee, RequestHash, HasMore, Lines) = (signed, trustee, request, hasMore, lines);

    private static ReadOnlySpan<byte> Magic => "salus journal 1\n"u8;

    public VerifyingKey Trustee { get; }

    public byte[] RequestHash { get; }

    /// <summary>Whether there are lines behind the last one.</summary>
    public bool HasMore { get; }

    /// <summary>In the order of the log.</summary>
    public IReadOnlyList<JournalLine> Lines { get; }

    public byte[] Signed { get; }

    public static Journal Create(SigningKey trustee, JournalRequest request, bool hasMore, IReadOnlyList<JournalLine> lines)
    {
        var writer = new WireWriter().Bytes(Magic).Key(trustee.PublicKey).Bytes(request.Hash).Byte(hasMore ? (byte)1 : (byte)0).UInt32((uint)lines.Count);
        foreach (var line in lines)
            writer.Time(line.At).UInt64((ulong)line.Index).Fixed(Sha256.Size, line.Leaf).Variable(line.Statement);
        return TryRead(SignedMessage.Sign(Domains.SignJournal, trustee, writer.ToArray()), out var journal) ? journal : throw SignedMessage.Mistake(nameof(Journal));
    }

    /// <summary>False unless it is the answer of the request's trustee to this very request. The statements are not verified yet.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, JournalRequest request, [NotNullWhen(true)] out Journal? journal)
    {
        if (TryRead(signed, out journal) && journal.Trustee.Equals(request.Trustee) && journal.RequestHash.AsSpan().SequenceEqual(request.Hash)
            && journal.Lines.All(line => line.Index >= request.From && line.At >= request.Since) && SignedMessage.Verify(Domains.SignJournal, request.Trustee, signed))
            return true;
        journal = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out Journal? journal)
    {
        journal = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey trustee) || !reader.Bytes(Sha256.Size, out var request) || !reader.Byte(out var more) || more > 1
            || !reader.UInt32(out var count) || count > Limits.MaxJournalPage || (more == 1 && count == 0))
            return false;
        var lines = new List<JournalLine>();
        for (var i = 0; i < count; i++)
        {
            if (!reader.Time(out var at) || !reader.UInt64(out var index) || index > long.MaxValue || (i > 0 && (long)index <= lines[^1].Index)
                || !reader.Bytes(Sha256.Size, out var leaf) || !reader.Variable(Limits.MaxAccessStatement, out var statement))
                return false;
            lines.Add(new JournalLine(at, (long)index, leaf.ToArray(), statement.ToArray()));
        }
        if (!reader.AtEnd)
            return false;
        journal = new Journal(signed.ToArray(), trustee, request.ToArray(), more == 1, lines);
        return true;
    }
}
