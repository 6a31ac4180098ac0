using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Salus.Cloud.Data;
using Salus.Cloud.Requests;
using Salus.Crypto.Primitives;
using Salus.Protocol.Log;

namespace Salus.Cloud.Migrations;

/// <summary>Enters into the log what was accepted before there was one, as it would have been then. What is in it already is not entered again.</summary>
[DbContext(typeof(CloudDatabase))]
[Migration("20261128100000_EarlierEntries")]
internal sealed class EarlierEntries : Migration
{
    /// <summary>An entry is a head of its kind and the digest of the message; a leaf of the tree is hashed behind a zero byte (RFC 9162).</summary>
    internal static string Sql { get; } = $"""
        WITH stored (head, message) AS (
            SELECT {Head(LogKind.Epoch)}, signed FROM cloud.epochs
            UNION ALL SELECT {Head(LogKind.Grant)}, signed FROM cloud.grants
            UNION ALL SELECT {Head(LogKind.Grant)}, signed FROM cloud.deposits
            UNION ALL SELECT {Head(LogKind.Revocation)}, revocation FROM cloud.grants WHERE revocation IS NOT NULL
            UNION ALL SELECT {Head(LogKind.Revocation)}, revocation FROM cloud.deposits WHERE revocation IS NOT NULL
            UNION ALL SELECT {Head(LogKind.Approval)}, convert_to(E'salus answer 1\n', 'UTF8') || uuid_send(id) || '\x01' || uuid_send("grant") || sha256(sealed)
                FROM cloud.access_requests WHERE state = {(short)RequestState.Approved} AND "grant" IS NOT NULL
            UNION ALL SELECT {Head(LogKind.Approval)}, convert_to(E'salus answer 1\n', 'UTF8') || uuid_send(id) || '\x00' || sha256(sealed)
                FROM cloud.access_requests WHERE state = {(short)RequestState.Denied}
            UNION ALL SELECT {Head(LogKind.Roots)}, signed FROM cloud.records
            UNION ALL SELECT {Head(LogKind.Deletion)}, signed FROM cloud.deletions
            UNION ALL SELECT {Head(LogKind.Study)}, signed FROM cloud.studies
            UNION ALL SELECT {Head(LogKind.Study)}, "end" FROM cloud.studies WHERE "end" IS NOT NULL),
        made (leaf, entry) AS (SELECT sha256('\x00' || head || sha256(message)), head || sha256(message) FROM stored)
        INSERT INTO cloud.log_pending (leaf, entry)
        SELECT leaf, entry FROM made
        WHERE NOT EXISTS (SELECT FROM cloud.log_entries logged WHERE logged.leaf = made.leaf) AND NOT EXISTS (SELECT FROM cloud.log_pending waits WHERE waits.leaf = made.leaf)
        ORDER BY leaf
        """;

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Sql);

    private static string Head(LogKind kind) => $@"'\x{Convert.ToHexString(LogEntry.Of(kind, []).Bytes.Span[..^Sha256.Size])}'::bytea";
}
