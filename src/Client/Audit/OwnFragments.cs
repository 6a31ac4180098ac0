using Salus.Client.Accounts;
using Salus.Client.Records;
using Salus.Crypto.Dispersal;
using Salus.Crypto.Sealing;
using Salus.Protocol;

namespace Salus.Client.Audit;

/// <summary>An own record with the keys of its fragments.</summary>
internal sealed record OwnBody(OpenedRecord Record, FragmentKeys Keys) : IDisposable
{
    public void Dispose()
    {
        Keys.Dispose();
        Record.Dispose();
    }
}

/// <summary>
/// The fragments of all own records; those of records that share a body once. Those under a sequence key that the owner holds can be named with it alone:
/// such records are left out, by name, when it is not given or fits not.
/// </summary>
internal sealed class OwnFragments(Account account)
{
    private readonly Catalogue _catalogue = new(account);

    /// <summary>Own records are kept back: their fragments are among none of these.</summary>
    public AlarmException? Alarm => _catalogue.Alarm;

    /// <summary>What was left out, and why.</summary>
    public List<string> Skipped { get; } = [];

    /// <summary>One record after the other, to be disposed of.</summary>
    /// <param name="sequenceKey">The owner's, or null to leave such records out.</param>
    /// <param name="only">These records; null for all.</param>
    public async Task<IReadOnlyList<OwnBody>> OpenAsync(Func<SequenceKey>? sequenceKey, IReadOnlyCollection<RecordId>? only, CancellationToken cancel)
    {
        var (bodies, seen) = (new List<OwnBody>(), new HashSet<string>(StringComparer.Ordinal));
        var shown = await _catalogue.ShownAsync(cancel);
        if (_catalogue.Alarm is { } alarm)
        {
            if (only is not null && only.Any(wanted => shown.All(record => record.Id != wanted)))
            {
                Catalogue.Dispose(shown);
                throw alarm;
            }
            account.Raise(alarm);
            Skipped.Add(alarm.Message);
        }
        foreach (var record in shown)
        {
            var keys = only is null || only.Contains(record.Id) ? KeysOf(record, sequenceKey) : null;
            if (keys is not null && seen.Add(FirstAddress(keys)))
                bodies.Add(new OwnBody(record, keys));
            else
            {
                keys?.Dispose();
                record.Dispose();
            }
        }
        Skipped.AddRange(_catalogue.Complaints);
        return bodies;
    }

    /// <summary>As <see cref="OpenAsync"/>, as targets of an audit, which hold no key.</summary>
    public async Task<IReadOnlyList<OwnTarget>> TargetsAsync(Func<SequenceKey>? sequenceKey, CancellationToken cancel)
    {
        var targets = new List<OwnTarget>();
        foreach (var body in await OpenAsync(sequenceKey, null, cancel))
            using (body)
                targets.AddRange(Enumerable.Range(0, body.Keys.Count).Select(i => Target(body, i)));
        return targets;
    }

    private static string FirstAddress(FragmentKeys keys)
    {
        var address = new byte[FragmentKeys.ValueSize];
        keys.Address(0, address);
        return Convert.ToHexStringLower(address);
    }

    private static OwnTarget Target(OwnBody body, int index)
    {
        var (address, label, blind) = (new byte[FragmentKeys.ValueSize], new byte[FragmentKeys.ValueSize], new byte[FragmentKeys.ValueSize]);
        body.Keys.Address(index, address);
        body.Keys.Label(index, label);
        body.Keys.RootBlind(index, blind);
        return new OwnTarget(body.Record.Id, index, StoreOf(body, index), address, body.Record.Layout, label, blind, body.Record.Sealed.Header.FragmentCommitments[index]);
    }

    private static VerifyingKey StoreOf(OwnBody body, int index)
    {
        var placed = body.Record.Metadata.Stores;
        return Transport.PartyKeys.Verifying("a store", placed[body.Keys.Store(index, placed.Length)]);
    }

    private FragmentKeys? KeysOf(OpenedRecord record, Func<SequenceKey>? sequenceKey)
    {
        if (record.Metadata.SequenceKey is null && sequenceKey is null)
        {
            Skipped.Add($"{record.Id}: you hold its sequence key.");
            return null;
        }
        var keys = RecordReader.FragmentKeysOf(record, sequenceKey!);
        if (record.Metadata.SequenceKey is not null)
            return keys;
        // Nothing but the body tells whether a key that was typed is the right one.
        var header = record.Sealed.Header;
        if (keys.Count == header.Fragments && ChunkedEncryption.TryOpen(keys.BodyKey, header.BodyPrefix, header.BodyContext, out var opened))
        {
            opened.Dispose();
            return keys;
        }
        keys.Dispose();
        Skipped.Add($"{record.Id}: this is not its sequence key.");
        return null;
    }
}
