namespace Salus.Client.Search.Segments;

/// <summary>Cuts a run of postings into blocks. The run is the caller's own.</summary>
internal struct BlockCutter
{
    private int _at;
    private uint _document;

    public readonly bool IsDone(int runLength) => _at == runLength;

    /// <summary>Fills a zeroed block with as many of the next postings as go into it, at least one.</summary>
    public void Fill(ReadOnlySpan<byte> run, Span<byte> block)
    {
        var size = 1;
        byte count = 0;
        while (_at < run.Length)
        {
            var at = _at;
            _ = Varint.TryRead(run, ref at, out var delta);
            var rest = at;
            Skip(run, ref at);
            Skip(run, ref at);
            var document = _document + delta;
            if (count == 0)
                size += Varint.Write(document, block[size..]);
            else if (size + at - _at > block.Length)
                break;
            else
                rest = _at;
            run[rest..at].CopyTo(block[size..]);
            size += at - rest;
            (_at, _document) = (at, document);
            count++;
        }
        block[0] = count;
    }

    private static void Skip(ReadOnlySpan<byte> run, ref int at)
    {
        while (run[at++] >= 0x80)
        {
        }
    }
}
