using System.Text.Json;
using System.Text.Json.Serialization;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Crypto.Sealing;
using Salus.Protocol;

namespace Salus.Client.Readings;

/// <summary>What a series measures, sealed for its owner and those who may read its partition, as the metadata of a record is.</summary>
internal sealed record SeriesDescription(string Name, string? Code, string Unit, int Decimals)
{
    public const int MaxName = 64;
    public const int MaxDecimals = 9;

    private const int PadTo = 256;
    private const int MaxText = 64;

    public static bool IsName(string name) => name.Length is > 0 and <= MaxName && VisibleName.IsVisible(name);

    /// <summary>A code or a unit: printable ASCII without blanks.</summary>
    public static bool IsText(string text) => text.Length <= MaxText && text.All(c => c is > ' ' and < '\x7f');

    /// <summary>Sealed, padded with spaces to a multiple of 256 bytes so that the length of a name does not show.</summary>
    public async Task<byte[]> SealAsync(Secret seriesKey, RecordContext context)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, ReadingJson.Default.SeriesDescription);
        var padded = new byte[(json.Length + PadTo - 1) / PadTo * PadTo];
        padded.AsSpan().Fill((byte)' ');
        json.CopyTo(padded, 0);
        using var key = Key(seriesKey);
        return await SealedBlob.SealAsync(key, Domains.SeriesDescription, padded, context.ToBytes());
    }

    /// <summary>Null when it is not of this series, or not what a client of Salus writes.</summary>
    public static async Task<SeriesDescription?> TryOpenAsync(byte[] description, Secret seriesKey, RecordContext context)
    {
        using var key = Key(seriesKey);
        using var opened = await SealedBlob.OpenSecretAsync(key, Domains.SeriesDescription, description, context.ToBytes());
        return opened is null ? null : Read(opened.Bytes);
    }

    /// <summary>What was inside the seal: whoever may add to the partition can have written it.</summary>
    internal static SeriesDescription? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ReadingJson.Default.SeriesDescription) is { Name: not null, Unit: not null } read
                && IsName(read.Name) && IsText(read.Unit) && IsText(read.Code ?? "") && read.Decimals is >= 0 and <= MaxDecimals ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Secret Key(Secret seriesKey) => Kdf.Derive(seriesKey.Bytes, Domains.SeriesKey, Aead.KeySize);
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SeriesDescription))]
[JsonSerializable(typeof(QueueState))]
[JsonSerializable(typeof(QueuedUpload))]
internal sealed partial class ReadingJson : JsonSerializerContext;
