using Salus.Client.Audit;
using Salus.Client.Tests.Sealing;
using Salus.Crypto.Dispersal;
using Salus.Protocol;

namespace Salus.Client.Tests.Audit;

/// <summary>A sealed body, its fragments spread over stores in memory.</summary>
internal sealed class StoredBody : IDisposable
{
    private StoredBody(Sealed body, MemoryStore[] stores) => (Body, Stores) = (body, stores);

    public Sealed Body { get; }

    public MemoryStore[] Stores { get; }

    public RecordId Record { get; } = Identifier.Random<RecordId>();

    public int Count => Body.Keys.Count;

    public static async Task<StoredBody> OfAsync(int length = 1_500_000, int k = 4, int n = 8, int stores = 4)
    {
        var stored = new StoredBody(await Sealed.OfAsync(length, k, n), [.. Enumerable.Range(1, stores).Select(i => new MemoryStore($"store-{i}"))]);
        for (var i = 0; i < n; i++)
            stored.StoreOf(i).Put(stored.Address(i), stored.Body.Fragments[i].ToArray());
        return stored;
    }

    public MemoryStore StoreOf(int fragment) => Stores[Body.Keys.Store(fragment, Stores.Length)];

    public int[] FragmentsOf(MemoryStore store) => [.. Enumerable.Range(0, Count).Where(i => StoreOf(i) == store)];

    public byte[] Address(int fragment) => Value(address => Body.Keys.Address(fragment, address));

    public byte[] Blind(int fragment) => Value(blind => Body.Keys.RootBlind(fragment, blind));

    /// <summary>The bytes of a fragment at its store, to be changed.</summary>
    public byte[] At(int fragment) => StoreOf(fragment).Fragments[Convert.ToHexStringLower(Address(fragment))];

    public AuditTarget[] Targets() => [.. Enumerable.Range(0, Count).Select(i => new OwnTarget(Record, i, StoreOf(i).Key, Address(i), Body.Body.Layout,
        Value(label => Body.Keys.Label(i, label)), Blind(i), Body.Body.Commitments(Body.Keys)[i]))];

    public Task<AuditReport> AuditAsync(int? sample = null, AuditSettings? settings = null, AuditTarget[]? targets = null) =>
        new Auditing([.. Stores.Select(store => store.Api)], (settings ?? new AuditSettings()) with { Sample = sample })
            .RunAsync(targets ?? Targets(), AuditSeed.Random(TimeProvider.System), [], null, CancellationToken.None);

    public void Dispose() => Body.Dispose();

    public static byte[] Value(SpanAction fill)
    {
        var value = new byte[FragmentKeys.ValueSize];
        fill(value);
        return value;
    }

    public delegate void SpanAction(Span<byte> value);
}
