using System.Diagnostics;
using System.Text.Json.Serialization;
using Salus.Client.Uploads;

namespace Salus.Browser.Operations;

/// <summary>How many of how many are done: Counted of web/src/core/api.ts.</summary>
internal sealed record CountDocument(long Done, long Total);

/// <summary>Tells the page how far something is, a little less often than it moves.</summary>
internal sealed class CountReports(Call call) : IProgress<TransferProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Lock _sending = new();
    private long? _sent;

    public void Report(TransferProgress value)
    {
        lock (_sending)
        {
            if (value.Done < value.Total && _sent is { } last && Stopwatch.GetElapsedTime(last) < Pause)
                return;
            _sent = Stopwatch.GetTimestamp();
            call.Send(new CountDocument(value.Done, value.Total), CountJson.Default.CountDocument);
        }
    }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CountDocument))]
internal sealed partial class CountJson : JsonSerializerContext;
