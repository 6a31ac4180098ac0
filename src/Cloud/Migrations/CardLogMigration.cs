using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Salus.Cloud.Data;

namespace Salus.Cloud.Migrations;

/// <summary>Whose cards are in the log: of the accounts that are here already none is, until they are entered.</summary>
[DbContext(typeof(CloudDatabase))]
[Migration("20261127100000_CardLog")]
internal sealed class CardLogMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        ALTER TABLE cloud.accounts ADD COLUMN is_card_logged boolean NOT NULL DEFAULT false;
        ALTER TABLE cloud.accounts ALTER COLUMN is_card_logged DROP DEFAULT;
        CREATE INDEX accounts_unlogged ON cloud.accounts (is_card_logged);
        """);
}
