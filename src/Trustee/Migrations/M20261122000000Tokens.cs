using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Salus.Trustee.Migrations;

/// <summary>Studies, their tokens, and the withdrawals of contributions.</summary>
[DbContext(typeof(TrusteeDatabase))]
[Migration("20261122000000_Tokens")]
internal sealed class M20261122000000Tokens : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "studies",
            columns: table => new
            {
                study = table.Column<byte[]>("bytea"),
                researcher = table.Column<byte[]>("bytea"),
                signed = table.Column<byte[]>("bytea"),
                ends = table.Column<long>("bigint"),
                end_signed = table.Column<byte[]>("bytea", nullable: true),
            },
            constraints: table => table.PrimaryKey("studies_key", row => row.study));
        migrationBuilder.CreateIndex("studies_researcher", "studies", "researcher");

        migrationBuilder.CreateTable(
            name: "tokens",
            columns: table => new
            {
                study = table.Column<byte[]>("bytea"),
                account = table.Column<byte[]>("bytea"),
                blinded = table.Column<byte[]>("bytea"),
                answer = table.Column<byte[]>("bytea"),
            },
            constraints: table => table.PrimaryKey("tokens_key", row => new { row.study, row.account, row.blinded }));

        migrationBuilder.CreateTable(
            name: "token_counts",
            columns: table => new { study = table.Column<byte[]>("bytea"), account = table.Column<byte[]>("bytea"), count = table.Column<int>("integer") },
            constraints: table => table.PrimaryKey("token_counts_key", row => new { row.study, row.account }));

        migrationBuilder.CreateTable(
            name: "tokens_spent",
            columns: table => new { study = table.Column<byte[]>("bytea"), nonce = table.Column<byte[]>("bytea"), digest = table.Column<byte[]>("bytea") },
            constraints: table => table.PrimaryKey("tokens_spent_key", row => new { row.study, row.nonce }));

        migrationBuilder.CreateTable(
            name: "withdrawals",
            columns: table => new { study = table.Column<byte[]>("bytea"), contribution = table.Column<byte[]>("bytea") },
            constraints: table => table.PrimaryKey("withdrawals_key", row => new { row.study, row.contribution }));
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (var table in (string[])["withdrawals", "tokens_spent", "token_counts", "tokens", "studies"])
            migrationBuilder.DropTable(table);
    }
}
