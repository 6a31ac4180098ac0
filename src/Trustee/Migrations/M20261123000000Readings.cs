using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Salus.Trustee.Migrations;

/// <summary>Series of readings, their feeds and batches, what was deleted of them, and how much each account keeps.</summary>
[DbContext(typeof(TrusteeDatabase))]
[Migration("20261123000000_Readings")]
internal sealed class M20261123000000Readings : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "series",
            columns: table => new
            {
                owner = table.Column<byte[]>("bytea"),
                series = table.Column<byte[]>("bytea"),
                epoch = table.Column<long>("bigint"),
                partition = table.Column<byte[]>("bytea"),
                signed = table.Column<byte[]>("bytea"),
            },
            constraints: table => table.PrimaryKey("series_key", row => new { row.owner, row.series, row.epoch }));

        migrationBuilder.CreateTable(
            name: "feeds",
            columns: table => new
            {
                owner = table.Column<byte[]>("bytea"),
                series = table.Column<byte[]>("bytea"),
                feed = table.Column<byte[]>("bytea"),
                next = table.Column<long>("bigint"),
                hash = table.Column<byte[]>("bytea"),
                epoch = table.Column<long>("bigint"),
                last_time = table.Column<long>("bigint"),
            },
            constraints: table => table.PrimaryKey("feeds_key", row => new { row.owner, row.series, row.feed }));

        migrationBuilder.CreateTable(
            name: "batches",
            columns: table => new
            {
                owner = table.Column<byte[]>("bytea"),
                series = table.Column<byte[]>("bytea"),
                feed = table.Column<byte[]>("bytea"),
                sequence = table.Column<long>("bigint"),
                epoch = table.Column<long>("bigint"),
                first_time = table.Column<long>("bigint"),
                last_time = table.Column<long>("bigint"),
                count = table.Column<int>("integer"),
                signed = table.Column<byte[]>("bytea"),
                sealed_shares = table.Column<byte[]>("bytea", nullable: true),
                deletion = table.Column<long>("bigint", nullable: true),
            },
            constraints: table => table.PrimaryKey("batches_key", row => new { row.owner, row.series, row.feed, row.sequence }));
        migrationBuilder.CreateIndex("batches_last", "batches", ["owner", "series", "feed", "last_time", "sequence"]);

        migrationBuilder.CreateTable(
            name: "reading_deletions",
            columns: table => new
            {
                id = table.Column<long>("bigint").Annotation("Npgsql:ValueGenerationStrategy", Npgsql.EntityFrameworkCore.PostgreSQL.Metadata.NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                owner = table.Column<byte[]>("bytea"),
                series = table.Column<byte[]>("bytea"),
                is_whole = table.Column<bool>("boolean"),
                signed = table.Column<byte[]>("bytea"),
            },
            constraints: table => table.PrimaryKey("reading_deletions_key", row => row.id));
        migrationBuilder.CreateIndex("reading_deletions_series", "reading_deletions", ["owner", "series"]);

        migrationBuilder.CreateTable(
            name: "reading_use",
            columns: table => new { owner = table.Column<byte[]>("bytea"), readings = table.Column<long>("bigint") },
            constraints: table => table.PrimaryKey("reading_use_key", row => row.owner));
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (var table in (string[])["reading_use", "reading_deletions", "batches", "feeds", "series"])
            migrationBuilder.DropTable(table);
    }
}
