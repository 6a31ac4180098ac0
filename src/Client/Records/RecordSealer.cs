using System.Security.Cryptography;
using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Client.Profiles;
using Salus.Client.Sealing;
using Salus.Client.Uploads;
using Salus.Crypto;
using Salus.Crypto.Dispersal;
using Salus.Crypto.Primitives;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Protocol;

namespace Salus.Client.Records;

/// <summary>How a record is to be dispersed.</summary>
/// <param name="OwnerHeld">The owner's own sequence key, or null for a generated one that the record carries.</param>
/// <param name="RestoreFrom">k, or null for the default: any two stores may vanish.</param>
/// <param name="Deduplicate">Whether a content that the account has stored already is to be stored once. What its owner holds the key of never is.</param>
public sealed record DispersalChoice(SequenceKey? OwnerHeld = null, int? RestoreFrom = null, bool Deduplicate = true);

/// <summary>What is to be sealed.</summary>
/// <param name="Body">The content and its tail, seekable.</param>
/// <param name="Source">The file it comes from.</param>
/// <param name="Import">The import it is part of, if any.</param>
/// <param name="Index">Stages what the record adds to the search index; null for a record of an import, which does that for all of them.</param>
internal sealed record RecordContent(
    Stream Body, RecordMetadata Metadata, PlanSource Source, string? Import = null, Func<RecordId, Task<IReadOnlyList<PlannedIndex>>>? Index = null);

/// <summary>
/// Seals one record into the outbox (protocol.md, sections 2 and 3): 1 capsule and content key, 2 sequence key and places, 3 the body into staged fragments,
/// 4 sealed metadata, 5 the author's signature, 6 its words for the search index, 7 the plan, from which on a kill loses nothing.
/// </summary>
internal sealed class RecordSealer(Account account, Outbox outbox)
{
    private readonly SharedBodies _shared = new(account);

    public async Task<UploadPlan> SealAsync(WriteTarget target, RecordContent content, DispersalChoice choice, IProgress<TransferProgress>? progress,
        CancellationToken cancel)
    {
        var record = Identifier.Random<RecordId>();
        const uint version = 1;
        var context = target.Context(record);
        // 1
        using var contentKey = Secret.Random(Aead.KeySize);
        var capsule = Capsule.Encapsulate(target.Head.Key, context.ToBytes(), out var key);
        WrappedKey wrapped;
        using (key)
            wrapped = await WrappedKey.WrapAsync(key, contentKey, context.ToBytes());
        // 2
        var n = choice.OwnerHeld?.Count ?? DefaultFragments(account.Stores.Count);
        var k = choice.RestoreFrom ?? StoreBalance.DefaultThreshold(n, account.Stores.Count);
        if (k < 1 || k > n)
            throw new CannotException($"--restore-from {k}: from 1 to {n} of the {n} fragments can be asked for.", Reasons.BadRestoreFrom);
        using var shared = IsToShare(target, content, choice) ? await _shared.ClaimAsync(content.Body, record, k, n, cancel) : null;
        var sequence = choice.OwnerHeld ?? shared?.Content.Sequence(n) ?? SequenceKey.Generate(n);
        var custody = choice.OwnerHeld is null ? SequenceKeyCustody.Carried : SequenceKeyCustody.OwnerHeld;
        using var fragmentKeys = shared?.Content.Fragments(sequence, shared.Body.ToBytes()) ?? FragmentKeys.Derive(contentKey, sequence, custody, record.ToBytes());
        // 3
        outbox.Stage(record);
        try
        {
            var body = await SealBodyAsync(record, version, content.Body, shared, fragmentKeys, k, n, progress, cancel);
            var fragments = Enumerable.Range(0, n).Select(i => Plan(fragmentKeys, context, i, shared is not null)).ToArray();
            // 4
            var metadata = content.Metadata with
            {
                SequenceKey = choice.OwnerHeld is null ? sequence.Reveal() : null,
                Stores = [.. account.Stores.Select(store => store.Key.ToString())],
                BodyKey = shared?.Content.ContentKey.Bytes.ToArray(),
                OwnerHashes = shared is null ? null : [.. fragments.Select(fragment => fragment.OwnerHash)],
            };
            var sealedMetadata = await metadata.SealAsync(contentKey, context, version);
            // 5
            var header = new RecordHeader(context, version, account.Keys.Identity.PublicKey, account.Now, capsule, wrapped, k, body.BodyLength, body.Prefix,
                body.Commitments(fragmentKeys), SHA256.HashData(sealedMetadata), shared?.Body);
            var sealedRecord = SealedRecord.Create(account.Keys.Identity, header, sealedMetadata);
            // 6
            var index = content.Index is null ? [] : await content.Index(record);
            // 7
            var plan = new UploadPlan(record.ToString(), target.Owner.ToString(), target.Name, sealedRecord.Signed, sealedMetadata, k,
                fragments, content.Source, content.Import, index, IsPublished: false, metadata.IsFindable, shared is not null);
            await outbox.SaveAsync(plan);
            return plan;
        }
        catch
        {
            outbox.Remove(record.ToString());
            throw;
        }
    }

