using System.Collections;
using System.Text;

namespace Salus.Testing;

/// <summary>
/// Text vectors of the folder <c>vectors/</c>: lines <c># comment</c> (the header names the source) and blocks of <c>key: value</c> lines, parted by
/// blank lines. The last line of a block is <c>expect: ok</c> or <c>expect: named failure</c>. Byte values are hex, <c>"text"</c> in quotes (UTF-8),
/// or either of them repeated: <c>00*32</c>. Parts joined by blanks are concatenated.
/// </summary>
public static class Vectors
{
    /// <summary>The blocks of <c>vectors/{name}.txt</c>; throws with the line number on anything that is not of the format.</summary>
    public static IReadOnlyList<Vector> Read(string name)
    {
        var path = Path.Combine(Places.Vectors, name + ".txt");
        var blocks = new List<Vector>();
        var current = new List<KeyValuePair<string, string>>();
        var start = 0;
        var number = 0;
        foreach (var raw in File.ReadLines(path).Append(""))
        {
            number++;
            var line = raw.Trim();
            if (line.StartsWith('#'))
                continue;
            if (line.Length == 0)
            {
                if (current.Count > 0)
                    blocks.Add(current[^1].Key == "expect"
                        ? new Vector(name, start, current)
                        : throw new FormatException($"{name}.txt line {number}: the block does not end with 'expect:'."));
                current = [];
                continue;
            }
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
                throw new FormatException($"{name}.txt line {number}: neither comment nor 'key: value'.");
            if (current.Count == 0)
                start = number;
            var key = line[..colon].Trim();
            if (current.Exists(pair => pair.Key == key))
                throw new FormatException($"{name}.txt line {number}: '{key}' twice in one block.");
            current.Add(new(key, line[(colon + 1)..].Trim()));
        }
        return blocks.Count > 0 ? blocks : throw new FormatException($"{name}.txt holds no vector.");
    }
}

/// <summary>One block; the indexer throws for a key that is not there. Prints file and line, which is how a failing theory names it.</summary>
public sealed class Vector(string file, int line, IReadOnlyList<KeyValuePair<string, string>> pairs) : IEnumerable<KeyValuePair<string, string>>
{
    /// <summary>"ok" or the name of the failure.</summary>
    public string Expect => this["expect"];

    public string this[string key] => Has(key)
        ? pairs.First(pair => pair.Key == key).Value
        : throw new FormatException($"{this}: no '{key}'.");

    public bool Has(string key) => pairs.Any(pair => pair.Key == key);

    public int Int(string key) => int.Parse(this[key], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The bytes of a value.</summary>
    public byte[] Bytes(string key)
    {
        var value = this[key];
        var bytes = new List<byte>();
        for (var at = 0; at < value.Length;)
        {
            if (value[at] == ' ')
            {
                at++;
                continue;
            }
            var end = value[at] == '"' ? value.IndexOf('"', at + 1) + 1 : at;
            while (end < value.Length && value[end] != ' ')
                end++;
            var part = value[at..end];
            at = end;

            var quoted = part[0] == '"';
            var star = part.IndexOf('*', quoted ? part.LastIndexOf('"') : 0);
            var unit = star < 0 ? part : part[..star];
            var times = star < 0 ? 1 : int.Parse(part[(star + 1)..], System.Globalization.CultureInfo.InvariantCulture);
            var once = quoted ? Encoding.UTF8.GetBytes(unit[1..^1]) : Convert.FromHexString(unit);
            for (var i = 0; i < times; i++)
                bytes.AddRange(once);
        }
        return [.. bytes];
    }

    public override string ToString() => $"{file}.txt:{line}";

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => pairs.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
