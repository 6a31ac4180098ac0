using System.Text;

namespace Salus.Browser.Tests.Browsing;

/// <summary>Secrets that must not be somewhere, in every form in which they could be: as they are, as hexadecimal digits, and in base 64 however they stand in it.</summary>
internal sealed class Needles
{
    // What is shorter turns up by chance.
    private const int Shortest = 8;

    private readonly List<(string Name, byte[] Form)> _forms = [];

    public void Add(string name, string text)
    {
        Add(name, Encoding.UTF8.GetBytes(text));
        _forms.Add((name, Encoding.Unicode.GetBytes(text)));
    }

    public void Add(string name, ReadOnlySpan<byte> secret)
    {
        if (secret.Length < Shortest)
            throw new ArgumentException($"{name} is too short to be looked for.", nameof(secret));
        _forms.Add((name, secret.ToArray()));
        _forms.Add((name, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(secret))));
        _forms.Add((name, Encoding.ASCII.GetBytes(Convert.ToHexString(secret))));
        _forms.Add((name, Encoding.ASCII.GetBytes(string.Join(',', secret.ToArray()))));
        for (var before = 0; before < 3; before++)
        {
            // Of the characters of a base 64 text, those that hold nothing but this.
            var text = Convert.ToBase64String([.. new byte[before], .. secret]);
            var (first, last) = ((before * 8 + 5) / 6, (before + secret.Length) * 8 / 6);
            var inside = text[first..last];
            _forms.Add((name, Encoding.ASCII.GetBytes(inside)));
            _forms.Add((name, Encoding.ASCII.GetBytes(inside.Replace('+', '-').Replace('/', '_'))));
        }
    }

    /// <summary>The names of the secrets that are in there.</summary>
    public IReadOnlyList<string> In(params IEnumerable<byte[]> hay)
    {
        var found = new HashSet<string>();
        foreach (var bytes in hay)
            foreach (var (name, form) in _forms)
                if (!found.Contains(name) && bytes.AsSpan().IndexOf(form) >= 0)
                    found.Add(name);
        return [.. found.Order(StringComparer.Ordinal)];
    }

    public IReadOnlyList<string> In(string text) => In(Encoding.UTF8.GetBytes(text));
}
