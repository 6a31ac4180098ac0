using System.Text.Json.Serialization;

namespace Salus.InBrowser;

/// <param name="Name">A test class, or a path.</param>
internal sealed record TestArguments(string? Name = null, string? To = null, string? Text = null, long Size = 0, int Count = 0);

internal sealed record Failed(Failure Error);

internal sealed record Failure(string Kind, string Code, string Message, string? Party);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TestArguments))]
[JsonSerializable(typeof(Failed))]
[JsonSerializable(typeof(ClassOutcome))]
[JsonSerializable(typeof(FileAnswer))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class AnswerJson : JsonSerializerContext;
