using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Salus.Browser.Operations;

/// <summary>The operations by their names. Every area adds its own: <c>table.Add("list", RecordJson.Default.ListArguments, RecordJson.Default.Records, ListAsync)</c>.</summary>
internal sealed class OperationTable
{
    private readonly Dictionary<string, Func<string, Call, Task<string>>> _operations = [];

    public IReadOnlyCollection<string> Names => _operations.Keys;

    public void Add<TArguments, TAnswer>(string name, JsonTypeInfo<TArguments> arguments, JsonTypeInfo<TAnswer> answer, Func<TArguments, Call, Task<TAnswer>> run)
        where TArguments : class =>
        _operations.Add(name, async (json, call) =>
        {
            var given = JsonSerializer.Deserialize(json, arguments) ?? throw new JsonException("The arguments are null.");
            return JsonSerializer.Serialize(await run(given, call), answer);
        });

    public Func<string, Call, Task<string>>? Find(string name) => _operations.GetValueOrDefault(name);
}
