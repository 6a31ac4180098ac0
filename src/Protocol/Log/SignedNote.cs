using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Salus.Protocol.Log;

/// <summary>One line of signature: who says to have signed, and the bytes that say so.</summary>
public sealed record NoteSignature(string Name, uint KeyId, byte[] Bytes)
{
    internal const string Mark = "— ";

    public bool IsBy(NoteKey key) => KeyId == key.KeyId && Name == key.Name;

    /// <summary>"— NAME BASE64\n", the key identifier in front of the signature.</summary>
    public string ToLine()
    {
        var bytes = new byte[4 + Bytes.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, KeyId);
        Bytes.CopyTo(bytes, 4);
        return $"{Mark}{Name} {Convert.ToBase64String(bytes)}\n";
    }

    /// <summary>Reads a line with its end of line.</summary>
    public static bool TryParse(string line, [NotNullWhen(true)] out NoteSignature? signature)
    {
        signature = null;
        if (!line.StartsWith(Mark, StringComparison.Ordinal) || !line.EndsWith('\n') || line.Length > Limits.MaxNote)
            return false;
        if (line[Mark.Length..^1].Split(' ') is not [var name, var encoded] || name.Length == 0 || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '+'))
            return false;
        if (!StrictBase64.TryDecode(encoded, out var bytes) || bytes.Length < 5)
            return false;
        signature = new NoteSignature(name, BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes[4..]);
        return true;
    }
}

/// <summary>
/// A signed note (c2sp.org/signed-note): text that ends in a line, an empty line, lines of signatures. Nothing in it is verified; the text is not to be looked at before a signature is.
/// </summary>
public sealed class SignedNote
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private SignedNote(string text, IReadOnlyList<NoteSignature> signatures) => (Text, Signatures) = (text, signatures);

    /// <summary>With its last end of line, without the empty line.</summary>
    public string Text { get; }

    public IReadOnlyList<NoteSignature> Signatures { get; }

    public static SignedNote Of(string text, IReadOnlyList<NoteSignature> signatures)
    {
        var note = new SignedNote(text, signatures);
        return TryParse(note.ToBytes(), out var read) && read.Text == text ? read : throw new ArgumentException("This is no text of a note, or its signatures are too many.", nameof(text));
    }

    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SignedNote? note)
    {
        note = null;
        if (bytes.Length is 0 or > Limits.MaxNote || !Utf8Valid(bytes))
            return false;
        var all = Utf8.GetString(bytes);
        var gap = all.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (gap < 0 || !all.EndsWith('\n'))
            return false;
        var lines = all[(gap + 2)..].Split('\n')[..^1];
        if (lines.Length is 0 or > Limits.MaxNoteSignatures)
            return false;
        var signatures = new NoteSignature[lines.Length];
        for (var i = 0; i < lines.Length; i++)
            if (!NoteSignature.TryParse(lines[i] + "\n", out signatures[i]!))
                return false;
        note = new SignedNote(all[..(gap + 1)], signatures);
        return true;
    }

    public byte[] ToBytes() => Utf8.GetBytes($"{Text}\n{string.Concat(Signatures.Select(signature => signature.ToLine()))}");

    private static bool Utf8Valid(ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
            if (one is < 0x20 and not (byte)'\n')
                return false;
        return System.Text.Unicode.Utf8.IsValid(bytes);
    }
}
