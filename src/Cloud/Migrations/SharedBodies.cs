using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Salus.Cloud.Data;

namespace Salus.Cloud.Migrations;

/// <summary>Bodies that records of one domain share.</summary>
[DbContext(typeof(CloudDatabase))]
[Migration("20261126120000_SharedBodies")]
internal sealed class SharedBodies : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE TABLE cloud.bodies (
            id uuid PRIMARY KEY,
            domain uuid NOT NULL REFERENCES cloud.accounts ON DELETE CASCADE,
            tag bytea NOT NULL CHECK (octet_length(tag) = 32),
            sealed bytea NOT NULL,
            facts bytea CHECK (octet_length(facts) = 32),
            unused_since timestamptz);
        CREATE UNIQUE INDEX bodies_domain_tag ON cloud.bodies (domain, tag) WHERE unused_since IS NULL;
        CREATE INDEX bodies_domain_unused_since ON cloud.bodies (domain, unused_since);

        CREATE TABLE cloud.body_claims (
            record uuid PRIMARY KEY,
            body uuid NOT NULL REFERENCES cloud.bodies ON DELETE CASCADE,
            domain uuid NOT NULL REFERENCES cloud.accounts ON DELETE CASCADE,
            number uuid NOT NULL,
            expires_at timestamptz NOT NULL);
        CREATE INDEX body_claims_body ON cloud.body_claims (body);
        CREATE INDEX body_claims_domain ON cloud.body_claims (domain);
        CREATE INDEX body_claims_expires_at ON cloud.body_claims (expires_at);

        ALTER TABLE cloud.records ADD COLUMN body uuid REFERENCES cloud.bodies;
        CREATE INDEX records_body ON cloud.records (body);
        ALTER TABLE cloud.deletions ADD COLUMN body uuid REFERENCES cloud.bodies ON DELETE SET NULL;
        CREATE INDEX deletions_body ON cloud.deletions (body);
        """);
}
