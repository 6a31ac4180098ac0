using System.Security.Cryptography;

namespace Salus.Health.Fhir;

internal enum JsonToken : byte { None, StartObject, EndObject, StartArray, EndArray, Name, String, Number, True, False, Null, End }

/// <summary>
/// Strict JSON (RFC 8259) over a file of any size with fixed memory: grammar, UTF-8, duplicate names and depth are checked here, and every token
/// knows its byte range. <c>Utf8JsonReader</c> would need each token whole in memory: one scan in base64 is hundreds of megabytes. Several values may
/// follow each other at the top (NDJSON); the caller says whether that is right.
/// </summary>
internal sealed class JsonScanner
{
    public const int UsualBuffer = 64 * 1024, SmallBuffer = 4 * 1024;

    private struct Frame
    {
        public bool IsObject, HasItems, AwaitsValue;
    }

    private readonly SourceBytes source;
    private readonly ScanBuffer buffer;
    private readonly JsonText text;
    private readonly NameStack names = new();
    private readonly Frame[] frames = new Frame[FhirLimits.Depth];

    /// <summary>Reads values from <paramref name="start"/> up to <paramref name="end"/>.</summary>
    /// <param name="keep">Bytes of a text that are kept.</param>
    public JsonScanner(
        SourceBytes source, long start, long end, long line = 1, IncrementalHash? hash = null, int buffer = UsualBuffer,
        int keep = FhirLimits.Text, CancellationToken cancel = default)
    {
        this.source = source;
        this.buffer = new ScanBuffer(source, start, end, line, buffer, hash, cancel);
        text = new JsonText(this.buffer, keep);
    }

    public JsonToken Token { get; private set; }

    /// <summary>Offset of the token's first byte.</summary>
    public long TokenStart { get; private set; }

    /// <summary>Offset after the token's last byte.</summary>
    public long TokenEnd { get; private set; }

    public long Line => buffer.Line;

    public int Depth { get; private set; }

    /// <summary>Whether a line break stands between the previous token and this one.</summary>
    public bool NewLineBefore { get; private set; }

    /// <summary>The name, string (unescaped) or number, as many bytes of it as are kept; valid until the next read.</summary>
    public ReadOnlySpan<byte> Text => text.Value;

    /// <summary>Whether the string is longer than <see cref="Text"/>.</summary>
    public bool TextCut => text.IsCut;

    /// <summary>Whether the string's bytes are its text: no escapes, ASCII only.</summary>
    public bool TextIsRaw => text.IsRaw;

    /// <summary><see cref="NameStack.HashOf"/> of the last name.</summary>
    public uint NameHash => names.Hash;

    public FhirFormatException FaultAtToken(FhirFault fault, string what) => new(fault, what, Line, TokenStart);

    /// <summary>Steps over a UTF-8 byte order mark, and refuses what is not UTF-8 JSON by its first bytes.</summary>
    public void ReadStart()
    {
        Span<byte> mark = stackalloc byte[4];
        mark = mark[..source.ReadAt(0, mark)];
        if (mark.StartsWith("\uFEFF"u8))
            for (var i = 0; i < 3; i++)
                buffer.Next();
        else if (mark.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) || mark.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])
            || mark.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]))
            throw buffer.Fault(FhirFault.NotUtf8, "The file is UTF-16 or UTF-32");
        buffer.SkipWhite();
        if (buffer.Peek() == '<')
            throw buffer.Fault(FhirFault.Xml, "The file is XML");
        if (buffer.Peek() < 0)
            throw buffer.Fault(FhirFault.Empty, "The file holds nothing");
    }

    public JsonToken Read()
    {
        NewLineBefore = buffer.SkipWhite();
        TokenStart = buffer.Position;
        var b = buffer.Peek();
        if (Depth == 0)
            return b < 0 ? Ended(JsonToken.End) : ReadValue(b);
        if (b < 0)
            throw buffer.Truncated();
        ref var frame = ref frames[Depth - 1];
        if (frame.AwaitsValue)
        {
            frame.AwaitsValue = false;
            return ReadValue(b);
        }
        if (b == (frame.IsObject ? '}' : ']'))
            return Close(frame.IsObject);
        if (frame.HasItems)
        {
            if (b != ',')
                throw buffer.Unexpected(b);
            buffer.Take(1);
            NewLineBefore |= buffer.SkipWhite();
            TokenStart = buffer.Position;
            b = buffer.Peek();
        }
        frame.HasItems = true;
        return frame.IsObject ? ReadName(b) : ReadValue(b);
    }

    /// <summary>Reads to the end of the value whose first token was just read.</summary>
    public void SkipValue()
    {
        if (Token is not (JsonToken.StartObject or JsonToken.StartArray))
            return;
        for (var depth = Depth; Depth >= depth;)
            Read();
    }

    private JsonToken Ended(JsonToken token)
    {
        TokenEnd = buffer.Position;
        return Token = token;
    }

    private JsonToken ReadValue(int b)
    {
        switch (b)
        {
            case '{':
                return Open(isObject: true);
            case '[':
                return Open(isObject: false);
            case '"':
                text.ReadString();
                return Ended(JsonToken.String);
            case 't':
                return ReadWord("true"u8, JsonToken.True);
            case 'f':
                return ReadWord("false"u8, JsonToken.False);
            case 'n':
                return ReadWord("null"u8, JsonToken.Null);
            case '-' or (>= '0' and <= '9'):
                text.ReadNumber();
                return Ended(JsonToken.Number);
            default:
                throw buffer.Unexpected(b);
        }
    }

    private JsonToken Open(bool isObject)
    {
        if (Depth == FhirLimits.Depth)
            throw buffer.Fault(FhirFault.TooDeep, $"Objects and arrays nest deeper than {FhirLimits.Depth}");
        buffer.Take(1);
        frames[Depth++] = new Frame { IsObject = isObject };
        if (isObject)
            names.OpenObject();
        return Ended(isObject ? JsonToken.StartObject : JsonToken.StartArray);
    }

    private JsonToken Close(bool isObject)
    {
        buffer.Take(1);
        Depth--;
        if (isObject)
            names.CloseObject();
        return Ended(isObject ? JsonToken.EndObject : JsonToken.EndArray);
    }

    private JsonToken ReadName(int b)
    {
        if (b != '"')
            throw buffer.Unexpected(b);
        text.ReadString();
        Ended(JsonToken.Name);
        if (names.Add(text.Value) is { } wrong)
            throw FaultAtToken(wrong.Fault, wrong.What);
        // The colon may lie in the next buffer: the name is kept with the names.
        text.Set(names.Last);
        buffer.SkipWhite();
        b = buffer.Peek();
        if (b != ':')
            throw buffer.Unexpected(b);
        buffer.Take(1);
        frames[Depth - 1].AwaitsValue = true;
        return JsonToken.Name;
    }

    private JsonToken ReadWord(ReadOnlySpan<byte> word, JsonToken token)
    {
        foreach (var expected in word)
        {
            var b = buffer.Next();
            if (b != expected)
                throw buffer.FaultBefore(b, "A word that JSON does not know");
        }
        return Ended(token);
    }
}
