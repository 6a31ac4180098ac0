using System.Globalization;
using System.Text;

namespace Salus.Bench.Search;

/// <summary>
/// Made-up clinical notes, the same at every run: about 30 words each from a vocabulary whose frequencies follow Zipf's law, so about 26 different ones,
/// and marker words that stand in exactly 10 or exactly 1,000 notes, spread over all of them. Written to a file first, a line each, so that making them up is nobody's time.
/// </summary>
internal sealed class NoteCorpus
{
    private const int Vocabulary = 150_000;
    private const int WordsInNote = 30;
    private const int Markers = 100;

    private static readonly string[] Syllables = ["ba", "ce", "di", "fo", "gu", "ha", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "vu", "za"];
    private static readonly double[] Cumulative = Zipf();
    private static readonly string[] Words = [.. Enumerable.Range(0, Vocabulary).Select(Word)];

    private readonly string _path;

    private NoteCorpus(string path) => _path = path;

    public static NoteCorpus Write(string path, int notes)
    {
        File.WriteAllLines(path, MadeUp(notes));
        return new NoteCorpus(path);
    }

    public IEnumerable<string> Texts() => File.ReadLines(_path);

    /// <summary>Words that exactly <paramref name="hits"/> notes hold (10 or 1,000).</summary>
    public static IReadOnlyList<string> MarkersOf(int hits) => [.. Enumerable.Range(0, Markers).Select(marker => Marker(hits, marker))];

    /// <summary>Pairs of words that stand together in a good number of notes: one common, one less.</summary>
    public static IReadOnlyList<(string, string)> CommonPairs => [.. Enumerable.Range(0, Markers).Select(i => (Words[40 + i], Words[200 + (7 * i)]))];

    private static IEnumerable<string> MadeUp(int notes)
    {
        var state = 20261121UL;
        var text = new StringBuilder();
        for (var note = 0; note < notes; note++)
        {
            text.Clear();
            for (var i = 0; i < WordsInNote; i++)
                text.Append(Words[Draw(ref state)]).Append(' ');
            AppendMarkers(text, notes, note, 10);
            AppendMarkers(text, notes, note, 1000);
            yield return text.ToString();
        }
    }

    // Marker m of h hits stands in every (notes / h)-th note, shifted by a stride of its own.
    private static void AppendMarkers(StringBuilder text, int notes, int note, int hits)
    {
        var every = notes / hits;
        var place = note % every;
        var stride = every / Markers;
        if (note < every * hits && place % stride == 0 && place / stride < Markers)
            text.Append(Marker(hits, place / stride)).Append(' ');
    }

    private static string Marker(int hits, int number) => string.Create(CultureInfo.InvariantCulture, $"mark{(hits == 10 ? "rare" : "often")}{Word(Vocabulary + number)}");

    /// <summary>SplitMix64 (G. Steele and others, 2014): the same notes at every run.</summary>
    private static int Draw(ref ulong state)
    {
        var mixed = unchecked(state += 0x9E3779B97F4A7C15);
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB);
        var at = Array.BinarySearch(Cumulative, ((mixed ^ (mixed >> 31)) >> 11) * (1.0 / (1UL << 53)));
        return Math.Min(at < 0 ? ~at : at, Vocabulary - 1);
    }

    private static string Word(int rank)
    {
        var word = new StringBuilder();
        for (var rest = rank + 16; rest > 0; rest /= 16)
            word.Append(Syllables[rest % 16]);
        return word.ToString();
    }

    private static double[] Zipf()
    {
        var sums = new double[Vocabulary];
        var sum = 0.0;
        for (var rank = 0; rank < Vocabulary; rank++)
            sums[rank] = sum += 1 / (rank + 2.7);
        for (var rank = 0; rank < Vocabulary; rank++)
            sums[rank] /= sum;
        return sums;
    }
}
