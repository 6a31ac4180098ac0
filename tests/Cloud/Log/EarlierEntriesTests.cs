using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Catalogue;
using Salus.Cloud.Deposits;
using Salus.Cloud.Grants;
using Salus.Cloud.Migrations;
using Salus.Cloud.Requests;
using Salus.Cloud.Studies;
using Salus.Protocol;
using Salus.Protocol.Log;

namespace Salus.Cloud.Tests.Log;

/// <summary>An installation that is older than its log.</summary>
public class EarlierEntriesTests
{
    [Fact]
    public async Task WhatWasAcceptedBeforeThereWasALogIsEnteredOnce()
    {
        await using var log = await LogCloud.StartAsync();
        using var anna = await Person.RegisterAsync(log.Cloud);
        using var doctor = await Person.RegisterAsync(log.Cloud);
        var logged = await (await Partition.CreateAsync(anna)).AddAsync();
        await log.ProofAsync(LogEntry.Of(LogKind.Roots, logged.Signed));
        var before = (await log.CheckpointAsync()).Size;

        var now = log.Cloud.Time.GetUtcNow();
        var expected = new List<LogEntry>();
        await using var database = log.Cloud.OpenDatabase();
        database.Add(new EpochRow { Owner = anna.Id, Partition = Identifier.Random<PartitionId>(), Epoch = EpochNumber.First, Signed = Signed(LogKind.Epoch) });
        database.Add(new RecordRow
        {
            Id = Identifier.Random<RecordId>(), Owner = anna.Id, Partition = Identifier.Random<PartitionId>(), Epoch = EpochNumber.First, Version = 1, EnteredAt = now,
            Signed = Signed(LogKind.Roots), SealedMetadata = [1],
        });
        database.Add(new DeletionRow { Record = Identifier.Random<RecordId>(), Owner = anna.Id, Signed = Signed(LogKind.Deletion), DeletedAt = now });
        for (var i = 0; i < 2; i++)
        {
            var over = i == 1 ? now : (DateTimeOffset?)null;
            database.Add(new GrantRow
            {
                Id = Identifier.Random<GrantId>(), Owner = anna.Id, Delegatee = doctor.Id, Version = 1, ValidFrom = now, ValidUntil = now.AddDays(1), CreatedAt = now,
                Signed = Signed(LogKind.Grant), Revocation = over is null ? null : Signed(LogKind.Revocation), RevokedAt = over,
            });
            database.Add(new DepositRow
            {
                Id = Identifier.Random<GrantId>(), Owner = anna.Id, Depositor = doctor.Id, ValidFrom = now, ValidUntil = now.AddDays(1), CreatedAt = now,
                Signed = Signed(LogKind.Grant), Revocation = over is null ? null : Signed(LogKind.Revocation), RevokedAt = over,
            });
            database.Add(new StudyRow
            {
                Id = Identifier.Random<StudyId>(), Researcher = doctor.Id, Custodian = doctor.Id, Signed = Signed(LogKind.Study), TokenKeys = [], Ends = now,
                End = over is null ? null : Signed(LogKind.Study),
            });
        }
        foreach (var state in Enum.GetValues<RequestState>())
        {
            var (request, grant) = (Identifier.Random<RequestId>(), state == RequestState.Approved ? Identifier.Random<GrantId>() : (GrantId?)null);
            var row = new RequestRow
            {
                Id = request, Owner = anna.Id, Asker = doctor.Id, Sealed = RandomNumberGenerator.GetBytes(90), CreatedAt = now, ExpiresAt = now.AddDays(1), State = state, Grant = grant,
            };
            database.Add(row);
            if (state != RequestState.Pending)
                expected.Add(grant is { } given ? RequestAnswer.Approved(request.Value, row.Sealed, given) : RequestAnswer.Denied(request.Value, row.Sealed));
        }
        await database.SaveChangesAsync();

        await database.Database.ExecuteSqlRawAsync(EarlierEntries.Sql);
        await database.Database.ExecuteSqlRawAsync(EarlierEntries.Sql); // some wait still
        foreach (var entry in expected)
            await log.ProofAsync(entry);
        await database.Database.ExecuteSqlRawAsync(EarlierEntries.Sql); // all have their places
        Assert.Equal(before + expected.Count, (await log.CheckpointAsync()).Size);
        Assert.Equal(0, await database.LogPending.CountAsync());

        byte[] Signed(LogKind kind)
        {
            var message = RandomNumberGenerator.GetBytes(200);
            expected.Add(LogEntry.Of(kind, message));
            return message;
        }
    }
}
