using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Salus.Trustee.Migrations;

/// <summary>Locks of grants, and the hardening key: what requests by telephone number need.</summary>
[DbContext(typeof(TrusteeDatabase))]
[Migration("20261121000000_Requests")]
internal sealed class M20261121000000Requests : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<byte[]>("lock_verifier", "kfrags", "bytea", nullable: true);
        migrationBuilder.AddColumn<long>("lock_expires", "kfrags", "bigint", nullable: true);

        migrationBuilder.CreateTable(
            name: "locks",
            columns: table => new
            {
                owner = table.Column<byte[]>("bytea"),
                grant_id = table.Column<byte[]>("bytea"),
                delegatee = table.Column<byte[]>("bytea"),
                verifier = table.Column<byte[]>("bytea"),
                expires = table.Column<long>("bigint"),
                tries = table.Column<int>("integer"),
                secret = table.Column<byte[]>("bytea", nullable: true),
            },
            constraints: table => table.PrimaryKey("locks_key", row => new { row.owner, row.grant_id }));
        migrationBuilder.CreateIndex("locks_expires", "locks", "expires");

        migrationBuilder.CreateTable(
            name: "hardening_parts",
            columns: table => new { id = table.Column<short>("smallint"), signed = table.Column<byte[]>("bytea") },
            constraints: table => table.PrimaryKey("hardening_parts_key", row => row.id));

        migrationBuilder.CreateTable(
            name: "hardening_keys",
            columns: table => new { id = table.Column<short>("smallint"), word = table.Column<byte[]>("bytea"), sealed_share = table.Column<byte[]>("bytea") },
            constraints: table => table.PrimaryKey("hardening_keys_key", row => row.id));

        migrationBuilder.CreateTable(
            name: "hardening_turns",
            columns: table => new { account = table.Column<byte[]>("bytea"), hour = table.Column<long>("bigint"), count = table.Column<int>("integer") },
            constraints: table => table.PrimaryKey("hardening_turns_key", row => new { row.account, row.hour }));
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (var table in (string[])["hardening_turns", "hardening_keys", "hardening_parts", "locks"])
            migrationBuilder.DropTable(table);
        migrationBuilder.DropColumn("lock_expires", "kfrags");
        migrationBuilder.DropColumn("lock_verifier", "kfrags");
    }
}
