using System.Text;

namespace Salus.Client.Search.Segments;

/// <summary>A term of an opened segment.</summary>
/// <param name="Utf8">The term as bytes, by which dictionaries are sorted.</param>
/// <param name="Documents">In how many of the segment's documents it is.</param>
/// <param name="Blocks">Blocks with postings in them; 0 when the postings are in the dictionary.</param>
/// <param name="RunStart">Where in the dictionary the postings are, when they are there.</param>
/// <param name="RunLength">Their length.</param>
public sealed record SegmentTerm(byte[] Utf8, int Documents, int Blocks, int RunStart, int RunLength)
{
    public string Text => Encoding.UTF8.GetString(Utf8);

    /// <summary>Blocks at the cloud, to be asked for all together: those with postings and the empty ones that make their number a power of two.</summary>
    public int PaddedBlocks => Blocks == 0 ? 0 : DictionaryFormat.Padded(Blocks);
}
