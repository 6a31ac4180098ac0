using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace Salus.Trustee.Migrations;

[DbContext(typeof(TrusteeDatabase))]
[Migration("20260101000000_Reencryption")]
internal sealed class M20260101000000Reencryption : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "kfrags",
            columns: table => new
            {
                owner = table.Column<byte[]>("bytea"),
                grant_id = table.Column<byte[]>("bytea"),
                partition = table.Column<byte[]>("bytea"),
                epoch = table.Column<long>("bigint"),
                owner_key = table.Column<byte[]>("bytea"),
                from_time = table.Column<long>("bigint"),
                until_time = table.Column<long>("bigint"),
                purpose = table.Column<short>("smallint"),
                delegatee = table.Column<byte[]>("bytea"),
                receiving = table.Column<byte[]>("bytea"),
                delegating_key = table.Column<byte[]>("bytea"),
                share = table.Column<byte[]>("bytea"),
                sealed_rk = table.Column<byte[]>("bytea"),
            },
            constraints: table => table.PrimaryKey("kfrags_key", row => new { row.owner, row.grant_id, row.partition, row.epoch }));
        migrationBuilder.CreateIndex("kfrags_until", "kfrags", "until_time");

        migrationBuilder.CreateTable(
            name: "tombstones",
            columns: table => new
            {
                owner = table.Column<byte[]>("bytea"),
                grant_id = table.Column<byte[]>("bytea"),
                at_time = table.Column<long>("bigint"),
                keys_deleted = table.Column<int>("integer"),
                revocation = table.Column<byte[]>("bytea"),
            },
            constraints: table => table.PrimaryKey("tombstones_key", row => new { row.owner, row.grant_id }));

        migrationBuilder.CreateTable(
            name: "nonces",
            columns: table => new
            {
                requester = table.Column<byte[]>("bytea"),
                nonce = table.Column<byte[]>("bytea"),
                keep_until = table.Column<long>("bigint"),
            },
            constraints: table => table.PrimaryKey("nonces_key", row => new { row.requester, row.nonce }));
        migrationBuilder.CreateIndex("nonces_keep_until", "nonces", "keep_until");

        migrationBuilder.CreateTable(
            name: "journal",
            columns: table => new
            {
                id = table.Column<long>("bigint").Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                at_time = table.Column<long>("bigint"),
                requester = table.Column<byte[]>("bytea"),
                owner = table.Column<byte[]>("bytea"),
                grant_id = table.Column<byte[]>("bytea"),
                partition = table.Column<byte[]>("bytea"),
                epoch = table.Column<long>("bigint"),
                record = table.Column<byte[]>("bytea"),
            },
            constraints: table => table.PrimaryKey("journal_key", row => row.id));
        migrationBuilder.CreateIndex("journal_grant", "journal", ["owner", "grant_id"]);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (var table in (string[])["journal", "nonces", "tombstones", "kfrags"])
            migrationBuilder.DropTable(table);
    }
}
