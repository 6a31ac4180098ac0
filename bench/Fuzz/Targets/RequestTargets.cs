using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Salus.Cloud;
using Salus.Hosting;
using Salus.Protocol.Http;

namespace Salus.Bench.Fuzz.Targets;

/// <summary>The JSON that clients send to the cloud, as the cloud reads it. Parts are there; what lists hold, each route checks.</summary>
internal static class RequestTargets
{
    private static readonly byte[] Some = [1, 2, 3];
    private static readonly string Id = new('a', 32);
    private static readonly WrappedSecret Secret = new("passphrase", Some, 65536, 3, Some);
    private static readonly JsonSerializerOptions Options = MakeOptions();

    public static IReadOnlyList<Target> All { get; } =
    [
        Of(new MailRequest("a@b.example")), Of(new CardRequest("a@b.example", Some)), Of(new CompleteRegistration("12345678", Some, [Secret], "laptop")), Of(new CompleteLogin("12345678")),
        Of(new ReplaceSecret(Secret, Some)), Of(new SignedBytes(Some)), Of(new InventoryPageRequest([1, 2])), Of(new InventoryPages(Some, [new InventoryPart(1, Some)])),
        Of(new CatalogueRecord(Some, Some)), Of(new NewRecord(Some, Some, [Some])), Of(new TicketRequest([Id], 1000)), Of(new ClaimBody(Some, Id, Id, Some)),
        Of(new PossessionTicketRequest(Id, [Id])), Of(new RevokeGrant(Some, [Some])), Of(new RecordLookup([Id, Id])), Of(new DirectoryEntry(Some, Some, [new FindRow(Some, Some)])),
        Of(new AskForAccess(Some, [Some], Some)), Of(new ApproveRequest(Id, "ABCDE-12345")), Of(new OpenStudy(Some, [Some, Some])), Of(new AddPasskey(Id, "{}", "key", Secret, Some)),
        Of(new RemovePasskey(Some)), Of(new CompletePasskeyLogin("{}", "laptop")),
    ];

    private static Target Of<T>(T seed) where T : class
    {
        var type = (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));
        return new("request/" + typeof(T).Name, () => [JsonSerializer.SerializeToUtf8Bytes(seed, type)], bytes => JsonSerializer.Deserialize(bytes, type) switch
        {
            null => Verdict.Refused,
            var read when JsonTargets.Lacking(read, typeof(T).Name, inLists: false) is { } lacking => throw new InvalidDataException($"{lacking} is null"),
            _ => Verdict.Taken(),
        }) { Shape = Shape.Text, Documented = static failure => failure is JsonException };
    }

    private static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
        StrictJson.Apply(options);
        CloudServer.SetJson(options);
        return options;
    }
}
