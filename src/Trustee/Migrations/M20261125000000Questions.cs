using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Salus.Trustee.Migrations;

/// <summary>One computation has the name of a question. Of several answers to one, all three trustees keep the same.</summary>
[DbContext(typeof(TrusteeDatabase))]
[Migration("20261125000000_Questions")]
internal sealed class M20261125000000Questions : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<bool>(name: "is_given_up", table: "statistics_queries", type: "boolean", nullable: false, defaultValue: false);
        migrationBuilder.Sql(
            """
            UPDATE statistics_queries AS given SET is_given_up = true
            WHERE answer IS NULL OR EXISTS (SELECT FROM statistics_queries AS kept
                WHERE kept.study = given.study AND kept.name = given.name AND kept.answer IS NOT NULL AND kept.computation < given.computation)
            """);
        migrationBuilder.Sql("ALTER TABLE statistics_queries ALTER COLUMN is_given_up DROP DEFAULT");
        migrationBuilder.DropIndex("statistics_queries_name", "statistics_queries");
        migrationBuilder.CreateIndex("statistics_queries_name", "statistics_queries", ["study", "name"], unique: true, filter: "NOT is_given_up");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropIndex("statistics_queries_name", "statistics_queries");
        migrationBuilder.CreateIndex("statistics_queries_name", "statistics_queries", ["study", "name"]);
        migrationBuilder.DropColumn("is_given_up", "statistics_queries");
    }
}
