using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Salus.Protocol;

namespace Salus.Cloud.Data;

/// <summary>Identifiers are `uuid` columns: 16 bytes, in the order in which they are written.</summary>
internal sealed class IdentifierConverter<T>() : ValueConverter<T, Guid>(id => Write(id), column => Read(column)) where T : struct, IIdentifier<T>
{
    private static Guid Write(T id) => new(id.ToBytes(), bigEndian: true);

    private static T Read(Guid column)
    {
        Span<byte> bytes = stackalloc byte[Identifier.Size];
        _ = column.TryWriteBytes(bytes, bigEndian: true, out _);
        return Identifier.Read<T>(bytes);
    }
}

/// <summary>Epochs are `bigint` columns, for PostgreSQL has no unsigned 32-bit integers.</summary>
internal sealed class EpochConverter() : ValueConverter<EpochNumber, long>(epoch => epoch.Value, column => new EpochNumber((uint)column));

/// <summary>Public keys are `bytea` columns.</summary>
internal sealed class VerifyingKeyConverter() : ValueConverter<VerifyingKey, byte[]>(key => Write(key), column => Read(column))
{
    private static byte[] Write(VerifyingKey key) => key.Bytes.ToArray();

    private static VerifyingKey Read(byte[] column) =>
        VerifyingKey.TryParse(column, out var key) ? key : throw new InvalidDataException("A stored public key has the wrong length.");
}