    /// <summary>Two fragments for each store, and no fewer than the shortest sequence key has characters.</summary>
    private static int DefaultFragments(int stores) => Math.Clamp(2 * stores, SequenceKey.MinLength, SequenceKey.MaxLength - 8);

    /// <summary>
    /// One's own contents, and those that an organisation adds for its patients. A slice of an import never comes twice: its share of the restore map is random. What a person adds to
    /// somebody else's records is not tied to their own.
    /// </summary>
    private bool IsToShare(WriteTarget target, RecordContent content, DispersalChoice choice) => choice is { Deduplicate: true, OwnerHeld: null }
        && content.Metadata.Kind != RecordMetadata.SliceKind && (target.Owner == account.Id || account.Card.Kind == AccountKind.Organisation);

    private async Task<SealedBody> SealBodyAsync(RecordId record, uint version, Stream source, SharedPlace? shared, FragmentKeys keys, int k, int n,
        IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        var total = source.Length;
        var report = progress is null ? null : new Relay(done => progress.Report(new TransferProgress("sealing", null, done, total)));
        var layout = BodySealer.LayoutFor(total, k, n);
        var files = new List<FileStream>();
        try
        {
            for (var i = 0; i < n; i++)
                files.Add(BodySealer.CreateFragment(outbox.FragmentPath(record.ToString(), i), layout));
            var body = shared is null
                ? await BodySealer.SealAsync(source, keys, RecordContext.Body(record, version), k, files, report, cancel)
                : await BodySealer.SealSharedAsync(source, shared.Print, keys, RecordContext.Body(shared.Body), k, files, report, cancel);
            DurableFile.Flush(files);
            return body;
        }
        finally
        {
            foreach (var file in files)
                file.Dispose();
        }
    }

    private PlannedFragment Plan(FragmentKeys keys, RecordContext context, int index, bool isShared)
    {
        var address = new byte[FragmentKeys.ValueSize];
        keys.Address(index, address);
        var store = account.Stores[keys.Store(index, account.Stores.Count)].Key.ToString();
        var bytes = new FileInfo(outbox.FragmentPath(context.Record.ToString(), index)).Length;
        if (!isShared)
        {
            var owner = new byte[FragmentKeys.ValueSize];
            keys.Owner(index, owner);
            var hash = SHA256.HashData(owner);
            CryptographicOperations.ZeroMemory(owner);
            return new PlannedFragment(index, store, address, hash, bytes);
        }
        var blind = new byte[FragmentKeys.ValueSize];
        keys.RootBlind(index, blind);
        return new PlannedFragment(index, store, address, _shared.OwnerHash(address), bytes, blind, _shared.Reference(address, context));
    }

    private sealed class Relay(Action<long> action) : IProgress<long>
    {
        public void Report(long value) => action(value);
    }
}
