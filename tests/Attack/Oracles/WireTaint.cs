using System.Buffers;
using System.Text;
using System.Text.Json;
using Salus.Attack.Tests.Servers;

namespace Salus.Attack.Tests.Oracles;

/// <summary>
/// Looks for secrets in all that left the client: paths, headers and bodies, as they are and with base64, hexadecimal digits and percent signs taken out, and in the servers' logs.
/// </summary>
internal sealed class WireTaint(IEnumerable<byte[]> secrets)
{
    /// <summary>Shorter ones turn up in random bytes by chance.</summary>
    private const int Shortest = 7;

    private readonly SearchValues<string> _needles = SearchValues.Create(
        [.. secrets.Where(secret => secret.Length >= Shortest).SelectMany(Forms).Distinct()], StringComparison.Ordinal);

    /// <summary>Where a secret was found, without the secret.</summary>
    public IEnumerable<string> In(IEnumerable<Seen> passed)
    {
        foreach (var seen in passed)
        {
            var request = seen.Exchange;
            var where = $"{seen.Party} {request.Method} {request.Path.Split('?')[0]}";
            if (Holds(request.Path) || Holds(Uri.UnescapeDataString(request.Path)) || request.Path.Split('/', '?', '&', '=').Any(HoldsDecoded))
                yield return $"{where}: its address";
            foreach (var (name, value) in request.RequestHeaders)
                if (Holds(value) || value.Split(' ', ',', ';', '=').Any(HoldsDecoded) || HoldsDecoded(value))
                    yield return $"{where}: the header {name}";
            if (Holds(Encoding.Latin1.GetString(request.Request)) || Strings(request.Request).Any(text => Holds(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text))) || HoldsDecoded(text)))
                yield return $"{where}: its body";
        }
    }

    public IEnumerable<string> InFiles(IEnumerable<string> files) => files.Where(file => Holds(Encoding.Latin1.GetString(File.ReadAllBytes(file))));

    private bool Holds(string text) => text.AsSpan().ContainsAny(_needles);

    private bool HoldsDecoded(string text)
    {
        var padded = text.Replace('-', '+').Replace('_', '/');
        padded += (padded.Length % 4) switch { 2 => "==", 3 => "=", _ => "" };
        var bytes = new byte[padded.Length];
        if (Convert.TryFromBase64String(padded, bytes, out var length) && Holds(Encoding.Latin1.GetString(bytes, 0, length)))
            return true;
        return text.Length % 2 == 0 && text.Length > 0 && text.All(char.IsAsciiHexDigit) && Holds(Encoding.Latin1.GetString(Convert.FromHexString(text)));
    }

    /// <summary>The strings of a JSON body; none when it is not one.</summary>
    private static string[] Strings(byte[] body)
    {
        if (body.Length == 0 || body[0] is not ((byte)'{' or (byte)'['))
            return [];
        try
        {
            using var json = JsonDocument.Parse(body);
            return [.. Strings(json.RootElement)];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Strings(member.Value).Append(member.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        JsonValueKind.String => [element.GetString()!],
        _ => [],
    };

    private static IEnumerable<string> Forms(byte[] secret) =>
        [Encoding.Latin1.GetString(secret), Convert.ToHexString(secret), Convert.ToHexStringLower(secret), Convert.ToBase64String(secret)];
}
