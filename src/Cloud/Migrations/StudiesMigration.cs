using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Salus.Cloud.Data;

namespace Salus.Cloud.Migrations;

/// <summary>Studies and their contributions. A contribution has no account and no time.</summary>
[DbContext(typeof(CloudDatabase))]
[Migration("20261122000000_Studies")]
internal sealed class StudiesMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE TABLE cloud.studies (
            id uuid PRIMARY KEY,
            researcher uuid NOT NULL REFERENCES cloud.accounts,
            custodian uuid NOT NULL,
            signed bytea NOT NULL,
            token_keys bytea[] NOT NULL,
            ends timestamptz NOT NULL,
            "end" bytea);
        CREATE INDEX studies_researcher ON cloud.studies (researcher);
        CREATE INDEX studies_ends ON cloud.studies (ends);

        CREATE TABLE cloud.contributions (
            study uuid NOT NULL REFERENCES cloud.studies,
            id uuid NOT NULL,
            header bytea,
            receipts bytea[],
            copy bytea,
            withdrawal bytea,
            has_been boolean NOT NULL,
            PRIMARY KEY (study, id));
        """);
}
