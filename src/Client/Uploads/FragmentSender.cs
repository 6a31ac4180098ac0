using System.Security.Cryptography;
using Salus.Client.Transport;
using Salus.Crypto.Primitives;
using Salus.Protocol;
using Salus.Protocol.Dispersal;

namespace Salus.Client.Uploads;

/// <summary>
/// Brings one fragment from a file to its store, from where the store stands, and takes nothing for durable before the store has signed for exactly its bytes and a read-back of random
/// places gave them back.
/// </summary>
internal static class FragmentSender
{
    private const int AppendSize = 4 * 1024 * 1024;
    private const int ReadBackSize = 4096;
    private const int ReadBackPlaces = 3;
    private const int Attempts = 3;

    /// <param name="reached">Told how many bytes are durable.</param>
    public static async Task SendAsync(StoreApi store, PlannedFragment fragment, string path, UploadTicket ticket, Action<long> reached, CancellationToken cancel)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, useAsync: true);
        if (file.Length != fragment.Bytes)
            throw new AlarmException(AlarmKind.Integrity, $"The staged fragment {file.Name} has changed. Move its folder away and put the file again.");
        var offset = await store.UploadOffsetAsync(fragment.Address, cancel);
        var buffer = new byte[(int)Math.Min(AppendSize, fragment.Bytes)];
        UploadProgress progress;
        var stalled = 0;
        do
        {
            if (offset >= fragment.Bytes)
                offset = 0; // complete there already: ask for the receipt by sending the first bytes again
            file.Position = offset;
            var count = await file.ReadAtLeastAsync(buffer, (int)Math.Min(buffer.Length, fragment.Bytes - offset), cancellationToken: cancel);
            progress = await store.AppendAsync(fragment.Address, ticket, fragment.OwnerHash, fragment.Reference, offset, fragment.Bytes, buffer.AsMemory(0, count), cancel);
            stalled = progress.Offset > offset ? 0 : stalled + 1;
            if (stalled > Attempts)
                throw new AlarmException(AlarmKind.Integrity, $"{store.Name} keeps asking for bytes that it has acknowledged.");
            reached(progress.Offset);
            offset = progress.Offset;
        }
        while (progress.Receipt is null);
        await CheckAsync(store, fragment, progress.Receipt, file, cancel);
    }

    /// <summary>
    /// Proves the possession of a shared body's fragment that the store has already: answers its challenge from the file, and holds its receipt and its bytes against it. The store's signed
    /// word for it.
    /// </summary>
    public static async Task<byte[]> ProveAsync(StoreApi store, PlannedFragment fragment, string path, PossessionTicket ticket, CancellationToken cancel)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, useAsync: true);
        var header = new byte[FragmentHeader.Size];
        if (fragment is not { Blind: { Length: PossessionAnswer.BlindSize } blind, Reference: { Length: PossessionAnswer.ReferenceSize } reference }
            || !await ReadAsync(0, header) || !FragmentHeader.TryParse(header, out var parsed)
            || parsed!.Layout.FileLength != file.Length)
            throw new AlarmException(AlarmKind.Integrity, $"The staged fragment {file.Name} has changed. Move its folder away and put the file again.");
        var (proof, receipt) = await store.ProveAsync(fragment.Address, ticket, [.. blind, .. reference],
            async nonce => (await PossessionAnswer.ComputeAsync(nonce, ticket, fragment.Address, reference, parsed.Layout, ReadAsync))!, cancel);
        if (!PossessionProof.TryVerify(proof, out var word) || !word.Store.Equals(store.Key) || word.Claim != ticket.Claim)
            throw new AlarmException(AlarmKind.Integrity, $"{store.Name} confirms a possession with a signature that is not its own.");
        await CheckAsync(store, fragment, receipt, file, cancel);
        return proof;

        async ValueTask<bool> ReadAsync(long offset, Memory<byte> buffer)
        {
            file.Position = offset;
            return await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel) == buffer.Length;
        }
    }

    /// <summary>The store's word, its signature, and its bytes: three different things, and all are wanted.</summary>
    private static async Task CheckAsync(StoreApi store, PlannedFragment fragment, byte[] signed, FileStream file, CancellationToken cancel)
    {
        file.Position = 0;
        var hash = await Sha256.HashAsync(file, cancel);
        if (!StoreReceipt.TryVerify(signed, store.Key, out var receipt) || !receipt.Address.AsSpan().SequenceEqual(fragment.Address)
            || receipt.Bytes != fragment.Bytes || !receipt.Hash.AsSpan().SequenceEqual(hash))
            throw new AlarmException(AlarmKind.Integrity, $"{store.Name} signed for other bytes than it was sent.");
        for (var place = 0; place < ReadBackPlaces; place++)
        {
            var length = (int)Math.Min(ReadBackSize, fragment.Bytes);
            var offset = RandomOffset(fragment.Bytes - length + 1);
            var (back, sent) = (new byte[length], new byte[length]);
            file.Position = offset;
            await file.ReadExactlyAsync(sent, cancel);
            if (await store.ReadAsync(fragment.Address, offset, back, cancel) != length || !back.AsSpan().SequenceEqual(sent))
                throw new AlarmException(AlarmKind.Integrity, $"{store.Name} signed for a fragment and does not give its bytes back.");
        }
    }

    private static long RandomOffset(long exclusive)
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return (long)(BitConverter.ToUInt64(bytes) % (ulong)exclusive);
    }
}
