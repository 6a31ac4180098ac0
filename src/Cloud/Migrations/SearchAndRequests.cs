using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Salus.Cloud.Data;

namespace Salus.Cloud.Migrations;

/// <summary>The search index, deposit grants, the directory, requests for access.</summary>
[DbContext(typeof(CloudDatabase))]
[Migration("20261121120000_SearchAndRequests")]
internal sealed class SearchAndRequests : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        ALTER TABLE cloud.usage ADD COLUMN index_bytes bigint NOT NULL DEFAULT 0;
        ALTER TABLE cloud.usage ALTER COLUMN index_bytes DROP DEFAULT;

        CREATE TABLE cloud.deposits (
            id uuid PRIMARY KEY,
            owner uuid NOT NULL REFERENCES cloud.accounts ON DELETE CASCADE,
            depositor uuid NOT NULL REFERENCES cloud.accounts ON DELETE CASCADE,
            valid_from timestamptz NOT NULL,
            valid_until timestamptz NOT NULL CHECK (valid_until > valid_from),
            signed bytea NOT NULL,
            created_at timestamptz NOT NULL,
            revocation bytea,
            revoked_at timestamptz,
            CHECK ((revocation IS NULL) = (revoked_at IS NULL)));
        CREATE INDEX deposits_depositor ON cloud.deposits (depositor, owner);
        CREATE INDEX deposits_owner ON cloud.deposits (owner);

        CREATE TABLE cloud.deposit_partitions (
            deposit uuid NOT NULL REFERENCES cloud.deposits ON DELETE CASCADE,
            partition uuid NOT NULL,
            PRIMARY KEY (deposit, partition));

        CREATE TABLE cloud.directory (
            account uuid PRIMARY KEY REFERENCES cloud.accounts ON DELETE CASCADE,
            tag bytea NOT NULL CHECK (octet_length(tag) = 32),
            sealed_own bytea NOT NULL);
        CREATE UNIQUE INDEX directory_tag ON cloud.directory (tag);

        CREATE TABLE cloud.directory_finds (
            account uuid NOT NULL REFERENCES cloud.accounts ON DELETE CASCADE,
            tag bytea NOT NULL CHECK (octet_length(tag) = 32),
            sealed bytea NOT NULL,
            PRIMARY KEY (account, tag));

        CREATE TABLE cloud.access_requests (
            id uuid PRIMARY KEY,
            owner uuid NOT NULL REFERENCES cloud.accounts ON DELETE CASCADE,
            asker uuid NOT NULL REFERENCES cloud.accounts ON DELETE CASCADE,
            sealed bytea NOT NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            state smallint NOT NULL,
            "grant" uuid);
        CREATE INDEX access_requests_owner ON cloud.access_requests (owner, created_at);
        CREATE INDEX access_requests_asker ON cloud.access_requests (asker, created_at);
        CREATE INDEX access_requests_expires_at ON cloud.access_requests (expires_at);

        CREATE TABLE cloud.request_tries (
            account uuid PRIMARY KEY REFERENCES cloud.accounts ON DELETE CASCADE,
            day date NOT NULL,
            tries integer NOT NULL);

        CREATE SEQUENCE cloud.segment_number AS integer;
        CREATE TABLE cloud.index_segments (
            id uuid PRIMARY KEY,
            number integer NOT NULL DEFAULT nextval('cloud.segment_number'::regclass),
            owner uuid NOT NULL REFERENCES cloud.accounts ON DELETE CASCADE,
            partition uuid NOT NULL,
            source uuid NOT NULL REFERENCES cloud.accounts ON DELETE CASCADE,
            state smallint NOT NULL,
            epoch bigint CHECK (epoch > 0),
            sequence bigint CHECK (sequence > 0),
            dictionary_length bigint NOT NULL,
            dictionary_hash bytea,
            blocks integer NOT NULL,
            created_at timestamptz NOT NULL,
            CHECK (state <> 1 OR (epoch IS NOT NULL AND sequence IS NOT NULL AND dictionary_hash IS NOT NULL)));
        CREATE UNIQUE INDEX index_segments_number ON cloud.index_segments (number);
        CREATE INDEX index_segments_partition ON cloud.index_segments (owner, partition);
        CREATE INDEX index_segments_source ON cloud.index_segments (source, state);
        CREATE INDEX index_segments_created_at ON cloud.index_segments (state, created_at);

        CREATE TABLE cloud.index_dictionaries (
            segment integer NOT NULL,
            piece integer NOT NULL,
            bytes bytea NOT NULL,
            PRIMARY KEY (segment, piece));

        CREATE TABLE cloud.index_blocks (
            segment integer NOT NULL,
            address uuid NOT NULL,
            value bytea NOT NULL CHECK (octet_length(value) = 256),
            PRIMARY KEY (segment, address));
        -- Sealed bytes do not compress.
        ALTER TABLE cloud.index_dictionaries ALTER COLUMN bytes SET STORAGE EXTERNAL;
        ALTER TABLE cloud.index_blocks ALTER COLUMN value SET STORAGE PLAIN;
        ALTER TABLE cloud.directory_finds ALTER COLUMN sealed SET STORAGE EXTERNAL;

        CREATE SEQUENCE cloud.index_order;
        CREATE TABLE cloud.index_updates (
            owner uuid NOT NULL REFERENCES cloud.accounts ON DELETE CASCADE,
            partition uuid NOT NULL,
            source uuid NOT NULL REFERENCES cloud.accounts ON DELETE CASCADE,
            sequence bigint NOT NULL CHECK (sequence > 0),
            position bigint NOT NULL DEFAULT nextval('cloud.index_order'::regclass),
            signed bytea NOT NULL,
            hash bytea NOT NULL,
            is_base boolean NOT NULL,
            is_replaced boolean NOT NULL,
            PRIMARY KEY (owner, partition, source, sequence));
        ALTER TABLE cloud.index_updates ALTER COLUMN signed SET STORAGE EXTERNAL;
        CREATE UNIQUE INDEX index_updates_owner ON cloud.index_updates (owner, position);
        CREATE INDEX index_updates_source ON cloud.index_updates (source);
        """);
}
