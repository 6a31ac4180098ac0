using System.Text.Json;
using System.Text.Json.Serialization;
using Salus.Client;
using Salus.Crypto;

namespace Salus.Browser.Operations;

/// <summary>A secret that somebody has typed: from the JSON into memory that is zeroed, without a string in between. It is never written.</summary>
[JsonConverter(typeof(Reader))]
internal sealed class SecretText(Secret secret) : IDisposable
{
    public Secret Secret => secret;

    public void Dispose() => secret.Dispose();

    public override string ToString() => "[redacted]";

    public sealed class Reader : JsonConverter<SecretText>
    {
        public override SecretText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.String)
                throw new JsonException();
            if (reader.ValueSpan.IsEmpty)
                throw new CannotException("The passphrase is empty.", Reasons.WeakPassphrase);
            using var whole = new Secret(reader.ValueSpan.Length);
            return new SecretText(Secret.CopyOf(whole.Bytes[..reader.CopyString(whole.Writable)]));
        }

        public override void Write(Utf8JsonWriter writer, SecretText value, JsonSerializerOptions options) => throw new NotSupportedException("Secrets are not written.");
    }
}
