using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Log;

/// <summary>What someone opens data for.</summary>
public enum AccessKind : byte
{
    /// <summary>To open records.</summary>
    Open = 1,

    /// <summary>To search: the items are segments of the index.</summary>
    Search = 2,

    /// <summary>To read readings: the items are series, none for the list of them. There is no epoch.</summary>
    Readings = 3,
}

/// <summary>What is opened: of whom, under which grant, which items.</summary>
/// <param name="Epoch">Null for readings alone.</param>
/// <param name="Items">Records, or the numbers of segments or series: 1 to 64, of readings 0 to 64.</param>
public sealed record AccessSubject(AccessKind Kind, AccountId Owner, GrantId Grant, PartitionId Partition, EpochNumber? Epoch, IReadOnlyList<RecordId> Items);

/// <summary>
/// A requester's signed statement of what it is about to open. It goes into the log, sealed to the owner, before a trustee answers.
/// Wire: "salus access 1\n" | requester 32 | kind u8 | owner 16 | grant 16 | partition 16 | epoch u32 (0: none) | at u64 | nonce 32 | u32 count, items 16 each | signature 64.
/// </summary>
public sealed class AccessStatement
{
    public const int NonceSize = 32;

    /// <summary>Items of one statement, at most.</summary>
    public const int MaxItems = Limits.MaxReencryptionItems;

    private AccessStatement(byte[] signed, VerifyingKey requester, AccessSubject subject, DateTimeOffset at, byte[] nonce) =>
        (Signed, Requester, Subject, At, Nonce) = (signed, requester, subject, at, nonce);

    private static ReadOnlySpan<byte> Magic => "salus access 1\n"u8;

    public VerifyingKey Requester { get; }

    public AccessSubject Subject { get; }

    /// <summary>By the requester's clock.</summary>
    public DateTimeOffset At { get; }

    /// <summary>Random; a trustee answers on a statement once.</summary>
    public byte[] Nonce { get; }

    public byte[] Signed { get; }

    public byte[] Hash => SHA256.HashData(Signed);

    public static AccessStatement Create(SigningKey requester, AccessSubject subject, DateTimeOffset at) =>
        Create(requester, subject, at, RandomNumberGenerator.GetBytes(NonceSize));

    /// <summary>False when the bytes are no statement or not signed by its requester.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out AccessStatement? statement)
    {
        if (TryRead(signed, out statement) && SignedMessage.Verify(Domains.SignAccess, statement.Requester, signed))
            return true;
        statement = null;
        return false;
    }

    /// <summary>With a chosen nonce, for vectors.</summary>
    internal static AccessStatement Create(SigningKey requester, AccessSubject subject, DateTimeOffset at, byte[] nonce)
    {
        var writer = new WireWriter().Bytes(Magic).Key(requester.PublicKey).Byte((byte)subject.Kind).Id(subject.Owner).Id(subject.Grant).Id(subject.Partition)
            .UInt32(subject.Epoch?.Value ?? 0).Time(at).Fixed(NonceSize, nonce).UInt32((uint)subject.Items.Count);
        foreach (var item in subject.Items)
            writer.Id(item);
        return TryRead(SignedMessage.Sign(Domains.SignAccess, requester, writer.ToArray()), out var statement) ? statement : throw SignedMessage.Mistake(nameof(AccessStatement));
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out AccessStatement? statement)
    {
        statement = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey requester) || !reader.Byte(out var code) || !Enum.IsDefined((AccessKind)code)
            || !reader.Id(out AccountId owner) || !reader.Id(out GrantId grant) || !reader.Id(out PartitionId partition) || !reader.UInt32(out var epoch)
            || !reader.Time(out var at) || !reader.Bytes(NonceSize, out var nonce) || !reader.UInt32(out var count) || count > MaxItems)
            return false;
        var kind = (AccessKind)code;
        if ((kind == AccessKind.Readings) != (epoch == 0) || (kind != AccessKind.Readings && count == 0))
            return false;
        var items = new RecordId[count];
        for (var i = 0; i < items.Length; i++)
            if (!reader.Id(out items[i]))
                return false;
        if (!reader.AtEnd)
            return false;
        var subject = new AccessSubject(kind, owner, grant, partition, epoch == 0 ? null : new EpochNumber(epoch), items);
        statement = new AccessStatement(signed.ToArray(), requester, subject, at, nonce.ToArray());
        return true;
    }
}
