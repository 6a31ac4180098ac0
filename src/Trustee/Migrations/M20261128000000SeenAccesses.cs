using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Salus.Trustee.Migrations;

/// <summary>
/// The accesses in the log as this trustee has followed it. The older journal, a row for each record, goes: what was answered is told by the statements of accesses.
/// </summary>
[DbContext(typeof(TrusteeDatabase))]
[Migration("20261128000000_SeenAccesses")]
internal sealed class M20261128000000SeenAccesses : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "seen_accesses",
            columns: table => new
            {
                log_index = table.Column<long>("bigint"),
                leaf = table.Column<byte[]>("bytea"),
                keep_until = table.Column<long>("bigint"),
            },
            constraints: table => table.PrimaryKey("seen_accesses_key", row => row.log_index));
        migrationBuilder.CreateIndex("seen_accesses_keep_until", "seen_accesses", "keep_until");
        migrationBuilder.DropTable("journal");
    }

    protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("What the older journal had is gone.");
}
