using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Log;

/// <summary>
/// What the cloud sends a witness: from which size on, the entries since then, and the checkpoint that they lead to. No entries and the size of before ask for a fresh cosignature.
/// Wire: "salus push 1\n" | old size u64 | checkpoint's note (variable) | u32 count, entries (variable each).
/// The checkpoint's signature is the cloud's word; the witness verifies it, and that the entries lead to its root.
/// Answers: 200 with the line of the cosignature; 409 with the witness's own size in decimal and a line's end, when it is not the old size.
/// </summary>
public sealed class WitnessPush
{
    /// <summary>Media type of the answer with the witness's size (c2sp.org/tlog-witness).</summary>
    public const string SizeType = "text/x.tlog.size";

    private WitnessPush(long oldSize, byte[] note, IReadOnlyList<LogEntry> entries) => (OldSize, Note, Entries) = (oldSize, note, entries);

    private static ReadOnlySpan<byte> Magic => "salus push 1\n"u8;

    public long OldSize { get; }

    /// <summary>Not verified yet: <see cref="SignedCheckpoint.TryRead"/>. Its size is <see cref="OldSize"/> and the entries.</summary>
    public byte[] Note { get; }

    public IReadOnlyList<LogEntry> Entries { get; }

    public static byte[] Encode(long oldSize, ReadOnlySpan<byte> note, IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        var writer = new WireWriter().Bytes(Magic).UInt64(checked((ulong)oldSize)).Variable(note).UInt32((uint)entries.Count);
        foreach (var entry in entries)
            writer.Variable(entry.Span);
        return writer.ToArray();
    }

    /// <summary>The checkpoint's note alone: who has not signed it, nobody reads the entries of.</summary>
    public static bool TryReadNote(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> note)
    {
        var reader = new WireReader(bytes);
        note = default;
        return reader.Magic(Magic) && reader.UInt64(out _) && reader.Variable(Limits.MaxNote, out note);
    }

    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out WitnessPush? push)
    {
        push = null;
        var reader = new WireReader(bytes);
        if (bytes.Length > Limits.MaxPush || !reader.Magic(Magic) || !reader.UInt64(out var oldSize) || oldSize >> 62 != 0
            || !reader.Variable(Limits.MaxNote, out var note) || !reader.UInt32(out var count) || count > Limits.MaxPushEntries)
            return false;
        var entries = new List<LogEntry>();
        for (; count > 0; count--)
        {
            if (!reader.Variable(Limits.MaxLogEntry, out var encoded) || !LogEntry.TryParse(encoded, out var entry))
                return false;
            entries.Add(entry);
        }
        if (!reader.AtEnd)
            return false;
        push = new WitnessPush((long)oldSize, note.ToArray(), entries);
        return true;
    }

    /// <summary>The body of the answer with a witness's own size.</summary>
    public static string EncodeSize(long size) => string.Create(CultureInfo.InvariantCulture, $"{size}\n");

    public static bool TryParseSize(string body, out long size) =>
        long.TryParse(body.TrimEnd('\n'), NumberStyles.None, CultureInfo.InvariantCulture, out size) && body == EncodeSize(size);
}
