using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Protocol.Log;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>One record whose capsule is to be re-encrypted.</summary>
public sealed record ReencryptionItem(RecordId Record, Capsule Capsule);

/// <summary>
/// What a delegatee asks of one trustee, signed by the delegatee: to re-encrypt capsules of one partition and epoch under one grant.
/// Wire: "salus reencrypt 2\n" | requester 32 | trustee 32 | grant 16 | owner 16 | partition 16 | epoch u32 | at u64 | nonce 32
/// | u32 count, items of (record 16 | capsule 96) | trace (variable) | signature 64.
/// The trace is a <see cref="AccessTrace"/>: it shows that the access is in the log.
/// The answer is, for each item in order, u8 1 and a cfrag of 128 bytes, or u8 0 when its capsule is not one of this owner, partition, epoch and record.
/// </summary>
public sealed class ReencryptionRequest
{
    public const int NonceSize = 32;

    private static ReadOnlySpan<byte> Magic => "salus reencrypt 2\n"u8;

    private ReencryptionRequest(byte[] signed, VerifyingKey requester, VerifyingKey trustee, GrantId grant, AccountId owner, PartitionId partition,
        EpochNumber epoch, DateTimeOffset at, byte[] nonce, IReadOnlyList<ReencryptionItem> items, byte[] trace)
    {
        (Signed, Requester, Trustee, Grant, Owner) = (signed, requester, trustee, grant, owner);
        (Partition, Epoch, At, Nonce, Items, Trace) = (partition, epoch, at, nonce, items, trace);
    }

    public VerifyingKey Requester { get; }

    public VerifyingKey Trustee { get; }

    public GrantId Grant { get; }

    public AccountId Owner { get; }

    public PartitionId Partition { get; }

    public EpochNumber Epoch { get; }

    public DateTimeOffset At { get; }

    /// <summary>Random; a trustee answers a nonce once.</summary>
    public byte[] Nonce { get; }

    public IReadOnlyList<ReencryptionItem> Items { get; }

    /// <summary>Not looked at yet: <see cref="AccessTrace"/>.</summary>
    public byte[] Trace { get; }

    public byte[] Signed { get; }

    public static ReencryptionRequest Create(SigningKey requester, VerifyingKey trustee, GrantId grant, AccountId owner, PartitionId partition,
        EpochNumber epoch, DateTimeOffset at, IReadOnlyList<ReencryptionItem> items, ReadOnlySpan<byte> trace)
    {
        if (items.Count is 0 or > Limits.MaxReencryptionItems)
            throw new ArgumentOutOfRangeException(nameof(items), items.Count, $"1 to {Limits.MaxReencryptionItems} records in one request");
        var nonce = RandomNumberGenerator.GetBytes(NonceSize);
        var writer = new WireWriter().Bytes(Magic).Key(requester.PublicKey).Key(trustee).Id(grant).Id(owner).Id(partition).Epoch(epoch).Time(at).Bytes(nonce)
            .UInt32((uint)items.Count);
        foreach (var item in items)
            writer.Id(item.Record).Bytes(item.Capsule.Bytes);
        var signed = SignedMessage.Sign(Domains.SignReencryption, requester, writer.Variable(trace).ToArray());
        return TryRead(signed, out var request) ? request : throw SignedMessage.Mistake(nameof(ReencryptionRequest));
    }

    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out ReencryptionRequest? request)
    {
        if (TryRead(signed, out request) && SignedMessage.Verify(Domains.SignReencryption, request.Requester, signed))
            return true;
        request = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out ReencryptionRequest? request)
    {
        request = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey requester) || !reader.Key(out VerifyingKey trustee) || !reader.Id(out GrantId grant)
            || !reader.Id(out AccountId owner) || !reader.Id(out PartitionId partition) || !reader.Epoch(out var epoch) || !reader.Time(out var at)
            || !reader.Bytes(NonceSize, out var nonce) || !reader.UInt32(out var count) || count is 0 or > Limits.MaxReencryptionItems)
            return false;
        var items = new ReencryptionItem[count];
        for (var i = 0; i < items.Length; i++)
        {
            if (!reader.Id(out RecordId record) || !reader.Bytes(Capsule.Size, out var bytes) || !Capsule.TryParse(bytes, out var capsule))
                return false;
            items[i] = new ReencryptionItem(record, capsule);
        }
        if (!reader.Variable(Limits.MaxTrace, out var trace) || !reader.AtEnd)
            return false;
        request = new ReencryptionRequest(signed.ToArray(), requester, trustee, grant, owner, partition, epoch, at, nonce.ToArray(), items, trace.ToArray());
        return true;
    }

    /// <summary>What the request is about: whether it is to open or to search, the statement in the log says.</summary>
    public AccessSubject Subject => new(AccessKind.Open, Owner, Grant, Partition, Epoch, [.. Items.Select(item => item.Record)]);

    /// <summary>The context that the capsule of an item must have been made for.</summary>
    public RecordContext Context(ReencryptionItem item) => new(Owner, Partition, Epoch, item.Record);

    /// <summary>What the proof of an item's cfrag is bound to: the whole signed request (nonce, time, trustee, grant within) and the record.</summary>
    public byte[] Binding(ReencryptionItem item)
    {
        using var transcript = new Transcript(Domains.ReencryptionBinding);
        return transcript.Append(Signed).Append(item.Record.ToBytes()).ToHash();
    }

    /// <summary>Encodes a trustee's answer; null stands for a capsule that was refused.</summary>
    public static byte[] EncodeAnswer(IEnumerable<CFrag?> cfrags)
    {
        var writer = new WireWriter();
        foreach (var cfrag in cfrags)
            if (cfrag is null)
                writer.Byte(0);
            else
                writer.Byte(1).Bytes(cfrag.Bytes);
        return writer.ToArray();
    }

    /// <summary>Reads a trustee's answer to this request: as many entries as items. The cfrags are not verified yet.</summary>
    public bool TryDecodeAnswer(ReadOnlySpan<byte> answer, [NotNullWhen(true)] out IReadOnlyList<CFrag?>? cfrags)
    {
        cfrags = null;
        var reader = new WireReader(answer);
        var found = new CFrag?[Items.Count];
        for (var i = 0; i < found.Length; i++)
        {
            if (!reader.Byte(out var present) || present > 1)
                return false;
            if (present == 1 && (!reader.Bytes(CFrag.Size, out var bytes) || !CFrag.TryParse(bytes, out found[i])))
                return false;
        }
        cfrags = found;
        return reader.AtEnd;
    }
}
