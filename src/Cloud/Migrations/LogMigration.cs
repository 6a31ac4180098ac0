using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Salus.Cloud.Data;

namespace Salus.Cloud.Migrations;

/// <summary>The transparency log.</summary>
[DbContext(typeof(CloudDatabase))]
[Migration("20261126200000_Log")]
internal sealed class LogMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE SEQUENCE cloud.log_order;

        CREATE TABLE cloud.log_pending (
            id bigint PRIMARY KEY DEFAULT nextval('cloud.log_order'),
            leaf bytea NOT NULL CHECK (octet_length(leaf) = 32),
            entry bytea NOT NULL);
        CREATE INDEX ON cloud.log_pending (leaf);

        CREATE TABLE cloud.log_entries (
            position bigint PRIMARY KEY,
            leaf bytea NOT NULL CHECK (octet_length(leaf) = 32),
            entry bytea NOT NULL);
        CREATE INDEX ON cloud.log_entries (leaf);

        CREATE TABLE cloud.log_tiles (
            level integer NOT NULL,
            number bigint NOT NULL,
            hashes bytea NOT NULL CHECK (octet_length(hashes) = 8192),
            root bytea NOT NULL CHECK (octet_length(root) = 32),
            PRIMARY KEY (level, number));

        CREATE TABLE cloud.log_published (
            id integer PRIMARY KEY,
            size bigint NOT NULL,
            note bytea NOT NULL);

        ALTER TABLE cloud.usage ADD access_day date NOT NULL DEFAULT '0001-01-01', ADD accesses integer NOT NULL DEFAULT 0;
        ALTER TABLE cloud.usage ALTER access_day DROP DEFAULT, ALTER accesses DROP DEFAULT;
        """);
}
