using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Salus.Trustee.Migrations;

/// <summary>The log as far as it was followed, its entries that have a tag, and the accesses that were answered.</summary>
[DbContext(typeof(TrusteeDatabase))]
[Migration("20261126000000_Witness")]
internal sealed class M20261126000000Witness : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "followed",
            columns: table => new
            {
                id = table.Column<short>("smallint"),
                size = table.Column<long>("bigint"),
                frontier = table.Column<byte[]>("bytea"),
                root = table.Column<byte[]>("bytea"),
                note = table.Column<byte[]>("bytea"),
            },
            constraints: table => table.PrimaryKey("followed_key", row => row.id));
        migrationBuilder.CreateTable(
            name: "tagged",
            columns: table => new
            {
                log_index = table.Column<long>("bigint"),
                kind = table.Column<short>("smallint"),
                tag = table.Column<byte[]>("bytea"),
                version = table.Column<long>("bigint"),
                digest = table.Column<byte[]>("bytea"),
            },
            constraints: table => table.PrimaryKey("tagged_key", row => row.log_index));
        migrationBuilder.CreateIndex("tagged_newest", "tagged", ["kind", "tag", "version", "log_index"]);
        migrationBuilder.CreateTable(
            name: "accesses",
            columns: table => new
            {
                log_index = table.Column<long>("bigint"),
                owner = table.Column<byte[]>("bytea"),
                at_time = table.Column<long>("bigint"),
                leaf = table.Column<byte[]>("bytea"),
                statement = table.Column<byte[]>("bytea"),
            },
            constraints: table => table.PrimaryKey("accesses_key", row => row.log_index));
        migrationBuilder.CreateIndex("accesses_owner", "accesses", ["owner", "log_index"]);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (var table in (string[])["accesses", "tagged", "followed"])
            migrationBuilder.DropTable(table);
    }
}
