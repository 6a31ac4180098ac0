using System.Security.Cryptography;
using Salus.Client.Accounts;
using Salus.Client.Sealing;
using Salus.Client.Uploads;
using Salus.Crypto;
using Salus.Crypto.Dispersal;
using Salus.Crypto.Primitives;
using Salus.Protocol;

namespace Salus.Client.Records;

/// <summary>
/// Reads the body of a record from the stores, whole or a range of it. Fragments are found by their addresses, which come from the content key and the sequence key; every unit is
/// verified before it is decoded, and nothing unverified reaches the output.
/// </summary>
internal sealed class RecordReader(Account account)
{
    private readonly FragmentPlaces _places = new(account.Stores);

    /// <summary>The keys of a record's fragments; asks for the sequence key when the record does not carry it.</summary>
    public static FragmentKeys FragmentKeysOf(OpenedRecord record, Func<SequenceKey> sequenceKey)
    {
        if (record.Sealed.Header.Body is { } shared)
            return SharedKeysOf(record, shared);
        return record.Metadata.CarriedKey() is { } carried
            ? FragmentKeys.Derive(record.ContentKey, carried, SequenceKeyCustody.Carried, record.Id.ToBytes())
            : FragmentKeys.Derive(record.ContentKey, sequenceKey(), SequenceKeyCustody.OwnerHeld, record.Id.ToBytes());
    }

    /// <summary>
    /// The hash of the capability to delete a fragment: what a store is told with one that is brought to it again. Of a shared body nobody but its domain has the capability itself.
    /// </summary>
    public static byte[] OwnerHashOf(OpenedRecord record, FragmentKeys keys, int index)
    {
        if (record.Sealed.Header.Body is not null)
            return record.Metadata.OwnerHashes![index];
        Span<byte> owner = stackalloc byte[FragmentKeys.ValueSize];
        keys.Owner(index, owner);
        return SHA256.HashData(owner);
    }

    /// <summary>The capability to delete a fragment; null when it is of a body that is shared within another account's domain.</summary>
    public static byte[]? OwnerOf(Account account, OpenedRecord record, FragmentKeys keys, int index)
    {
        var owner = new byte[FragmentKeys.ValueSize];
        if (record.Sealed.Header.Body is null)
        {
            keys.Owner(index, owner);
            return owner;
        }
        keys.Address(index, owner);
        return record.Sealed.Header.Author.Equals(account.Keys.Identity.PublicKey) ? SharedContent.Owner(account.Keys.Domain, owner) : null;
    }

    private static FragmentKeys SharedKeysOf(OpenedRecord record, BodyId body)
    {
        using var content = SharedContent.Of(Secret.CopyOf(record.Metadata.BodyKey!));
        return content.Fragments(record.Metadata.CarriedKey()!, body.ToBytes());
    }

    /// <summary>Writes <paramref name="length"/> bytes of the body from <paramref name="offset"/> on. Answers which fragments were found wanting on the way.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(OpenedRecord record, Func<SequenceKey> sequenceKey, long offset, long length, Stream output,
        IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        using var keys = FragmentKeysOf(record, sequenceKey);
        var header = record.Sealed.Header;
        FragmentSource?[] sources = [.. Enumerable.Range(0, header.Fragments).Select(i => i < keys.Count ? Source(record, keys, i) : null)];
        var report = progress is null ? null : new Progress(progress, length);
        try
        {
            using var body = new BodyOpener(header, keys, sources, new OpenSettings { Time = account.Clock });
            if (body.PlaintextLength != record.Metadata.ContentLength + record.Metadata.TailLength || offset > body.PlaintextLength || length > body.PlaintextLength - offset)
                throw new AlarmException(AlarmKind.Integrity, $"The record {record.Id} has another size than its metadata says.");
            var opened = await body.OpenRangeAsync(offset, length, output, report, cancel);
            return [.. opened.Bad.Select(bad => bad.ToString())];
        }
        catch (BodyUnavailableException failure) when (failure.Failure == OpenFailure.WrongKeyOrDamaged && record.Metadata.SequenceKey is null)
        {
            throw new CannotException("Wrong sequence key, or the fragments are damaged. Nothing was written.", Reasons.SequenceKeyWrong);
        }
        catch (BodyUnavailableException failure)
        {
            if (failure.Bad.Count == 0)
                throw new AlarmException(AlarmKind.Integrity, $"The body of the record {record.Id} does not open with the record's key: it is damaged or another's. Nothing was written.");
            throw new AlarmException(failure.Bad.All(bad => bad.Fault is FragmentFault.Missing or FragmentFault.Unreadable or FragmentFault.Slow) ? AlarmKind.Withheld : AlarmKind.Integrity,
                $"The record {record.Id} cannot be restored: {string.Join("; ", failure.Bad)}. It needs {header.RestoreFrom} good fragments of {header.Fragments}. "
                + "Nothing was written.");
        }
    }

    private FragmentSource Source(OpenedRecord record, FragmentKeys keys, int index)
    {
        var address = new byte[FragmentKeys.ValueSize];
        keys.Address(index, address);
        return _places.Source(_places.Placed(record, keys, index), address, record.Layout.FileLength);
    }

    private sealed class Progress(IProgress<TransferProgress> to, long total) : IProgress<long>
    {
        public void Report(long value) => to.Report(new TransferProgress("fetching", null, value, total));
    }
}
