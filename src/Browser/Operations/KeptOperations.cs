using System.Text.Json.Serialization;
using Salus.Client.Profiles;

namespace Salus.Browser.Operations;

internal sealed record AlarmArguments(string Id);

internal sealed record AlarmDocument(string Id, DateTimeOffset At, string Kind, string Message, string Operation, bool Acknowledged)
{
    public static AlarmDocument Of(KeptAlarm a) => new(a.Id, a.At, a.Kind.ToString(), a.Message, a.Operation, a.Acknowledged);
}

/// <summary>Settings of the page.</summary>
internal sealed record PreferencesDocument(string Json);

/// <summary>What this browser keeps sealed beside the account: its alarms, and the page's settings.</summary>
internal sealed class KeptOperations(Session session)
{
    private AlarmLog Alarms => new(session.Account);

    private Preferences Preferences => new(session.Account);

    public static void AddTo(OperationTable table, Session session)
    {
        var (operations, json) = (new KeptOperations(session), KeptJson.Default);
        table.Add("alarms.list", json.Nothing, json.IReadOnlyListAlarmDocument, operations.ListAsync);
        table.AddChange("alarms.acknowledge", json.AlarmArguments, json.Done, operations.AcknowledgeAsync);
        table.Add("preferences.get", json.Nothing, json.PreferencesDocument, (_, _) => Task.FromResult(new PreferencesDocument(operations.Preferences.Json)));
        table.AddChange("preferences.set", json.PreferencesDocument, json.Done, operations.SetAsync);
    }

    private Task<IReadOnlyList<AlarmDocument>> ListAsync(Nothing arguments, Call call) =>
        Task.FromResult<IReadOnlyList<AlarmDocument>>([.. Alarms.List().Select(AlarmDocument.Of)]);

    private async Task<Done> AcknowledgeAsync(AlarmArguments arguments, Call call)
    {
        await Alarms.AcknowledgeAsync(arguments.Id);
        return new Done();
    }

    private async Task<Done> SetAsync(PreferencesDocument arguments, Call call)
    {
        await Preferences.SetAsync(arguments.Json);
        return new Done();
    }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(Done))]
[JsonSerializable(typeof(AlarmArguments))]
[JsonSerializable(typeof(IReadOnlyList<AlarmDocument>))]
[JsonSerializable(typeof(PreferencesDocument))]
internal sealed partial class KeptJson : JsonSerializerContext;
