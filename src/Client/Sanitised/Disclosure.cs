using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Salus.Crypto.Primitives;

namespace Salus.Client.Sanitised;

/// <summary>
/// A disclosure: the base64url form of the JSON array [salt, name, value] of an object's member, or [salt, value] of an array's element. The signer signs its digest alone, so whoever holds the
/// copy shows the value by handing the disclosure on, or hides it by leaving it out.
/// Source: RFC 9901 (SD-JWT), sections 4.2.1 to 4.2.3; SHA-256; salts of 128 bits.
/// </summary>
internal sealed record Disclosure(string Encoded, string? Name, JsonElement Value)
{
    public const int SaltSize = 16;

    /// <summary>The member of an object that holds digests, and the member of an array's element that is one: names which no value may have.</summary>
    public const string Digests = "_sd";

    /// <inheritdoc cref="Digests"/>
    public const string Element = "...";

    public string Digest { get; } = DigestOf(Encoded);

    public static bool IsReserved(string name) => name is Digests or Element;

    /// <param name="name">Null for an element of an array.</param>
    /// <param name="value">JSON, in which what is hidden within has given way to digests.</param>
    public static Disclosure Make(string? name, ReadOnlySpan<byte> value)
    {
        var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, SdJson.Writing))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SaltSize)));
            if (name is not null)
                writer.WriteStringValue(name);
            writer.WriteRawValue(value, skipInputValidation: true);
            writer.WriteEndArray();
        }
        return TryRead(Base64Url.EncodeToString(json.ToArray()), out var made) ? made : throw new ArgumentException("This is no JSON value.", nameof(value));
    }

    /// <summary>False unless the bytes are the base64url form of such an array. Blanks and the order of members are the writer's: the digest is over the text as it stands.</summary>
    public static bool TryRead(string encoded, [NotNullWhen(true)] out Disclosure? disclosure)
    {
        disclosure = null;
        if (!SdJson.TryDecode(encoded, out var json) || !SdJson.TryParse(json, out var array) || array.ValueKind != JsonValueKind.Array || array.GetArrayLength() is not (2 or 3)
            || array[0].ValueKind != JsonValueKind.String)
            return false;
        string? name = null;
        if (array.GetArrayLength() == 3)
        {
            if (array[1].ValueKind != JsonValueKind.String || array[1].GetString() is not { } text || IsReserved(text))
                return false;
            name = text;
        }
        disclosure = new Disclosure(encoded, name, array[array.GetArrayLength() - 1]);
        return true;
    }

    /// <summary>A digest of nothing, which nobody can tell from another: section 4.2.5.</summary>
    public static string Decoy() => Base64Url.EncodeToString(Sha256.Hash(RandomNumberGenerator.GetBytes(Sha256.Size)));

    private static string DigestOf(string encoded) => Base64Url.EncodeToString(Sha256.Hash(Encoding.ASCII.GetBytes(encoded)));
}
