using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Salus.Trustee.Migrations;

/// <summary>Withdrawals as their keys signed them, for the custodian to hold against what the cloud says.</summary>
[DbContext(typeof(TrusteeDatabase))]
[Migration("20261125120000_Withdrawals")]
internal sealed class M20261125120000Withdrawals : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.AddColumn<byte[]>("signed", "withdrawals", "bytea", nullable: true);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropColumn("signed", "withdrawals");
}
