using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Salus.Cloud.Data;

namespace Salus.Cloud.Migrations;

/// <summary>Contributions count as their researcher's: also those that are here already.</summary>
[DbContext(typeof(CloudDatabase))]
[Migration("20261125000000_StudyUsage")]
internal sealed class StudyUsage : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        UPDATE cloud.usage SET "rows" = "rows" + kept.n, bytes = bytes + kept.size FROM (
            SELECT study.researcher, count(*) AS n, coalesce(sum(octet_length(contribution.copy)), 0) AS size
            FROM cloud.studies study JOIN cloud.contributions contribution ON contribution.study = study.id GROUP BY study.researcher) kept
        WHERE account = kept.researcher;
        """);
}
