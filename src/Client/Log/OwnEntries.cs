using System.Globalization;
using Salus.Client.Accounts;
using Salus.Client.Partitions;
using Salus.Client.Sharing;
using Salus.Protocol;
using Salus.Protocol.Log;

namespace Salus.Client.Log;

/// <summary>Whether the account's own epochs, grants, revocations and records are in the log: what the cloud has shown to the owner only, nobody else could ever hold against it.</summary>
internal sealed class OwnEntries(Account account)
{
    private const int AtOnce = 8;

    /// <summary>Those of the missing that an alarm names.</summary>
    private const int Named = 5;

    public List<AlarmException> Alarms { get; } = [];

    /// <summary>How many are in the log. Those that are not are one of <see cref="Alarms"/>: a cloud does not bury others under them.</summary>
    public async Task<int> CheckAsync(IReadOnlyList<OwnGrant> grants, IReadOnlyList<SealedRecord> records, CancellationToken cancel)
    {
        var partitions = await new PartitionKeys(account).AllAsync(cancel);
        var expected = new List<(string What, LogEntry Entry)>();
        expected.AddRange(partitions.SelectMany(partition => partition.Chain.Select(header => ($"epoch {header.Epoch} of {partition.Name}", LogEntry.Of(LogKind.Epoch, header.Signed)))));
        expected.AddRange(grants.Select(own => ($"the grant {own.Grant.Terms.Id}", LogEntry.Of(LogKind.Grant, own.Grant.Signed))));
        expected.AddRange(grants.Where(own => own.Revocation is not null)
            .Select(own => ($"the revocation of the grant {own.Grant.Terms.Id}", LogEntry.Of(LogKind.Revocation, own.Revocation!.Signed))));
        expected.AddRange(records.Select(record => ($"the record {record.Header.Context.Record}", LogEntry.Of(LogKind.Roots, record.Signed))));
        var missing = new List<string>();
        foreach (var chunk in expected.Chunk(AtOnce))
            foreach (var (isThere, what) in await Task.WhenAll(chunk.Select(async one => (await account.Log.HasAsync(one.Entry, cancel), one.What))))
                if (!isThere)
                    missing.Add(what);
        if (missing.Count > 0)
            Alarms.Add(NotThere(missing));
        return expected.Count - missing.Count;
    }

    private static AlarmException NotThere(List<string> missing) => new(AlarmKind.Unlogged, missing is [var only]
        ? $"The cloud has {only} and has not entered it into the log."
        : string.Create(CultureInfo.InvariantCulture, $"The cloud has {missing.Count} entries of yours that it has not entered into the log: {string.Join(", ", missing.Take(Named))}")
            + (missing.Count > Named ? " and others." : "."));
}
