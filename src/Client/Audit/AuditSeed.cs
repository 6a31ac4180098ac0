using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Protocol;

namespace Salus.Client.Audit;

/// <summary>
/// What decides which leaves are asked for: 32 random bytes of the auditor's, which no cloud and no store could choose or know, the root of a checkpoint that trustees have just cosigned,
/// which the auditor could not choose, and the moment. Who has all of them and the list can draw the same leaves again.
/// </summary>
/// <param name="Own">The auditor's random bytes, 32 of them.</param>
/// <param name="Root">Root of the log, 32 bytes; null when no checkpoint was to be had that is new enough.</param>
/// <param name="TreeSize">The log's size at that checkpoint; null as the root.</param>
/// <param name="Epoch">Seconds since 1970 at the start of the audit.</param>
public sealed record AuditSeed(byte[] Own, byte[]? Root, long? TreeSize, long Epoch)
{
    /// <summary>Without a log. Against stores as good as any other; what it lacks is that the auditor might have chosen it.</summary>
    public static AuditSeed Random(TimeProvider clock) => new(RandomNumberGenerator.GetBytes(Mac.Size), null, null, clock.GetUtcNow().ToUnixTimeSeconds());

    /// <summary>Challenge j at a store that has so many leaves: HMAC(own; label, root, store, epoch, j) mod leaves, of 16 bytes, so that no leaf is favoured.</summary>
    internal long Leaf(VerifyingKey store, long j, long leaves)
    {
        var label = Encoding.ASCII.GetBytes(Domains.AuditChallenge);
        var message = new byte[sizeof(ulong) + label.Length + Mac.Size + VerifyingKey.Size + 2 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(message, (ulong)label.Length);
        label.CopyTo(message, sizeof(ulong));
        var rest = message.AsSpan(sizeof(ulong) + label.Length);
        Root?.CopyTo(rest); // zeros without one
        rest = rest[Mac.Size..];
        store.Bytes.CopyTo(rest);
        BinaryPrimitives.WriteInt64BigEndian(rest[VerifyingKey.Size..], Epoch);
        BinaryPrimitives.WriteInt64BigEndian(rest[(VerifyingKey.Size + sizeof(ulong))..], j);
        Span<byte> mac = stackalloc byte[Mac.Size];
        Mac.HmacSha256(Own, message, mac);
        return (long)(BinaryPrimitives.ReadUInt128BigEndian(mac) % (ulong)leaves);
    }
}
