using System.Buffers.Binary;
using Npgsql;
using NpgsqlTypes;
using Salus.Protocol;

namespace Salus.Cloud.Index;

/// <summary>The way of blocks into their table and out of it, at the speed of the database: millions of them come and thousands are asked for at once.</summary>
internal static class BlockCopy
{
    public const int AddressSize = 16;

    public const int ValueSize = 256;

    /// <summary>Bytes of a block on its way: address and value.</summary>
    public const int RowSize = AddressSize + ValueSize;

    /// <summary>Fields u16 | 4, segment | 16, address | 256, value: a row of PostgreSQL's binary COPY (its manual, "COPY", File Formats).</summary>
    private const int CopyRowSize = 2 + (4 + 4) + (4 + AddressSize) + (4 + ValueSize);

    /// <summary>Signature, flags 0, no extension.</summary>
    private static readonly byte[] CopyHeader = [.. "PGCOPY\n"u8, 0xff, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Enters blocks in the connection's transaction.</summary>
    /// <param name="rows">Whole rows of <see cref="RowSize"/>.</param>
    /// <exception cref="PostgresException">Unique violation: the segment has an address already.</exception>
    public static async Task EnterAsync(NpgsqlConnection connection, int segment, ReadOnlyMemory<byte> rows, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync("COPY cloud.index_blocks (segment, address, value) FROM STDIN (FORMAT BINARY)", cancellation);
        await copy.WriteAsync(Encode(segment, rows.Span), cancellation);
    }

    /// <summary>Fetches blocks by the numbers of their segments and their addresses: one statement, an index scan for each.</summary>
    /// <returns>For each address 1 and the value, or 0, in order.</returns>
    public static async Task<byte[]> FetchAsync(NpgsqlConnection connection, int[] segments, Guid[] addresses, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            SELECT asked.at::int, (SELECT value FROM cloud.index_blocks AS block WHERE block.segment = asked.segment AND block.address = asked.address)
            FROM unnest($1, $2) WITH ORDINALITY AS asked (segment, address, at)
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = segments, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = addresses, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        var values = new byte[addresses.Length][];
        var found = 0;
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
            while (await reader.ReadAsync(cancellation))
                if (!reader.IsDBNull(1))
                {
                    values[reader.GetInt32(0) - 1] = reader.GetFieldValue<byte[]>(1);
                    found++;
                }
        var answer = new byte[addresses.Length + (found * ValueSize)];
        var at = 0;
        foreach (var value in values)
        {
            answer[at++] = value is null ? (byte)0 : (byte)1;
            value?.CopyTo(answer, at);
            at += value?.Length ?? 0;
        }
        return answer;
    }

    private static byte[] Encode(int segment, ReadOnlySpan<byte> rows)
    {
        var count = rows.Length / RowSize;
        var encoded = GC.AllocateUninitializedArray<byte>(CopyHeader.Length + (count * CopyRowSize) + 2);
        CopyHeader.CopyTo(encoded, 0);
        var output = encoded.AsSpan(CopyHeader.Length);
        for (; !rows.IsEmpty; rows = rows[RowSize..], output = output[CopyRowSize..])
        {
            BinaryPrimitives.WriteInt16BigEndian(output, 3);
            BinaryPrimitives.WriteInt32BigEndian(output[2..], 4);
            BinaryPrimitives.WriteInt32BigEndian(output[6..], segment);
            BinaryPrimitives.WriteInt32BigEndian(output[10..], AddressSize);
            rows[..AddressSize].CopyTo(output[14..]);
            BinaryPrimitives.WriteInt32BigEndian(output[30..], ValueSize);
            rows[AddressSize..RowSize].CopyTo(output[34..]);
        }
        BinaryPrimitives.WriteInt16BigEndian(output, -1); // the end
        return encoded;
    }
}
