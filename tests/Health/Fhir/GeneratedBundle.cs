using System.Text;

namespace Salus.Health.Tests.Fhir;

/// <summary>
/// A bundle made from a seed: every kind of entry, in any order of properties, with odd white space, escapes, attachments and references. Each entry
/// carries a marker that stands nowhere else, and markers say the partition.
/// </summary>
internal sealed class GeneratedBundle
{
    private static readonly (string Type, string Partition)[] Types =
    [
        ("Patient", "personal"), ("Consent", "personal"), ("Claim", "insurance"), ("Coverage", "insurance"), ("MedicationRequest", "prescription"),
        ("Observation", "medical"), ("Condition", "medical"), ("Encounter", "medical"), ("Practitioner", "directory"), ("Organization", "directory"),
    ];

    private readonly Random random;
    private readonly StringBuilder json = new();
    private readonly int count;

    public GeneratedBundle(int seed)
    {
        random = new Random(seed);
        count = random.Next(0, 12);
        if (random.Next(4) == 0)
            json.Append('\uFEFF');
        switch (random.Next(4))
        {
            case 0 when count > 0:
                for (var i = 0; i < count; i++)
                {
                    Resource(i, isNdjson: true);
                    json.Append(random.Next(3) == 0 ? "\r\n" : random.Next(3) == 0 ? "\n \n" : "\n");
                }
                break;
            case 1:
                List('[', ']', count, i => Entry(i));
                break;
            default:
                Bundle(0, count);
                break;
        }
        if (random.Next(2) == 0)
            White();
        File = Encoding.UTF8.GetBytes(json.ToString());
    }

    public byte[] File { get; }

    /// <summary>Marker and partition of each entry.</summary>
    public List<(string Marker, string Partition)> Markers { get; } = [];

    private void Bundle(int from, int to)
    {
        var split = from < to && random.Next(3) == 0 ? random.Next(from, to) : to;
        Object(
            () => Pair("resourceType", () => String("Bundle")),
            () => Pair("type", () => String("batch")),
            () => Pair("entry", () => List('[', ']', to - from, i => Entry(from + i, from + i == split ? split : -1))),
            () => Pair("link", () => List('[', ']', random.Next(2), _ => Object(() => Pair("url", () => String("https://host/fhir"))))));
    }

    private void Entry(int i, int nested = -1) => Object(
        () => Pair("resource", () =>
        {
            if (nested >= 0)
                Bundle(0, 0);
            else
                Resource(i, isNdjson: false);
        }),
        () => Pair("fullUrl", () => String($"urn:uuid:{i}")),
        () => Pair("request", () => Object(() => Pair("method", () => String("PUT")))));

    private void Resource(int i, bool isNdjson)
    {
        var (type, partition) = Types[random.Next(Types.Length)];
        var marker = $"marker-{i}-of-{partition}-{random.Next():x8}";
        Markers.Add((marker, partition));
        var data = Convert.ToBase64String(Encoding.UTF8.GetBytes(marker + new string('x', random.Next(40))));
        Object(
            isNdjson,
            () => Pair("resourceType", () => String(type)),
            () => Pair("id", () => json.Append($"\"{i}\"")),
            () => Pair("text", () => Object(() => Pair("div", () => json.Append($"\"<div>{marker}</div>\"")))),
            () => Pair("subject", () => Object(
                () => Pair("reference", () => String(random.Next(2) == 0 ? $"urn:uuid:{random.Next(count)}" : $"Patient/{random.Next(count)}")),
                () => Pair("display", () => String("é\u0007\"\\")))),
            () => Pair("performer", () => List('[', ']', random.Next(3), _ => Object(() => Pair("reference", () => String($"urn:uuid:{random.Next(count + 1)}"))))),
            () => Pair("photo", () => Object(
                () => Pair("contentType", () => String("image/png")),
                () => Pair("data", () => json.Append($"\"{(random.Next(4) == 0 ? data.TrimEnd('=') + "-" : data)}\"")))),
            () => Pair("value", () => json.Append((string[])["0", "-1.50", "1E400", "true", "null", "[]", "{}", "6.30"] is var v ? v[random.Next(v.Length)] : "")));
    }

    private void Object(params Action[] pairs) => Object(false, pairs);

    private void Object(bool oneLine, params Action[] pairs)
    {
        var order = pairs.Where((_, i) => i == 0 || random.Next(5) > 0).OrderBy(_ => random.Next(3) == 0 ? random.Next() : 0).ToArray();
        List('{', '}', order.Length, i => order[i](), oneLine);
    }

    private void List(char open, char close, int n, Action<int> item, bool oneLine = false)
    {
        json.Append(open);
        for (var i = 0; i < n; i++)
        {
            if (i > 0)
                json.Append(',');
            White(oneLine);
            item(i);
            White(oneLine);
        }
        json.Append(close);
    }

    private void Pair(string name, Action value)
    {
        String(name);
        White();
        json.Append(':');
        White();
        value();
    }

    /// <summary>A string, some of whose characters are escaped for no reason.</summary>
    private void String(string text)
    {
        json.Append('"');
        foreach (var c in text)
            if (c is '"' or '\\' or < ' ' || random.Next(20) == 0)
                json.Append($"\\u{(int)c:X4}");
            else
                json.Append(c);
        json.Append('"');
    }

    private void White(bool oneLine = false)
    {
        for (var n = random.Next(4) == 0 ? random.Next(5) : 0; n > 0; n--)
            json.Append(" \t\r\n"[random.Next(oneLine ? 2 : 4)]);
    }
}
