using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Client.Uploads;
using Salus.Crypto;
using Salus.Crypto.Sealing;
using Salus.Protocol;
using Salus.Protocol.Readings;

namespace Salus.Client.Readings;

/// <summary>
/// Readings on their way, in a folder of the profile: <c>NUMBER.sealed</c>, one file for each upload, gone once all three trustees have acknowledged it, and <c>state.sealed</c>.
/// An upload is on the disk before it is sent and carries what is known of its series afterwards, so a kill at any moment loses nothing that was taken in and doubles nothing.
/// One command at a time holds it.
/// </summary>
internal sealed class ReadingQueue : IDisposable
{
    private const string StateFile = "state.sealed";
    private const string Suffix = ".sealed";

    private readonly Account _account;
    private readonly OutboxLock _held;

    private ReadingQueue(Account account, OutboxLock held, QueueState state) => (_account, _held, State) = (account, held, state);

    public QueueState State { get; private set; }

    /// <summary>Uploads that some trustee has not taken.</summary>
    public int Waiting => Numbers().Count();

    private string Folder => FolderOf(_account);

    public static async Task<ReadingQueue> OpenAsync(Account account)
    {
        var held = OutboxLock.TryTake(FolderOf(account))
            ?? throw new CannotException("Another salus command is adding readings in this profile. Wait for it, or use another profile.", Reasons.Busy);
        try
        {
            var path = Path.Combine(FolderOf(account), StateFile);
            var queue = new ReadingQueue(account, held, QueueState.Empty());
            if (File.Exists(path))
                queue.State = await queue.ReadAsync(StateFile, ReadingJson.Default.QueueState);
            // Uploads that are newer than the state.
            foreach (var number in queue.Numbers().Where(number => number >= queue.State.Next).Order())
                queue.Apply(await queue.ReadAsync(number));
            return queue;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>What trustees have acknowledged, as it was last written down; whoever holds the queue.</summary>
    public static async Task<IReadOnlyDictionary<string, SeenIndexHead>> HeadsAsync(Account account) =>
        File.Exists(Path.Combine(FolderOf(account), StateFile)) ? (await ReadAsync(account, StateFile, ReadingJson.Default.QueueState)).Heads : new Dictionary<string, SeenIndexHead>();

    /// <summary>Whether anything waits in a profile, without taking hold of the queue.</summary>
    public static bool IsEmpty(Account account) => !Directory.Exists(FolderOf(account)) || !Directory.EnumerateFiles(FolderOf(account), "*" + Suffix).Any(file => Path.GetFileName(file) != StateFile);

    /// <summary>From here on the upload survives a kill.</summary>
    public async Task AddAsync(IReadOnlyList<QueuedItem> items, KeptSeries? after, string? removed = null)
    {
        var upload = new QueuedUpload(State.Next, items, after, removed);
        await WriteAsync(NameOf(upload.Number), upload, ReadingJson.Default.QueuedUpload);
        Apply(upload);
    }

    public Task<QueuedUpload> ReadAsync(long number) => ReadAsync(NameOf(number), ReadingJson.Default.QueuedUpload);

    /// <summary>The first upload that a trustee has not acknowledged.</summary>
    public long FirstFor(VerifyingKey trustee) => State.Sent.GetValueOrDefault(trustee.ToString());

    /// <summary>Remembers, in memory, that a trustee has acknowledged an upload and all before it.</summary>
    public void Acknowledge(VerifyingKey trustee, QueuedUpload upload)
    {
        lock (State.Sent)
        {
            State.Sent[trustee.ToString()] = upload.Number + 1;
            foreach (var item in upload.Items)
                if (item.Kind == ReadingItemKind.Batch && ReadingBatch.TryVerify(item.Signed, out var batch))
                    State.Heads[SpanVerifier.HeadKey(batch.Owner.Account, batch.Series, null, trustee, batch.Feed)] = new SeenIndexHead(batch.Sequence, batch.Hash);
        }
    }

    /// <summary>Writes the state down, and then removes what all trustees have.</summary>
    public async Task SettleAsync()
    {
        await WriteAsync(StateFile, State, ReadingJson.Default.QueueState);
        var done = _account.Trustees.Min(trustee => FirstFor(trustee.Key));
        foreach (var number in Numbers().Where(number => number < done).ToArray())
            File.Delete(Path.Combine(Folder, NameOf(number)));
    }

    public void Dispose() => _held.Dispose();

    private void Apply(QueuedUpload upload)
    {
        if (upload.After is { } after)
            State.Series[after.Series] = after;
        if (upload.Removed is { } removed)
            State.Series.Remove(removed);
        State = State with { Next = upload.Number + 1 };
    }

    private IEnumerable<long> Numbers() => Directory.EnumerateFiles(Folder, "*" + Suffix).Select(Path.GetFileNameWithoutExtension)
        .Where(name => name!.All(char.IsAsciiDigit)).Select(name => long.Parse(name!, CultureInfo.InvariantCulture));

    private static string NameOf(long number) => number.ToString("d18", CultureInfo.InvariantCulture) + Suffix;

    private static string FolderOf(Account account) => Path.Combine(account.Profile.Folder, "readings");

    private async Task WriteAsync<T>(string name, T value, JsonTypeInfo<T> type)
    {
        using var plain = Secret.CopyOf(JsonSerializer.SerializeToUtf8Bytes(value, type));
        DurableFile.Write(Path.Combine(Folder, name), await SealedBlob.SealAsync(_account.Keys.Local, Domains.ReadingOutbox, plain, Binding(_account, name)));
    }

    private Task<T> ReadAsync<T>(string name, JsonTypeInfo<T> type) where T : class => ReadAsync(_account, name, type);

    private static async Task<T> ReadAsync<T>(Account account, string name, JsonTypeInfo<T> type) where T : class
    {
        var path = Path.Combine(FolderOf(account), name);
        using var opened = await SealedBlob.OpenSecretAsync(account.Keys.Local, Domains.ReadingOutbox, await File.ReadAllBytesAsync(path), Binding(account, name));
        try
        {
            return (opened is null ? null : JsonSerializer.Deserialize(opened.Bytes, type)) ?? throw new JsonException("null");
        }
        catch (JsonException)
        {
            throw new AlarmException(AlarmKind.Integrity, $"{path} is damaged: readings that wait there cannot be sent. Move it away, and add its readings again from where they came.");
        }
    }

    private static byte[] Binding(Account account, string name) => [.. account.Id.ToBytes(), .. System.Text.Encoding.ASCII.GetBytes(name)];
}
