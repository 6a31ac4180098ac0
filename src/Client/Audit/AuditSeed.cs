using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Protocol;

namespace Salus.Client.Audit;

/// <summary>
/// What decides which leaves are asked for: the root of a checkpoint that the trustees have cosigned, which neither the auditor nor a store could choose, and the moment. Who has both
/// and the list can draw the same leaves again.
/// </summary>
/// <param name="Root">Root of the log, 32 bytes; of a seed without a log, random.</param>
/// <param name="TreeSize">The log's size at that checkpoint; null when there was none to be had and the auditor's own randomness stands in.</param>
/// <param name="Epoch">Seconds since 1970 at the start of the audit.</param>
public sealed record AuditSeed(byte[] Root, long? TreeSize, long Epoch)
{
    /// <summary>Against stores as good as any other; what it lacks is that the auditor might have chosen it.</summary>
    public static AuditSeed Random(TimeProvider clock) => new(RandomNumberGenerator.GetBytes(Mac.Size), null, clock.GetUtcNow().ToUnixTimeSeconds());

    /// <summary>Challenge j at a store that has so many leaves: HMAC(root; label, store, epoch, j) mod leaves, of 16 bytes, so that no leaf is favoured.</summary>
    internal long Leaf(VerifyingKey store, long j, long leaves)
    {
        var label = Encoding.ASCII.GetBytes(Domains.AuditChallenge);
        var message = new byte[sizeof(ulong) + label.Length + VerifyingKey.Size + 2 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(message, (ulong)label.Length);
        label.CopyTo(message, sizeof(ulong));
        var rest = message.AsSpan(sizeof(ulong) + label.Length);
        store.Bytes.CopyTo(rest);
        BinaryPrimitives.WriteInt64BigEndian(rest[VerifyingKey.Size..], Epoch);
        BinaryPrimitives.WriteInt64BigEndian(rest[(VerifyingKey.Size + sizeof(ulong))..], j);
        Span<byte> mac = stackalloc byte[Mac.Size];
        Mac.HmacSha256(Root, message, mac);
        return (long)(BinaryPrimitives.ReadUInt128BigEndian(mac) % (ulong)leaves);
    }
}
