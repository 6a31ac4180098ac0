using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Salus.Cloud.Data;

namespace Salus.Cloud.Migrations;

/// <summary>Accounts, codes, sessions, epochs, records, grants.</summary>
[DbContext(typeof(CloudDatabase))]
[Migration("20261120100000_Initial")]
internal sealed class Initial : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE TABLE cloud.accounts (
            id uuid PRIMARY KEY,
            mail text NOT NULL,
            identity bytea NOT NULL CHECK (octet_length(identity) = 32),
            card bytea NOT NULL,
            created_at timestamptz NOT NULL);
        CREATE UNIQUE INDEX accounts_mail ON cloud.accounts (mail);

        CREATE TABLE cloud.wrapped_secrets (
            account uuid NOT NULL REFERENCES cloud.accounts ON DELETE CASCADE,
            kind text NOT NULL,
            salt bytea NOT NULL,
            memory_kib integer NOT NULL,
            passes integer NOT NULL,
            ciphertext bytea NOT NULL,
            PRIMARY KEY (account, kind));

        CREATE TABLE cloud.usage (
            account uuid PRIMARY KEY REFERENCES cloud.accounts ON DELETE CASCADE,
            rows bigint NOT NULL,
            bytes bigint NOT NULL,
            upload_day date NOT NULL,
            upload_bytes bigint NOT NULL);

        CREATE TABLE cloud.codes (
            id uuid PRIMARY KEY,
            purpose smallint NOT NULL,
            mail_tag bytea NOT NULL,
            sealed_mail bytea NOT NULL,
            code_mac bytea NOT NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            tries integer NOT NULL,
            used_at timestamptz);
        CREATE INDEX codes_mail_tag ON cloud.codes (mail_tag, created_at);
        CREATE INDEX codes_created_at ON cloud.codes (created_at);

        CREATE TABLE cloud.sessions (
            token_hash bytea PRIMARY KEY,
            account uuid NOT NULL REFERENCES cloud.accounts ON DELETE CASCADE,
            created_at timestamptz NOT NULL,
            last_seen_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL);
        CREATE INDEX sessions_account ON cloud.sessions (account);
        CREATE INDEX sessions_last_seen_at ON cloud.sessions (last_seen_at);

        CREATE TABLE cloud.epochs (
            owner uuid NOT NULL REFERENCES cloud.accounts ON DELETE CASCADE,
            partition uuid NOT NULL,
            epoch bigint NOT NULL CHECK (epoch > 0),
            signed bytea NOT NULL,
            PRIMARY KEY (owner, partition, epoch));

        CREATE SEQUENCE cloud.record_order;
        CREATE TABLE cloud.records (
            id uuid PRIMARY KEY,
            position bigint NOT NULL DEFAULT nextval('cloud.record_order'::regclass),
            owner uuid NOT NULL REFERENCES cloud.accounts ON DELETE CASCADE,
            partition uuid NOT NULL,
            epoch bigint NOT NULL CHECK (epoch > 0),
            version bigint NOT NULL CHECK (version > 0),
            signed bytea NOT NULL,
            sealed_metadata bytea NOT NULL,
            entered_at timestamptz NOT NULL);
        -- Sealed bytes do not compress.
        ALTER TABLE cloud.records ALTER COLUMN signed SET STORAGE EXTERNAL, ALTER COLUMN sealed_metadata SET STORAGE EXTERNAL;
        CREATE UNIQUE INDEX records_owner ON cloud.records (owner, position);
        CREATE INDEX records_partition ON cloud.records (owner, partition, position);

        CREATE TABLE cloud.deletions (
            record uuid PRIMARY KEY,
            owner uuid NOT NULL REFERENCES cloud.accounts ON DELETE CASCADE,
            signed bytea NOT NULL,
            deleted_at timestamptz NOT NULL);
        CREATE INDEX deletions_owner ON cloud.deletions (owner);

        CREATE TABLE cloud.grants (
            id uuid PRIMARY KEY,
            owner uuid NOT NULL REFERENCES cloud.accounts ON DELETE CASCADE,
            delegatee uuid NOT NULL REFERENCES cloud.accounts ON DELETE CASCADE,
            version bigint NOT NULL CHECK (version > 0),
            valid_from timestamptz NOT NULL,
            valid_until timestamptz NOT NULL CHECK (valid_until > valid_from),
            signed bytea NOT NULL,
            created_at timestamptz NOT NULL,
            revocation bytea,
            revoked_at timestamptz,
            CHECK ((revocation IS NULL) = (revoked_at IS NULL)));
        CREATE INDEX grants_delegatee ON cloud.grants (delegatee, owner);
        CREATE INDEX grants_owner ON cloud.grants (owner);

        CREATE TABLE cloud.grant_entries (
            "grant" uuid NOT NULL REFERENCES cloud.grants ON DELETE CASCADE,
            partition uuid NOT NULL,
            epoch bigint NOT NULL CHECK (epoch > 0),
            PRIMARY KEY ("grant", partition, epoch));

        CREATE TABLE cloud.revocation_receipts (
            "grant" uuid NOT NULL REFERENCES cloud.grants ON DELETE CASCADE,
            trustee bytea NOT NULL,
            signed bytea NOT NULL,
            PRIMARY KEY ("grant", trustee));
        """);
}
