using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Salus.Crypto;

namespace Salus.Browser.Operations;

/// <summary>One call of an operation: what goes to and fro beside its arguments and its answer.</summary>
public sealed class Call
{
    /// <summary>The folder of files for whoever called: what is in it at the end is handed over. Made when the first file is.</summary>
    public required string Outgoing { get; init; }

    public required CancellationToken Cancel { get; init; }

    /// <summary>Takes a report as JSON.</summary>
    public required Action<string> Report { get; init; }

    /// <summary>Takes the bytes of a secret argument, once; null when there are none.</summary>
    public required Func<int, Secret?> TakeSecret { get; init; }

    /// <summary>The same call, which ends with that token.</summary>
    public Call Until(CancellationToken cancel) => new() { Outgoing = Outgoing, Cancel = cancel, Report = Report, TakeSecret = TakeSecret };

    /// <summary>The secret that an argument stands for, to be disposed of.</summary>
    public Secret Secret(SecretArgument? argument) =>
        (argument is null ? null : TakeSecret(argument.Index)) ?? throw new JsonException();

    public void Send<T>(T report, JsonTypeInfo<T> type) => Report(JsonSerializer.Serialize(report, type));

    /// <summary>A path for a file that is handed over.</summary>
    public string NewOutgoing()
    {
        Directory.CreateDirectory(Outgoing);
        return Path.Combine(Outgoing, "file");
    }
}
