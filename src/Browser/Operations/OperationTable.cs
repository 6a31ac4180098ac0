using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Salus.Browser.Operations;

/// <summary>
/// The operations by their names. Every area adds its own: <c>table.Add("list", RecordJson.Default.ListArguments, RecordJson.Default.Records, ListAsync)</c>. What only asks runs
/// whenever it is called; what changes something, one after the other; and when the account is locked, all of it ends.
/// </summary>
internal sealed class OperationTable(Session session)
{
    private readonly Dictionary<string, Func<string, Call, Task<string>>> _operations = [];

    public IReadOnlyCollection<string> Names => _operations.Keys;

    /// <summary>Adds an operation that changes nothing.</summary>
    public void Add<TArguments, TAnswer>(string name, JsonTypeInfo<TArguments> arguments, JsonTypeInfo<TAnswer> answer, Func<TArguments, Call, Task<TAnswer>> run)
        where TArguments : class =>
        _operations.Add(name, async (json, call) =>
        {
            var given = Read(json, arguments);
            using (given as IDisposable)
            using (var ending = CancellationTokenSource.CreateLinkedTokenSource(call.Cancel, session.Ended))
                return JsonSerializer.Serialize(await run(given, call.Until(ending.Token)), answer);
        });

    /// <summary>Adds an operation that changes something here or at a server.</summary>
    public void AddChange<TArguments, TAnswer>(string name, JsonTypeInfo<TArguments> arguments, JsonTypeInfo<TAnswer> answer, Func<TArguments, Call, Task<TAnswer>> run)
        where TArguments : class =>
        Add(name, arguments, answer, (given, call) => session.ChangeAsync(() => run(given, call), call.Cancel));

    /// <summary>Adds an operation that stores or deletes records, or changes how they are found: it may take long.</summary>
    public void AddStoring<TArguments, TAnswer>(string name, JsonTypeInfo<TArguments> arguments, JsonTypeInfo<TAnswer> answer, Func<TArguments, Call, Task<TAnswer>> run)
        where TArguments : class =>
        Add(name, arguments, answer, (given, call) => session.StoreAsync(() => run(given, call), call.Cancel));

    public Func<string, Call, Task<string>> Find(string name) => _operations.GetValueOrDefault(name) ?? throw new UnknownOperationException();

    private static TArguments Read<TArguments>(string json, JsonTypeInfo<TArguments> type) where TArguments : class
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
