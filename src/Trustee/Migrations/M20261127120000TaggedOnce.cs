using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Salus.Trustee.Migrations;

/// <summary>Of an entry that the log has several times only the first place is kept.</summary>
[DbContext(typeof(TrusteeDatabase))]
[Migration("20261127120000_TaggedOnce")]
internal sealed class M20261127120000TaggedOnce : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("""
            DELETE FROM tagged later USING tagged first
            WHERE later.kind = first.kind AND later.tag = first.tag AND later.version = first.version AND later.digest = first.digest AND later.log_index > first.log_index
            """);
        migrationBuilder.CreateIndex("tagged_once", "tagged", ["kind", "tag", "version", "digest"], unique: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropIndex("tagged_once", table: "tagged");
}
