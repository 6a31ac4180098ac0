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
public sealed record DispersalChoice(SequenceKey? OwnerHeld = null, int? RestoreFrom = null);

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
        var sequence = choice.OwnerHeld ?? SequenceKey.Generate(DefaultFragments(account.Stores.Count));
        var custody = choice.OwnerHeld is null ? SequenceKeyCustody.Carried : SequenceKeyCustody.OwnerHeld;
        var n = sequence.Count;
        var k = choice.RestoreFrom ?? StoreBalance.DefaultThreshold(n, account.Stores.Count);
        if (k < 1 || k > n)
            throw new CannotException($"--restore-from {k}: from 1 to {n} of the {n} fragments can be asked for.", Reasons.BadRestoreFrom);
        using var fragmentKeys = FragmentKeys.Derive(contentKey, sequence, custody, record.ToBytes());
        // 3
        outbox.Stage(record);
        try
        {
            var body = await SealBodyAsync(record, version, content.Body, fragmentKeys, k, n, progress, cancel);
            // 4
            var metadata = content.Metadata with
            {
                SequenceKey = choice.OwnerHeld is null ? sequence.Reveal() : null,
                Stores = [.. account.Stores.Select(store => store.Key.ToString())],
            };
            var sealedMetadata = await metadata.SealAsync(contentKey, context, version);
            // 5
            var header = new RecordHeader(context, version, account.Keys.Identity.PublicKey, account.Now, capsule, wrapped, k, body.BodyLength, body.Prefix,
                body.Commitments(fragmentKeys), SHA256.HashData(sealedMetadata));
            var sealedRecord = SealedRecord.Create(account.Keys.Identity, header, sealedMetadata);
            // 6
            var index = content.Index is null ? [] : await content.Index(record);
            // 7
            var plan = new UploadPlan(record.ToString(), target.Owner.ToString(), target.Name, sealedRecord.Signed, sealedMetadata, k,
                [.. Enumerable.Range(0, n).Select(i => Plan(fragmentKeys, record, i))], content.Source, content.Import, index, IsPublished: false, metadata.IsFindable);
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

    private async Task<SealedBody> SealBodyAsync(RecordId record, uint version, Stream source, FragmentKeys keys, int k, int n,
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
            var body = await BodySealer.SealAsync(source, keys, RecordContext.Body(record, version), k, files, report, cancel);
            DurableFile.Flush(files);
            return body;
        }
        finally
        {
            foreach (var file in files)
                file.Dispose();
        }
    }

    private PlannedFragment Plan(FragmentKeys keys, RecordId record, int index)
    {
        var (address, owner) = (new byte[FragmentKeys.ValueSize], new byte[FragmentKeys.ValueSize]);
        keys.Address(index, address);
        keys.Owner(index, owner);
        var hash = SHA256.HashData(owner);
        CryptographicOperations.ZeroMemory(owner);
        return new PlannedFragment(index, account.Stores[keys.Store(index, account.Stores.Count)].Key.ToString(), address, hash,
            new FileInfo(outbox.FragmentPath(record.ToString(), index)).Length);
    }

    private sealed class Relay(Action<long> action) : IProgress<long>
    {
        public void Report(long value) => action(value);
    }
}
