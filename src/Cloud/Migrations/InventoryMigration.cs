using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Salus.Cloud.Data;

namespace Salus.Cloud.Migrations;

/// <summary>The signed states of accounts.</summary>
[DbContext(typeof(CloudDatabase))]
[Migration("20261126100000_Inventory")]
internal sealed class InventoryMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE TABLE cloud.inventories (
            account uuid PRIMARY KEY REFERENCES cloud.accounts,
            signed bytea NOT NULL,
            hash bytea NOT NULL);

        CREATE TABLE cloud.inventory_pages (
            account uuid NOT NULL REFERENCES cloud.accounts,
            number integer NOT NULL,
            content bytea NOT NULL,
            hash bytea NOT NULL,
            PRIMARY KEY (account, number));
        """);
}
