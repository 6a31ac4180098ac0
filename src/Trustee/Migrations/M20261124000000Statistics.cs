using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Salus.Trustee.Migrations;

/// <summary>Rows of shares, what is spent of the budgets of studies, and the questions that it was spent on.</summary>
[DbContext(typeof(TrusteeDatabase))]
[Migration("20261124000000_Statistics")]
internal sealed class M20261124000000Statistics : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "statistics_rows",
            columns: table => new
            {
                study = table.Column<byte[]>("bytea"),
                contribution = table.Column<byte[]>("bytea"),
                commitments = table.Column<byte[]>("bytea"),
                sealed_parcel = table.Column<byte[]>("bytea"),
                state = table.Column<short>("smallint"),
            },
            constraints: table => table.PrimaryKey("statistics_rows_key", row => new { row.study, row.contribution }));

        migrationBuilder.CreateTable(
            name: "statistics_budgets",
            columns: table => new { study = table.Column<byte[]>("bytea"), spent = table.Column<long>("bigint") },
            constraints: table => table.PrimaryKey("statistics_budgets_key", row => row.study));

        migrationBuilder.CreateTable(
            name: "statistics_queries",
            columns: table => new
            {
                study = table.Column<byte[]>("bytea"),
                computation = table.Column<byte[]>("bytea"),
                name = table.Column<byte[]>("bytea"),
                signed = table.Column<byte[]>("bytea"),
                answer = table.Column<byte[]>("bytea", nullable: true),
            },
            constraints: table => table.PrimaryKey("statistics_queries_key", row => new { row.study, row.computation }));
        migrationBuilder.CreateIndex("statistics_queries_name", "statistics_queries", ["study", "name"]);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (var table in (string[])["statistics_queries", "statistics_budgets", "statistics_rows"])
            migrationBuilder.DropTable(table);
    }
}
