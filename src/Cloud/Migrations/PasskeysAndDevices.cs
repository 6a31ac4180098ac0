using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Salus.Cloud.Data;

namespace Salus.Cloud.Migrations;

/// <summary>Passkeys, their challenges, and the names of sessions.</summary>
[DbContext(typeof(CloudDatabase))]
[Migration("20261121160000_PasskeysAndDevices")]
internal sealed class PasskeysAndDevices : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        ALTER TABLE cloud.sessions ADD COLUMN name text;

        CREATE TABLE cloud.passkeys (
            credential_id bytea PRIMARY KEY CHECK (octet_length(credential_id) BETWEEN 1 AND 1023),
            account uuid NOT NULL REFERENCES cloud.accounts ON DELETE CASCADE,
            name text NOT NULL,
            public_key bytea NOT NULL,
            sign_count bigint NOT NULL,
            is_backup_eligible boolean NOT NULL,
            is_backed_up boolean NOT NULL,
            created_at timestamptz NOT NULL,
            last_used_at timestamptz);
        CREATE INDEX passkeys_account ON cloud.passkeys (account);

        CREATE TABLE cloud.passkey_challenges (
            id uuid PRIMARY KEY,
            purpose smallint NOT NULL,
            account uuid REFERENCES cloud.accounts ON DELETE CASCADE,
            state text NOT NULL,
            expires_at timestamptz NOT NULL);
        CREATE INDEX passkey_challenges_account ON cloud.passkey_challenges (account);
        CREATE INDEX passkey_challenges_expires_at ON cloud.passkey_challenges (expires_at);
        """);
}
