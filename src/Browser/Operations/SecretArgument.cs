using System.Text.Json.Serialization;

namespace Salus.Browser.Operations;

/// <summary>Stands in the arguments for bytes that are no text: <c>{"$secret": 0}</c>. <see cref="Call.Secret"/> takes them.</summary>
public sealed record SecretArgument([property: JsonPropertyName("$secret")] int Index);
