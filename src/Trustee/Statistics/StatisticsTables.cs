using Microsoft.EntityFrameworkCore;
using Salus.Protocol;
using Salus.Protocol.Statistics;

namespace Salus.Trustee.Statistics;

/// <summary>What the validity check has found of a row.</summary>
internal enum RowState : short
{
    /// <summary>Not checked yet.</summary>
    New = 0,

    /// <summary>Counts.</summary>
    Valid = 1,

    /// <summary>Does not count, for good.</summary>
    Invalid = 2,
}

/// <summary>This trustee's shares of a contribution's row.</summary>
internal sealed class ShareRow
{
    public StudyId Study { get; init; }
    public ContributionId Contribution { get; init; }
    /// <summary>To the three vectors: what the trustees agree on their rows by.</summary>
    public required byte[] Commitments { get; init; }
    /// <summary>See <see cref="RowKey"/>.</summary>
    public required byte[] SealedParcel { get; init; }
    public RowState State { get; set; }
}

/// <summary>What is spent of a study's budget, in millionths of rho. It never goes down.</summary>
internal sealed class BudgetRow
{
    public StudyId Study { get; init; }
    public long Spent { get; init; }
}

/// <summary>A computation that this trustee has taken part in: the researcher's signed query, and the answer once there was one.</summary>
internal sealed class QueryRow
{
    public StudyId Study { get; init; }
    public required byte[] Computation { get; init; }
    /// <summary>Of the question at its price: the same question again has the same answer.</summary>
    public required byte[] Name { get; init; }
    public required byte[] Signed { get; init; }
    public byte[]? Answer { get; init; }
    /// <summary>Came to an end without an answer: the same question was begun again.</summary>
    public bool IsGivenUp { get; init; }
}

/// <summary>The tables of statistics, and the statements that LINQ does not say.</summary>
internal static class StatisticsTables
{
    /// <summary>How long rows outlive their study: a clock that was wrong for a while deletes nothing.</summary>
    private static readonly TimeSpan Keeping = TimeSpan.FromDays(30);

    public static void Map(ModelBuilder model)
    {
        model.Entity<ShareRow>(share =>
        {
            share.ToTable("statistics_rows").HasKey(row => new { row.Study, row.Contribution }).HasName("statistics_rows_key");
            share.Property(row => row.Study).HasColumnName("study");
            share.Property(row => row.Contribution).HasColumnName("contribution");
            share.Property(row => row.Commitments).HasColumnName("commitments");
            share.Property(row => row.SealedParcel).HasColumnName("sealed_parcel");
            share.Property(row => row.State).HasColumnName("state");
        });
        model.Entity<BudgetRow>(budget =>
        {
            budget.ToTable("statistics_budgets").HasKey(row => row.Study).HasName("statistics_budgets_key");
            budget.Property(row => row.Study).HasColumnName("study");
            budget.Property(row => row.Spent).HasColumnName("spent");
        });
        model.Entity<QueryRow>(query =>
        {
            query.ToTable("statistics_queries").HasKey(row => new { row.Study, row.Computation }).HasName("statistics_queries_key");
            query.Property(row => row.Study).HasColumnName("study");
            query.Property(row => row.Computation).HasColumnName("computation");
            query.Property(row => row.Name).HasColumnName("name");
            query.Property(row => row.Signed).HasColumnName("signed");
            query.Property(row => row.Answer).HasColumnName("answer");
            query.Property(row => row.IsGivenUp).HasColumnName("is_given_up");
            query.HasIndex(row => new { row.Study, row.Name }).IsUnique().HasFilter("NOT is_given_up").HasDatabaseName("statistics_queries_name");
        });
    }

    /// <summary>Keeps a row unless the contribution has one; the one that is kept.</summary>
    public static async Task<byte[]> KeepAsync(this TrusteeDatabase database, ShareRow row, CancellationToken cancel)
    {
        await database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO statistics_rows (study, contribution, commitments, sealed_parcel, state)
            VALUES ({row.Study.ToBytes()}, {row.Contribution.ToBytes()}, {row.Commitments}, {row.SealedParcel}, {(short)row.State}) ON CONFLICT DO NOTHING
            """, cancel);
        return await database.ShareRows.Where(kept => kept.Study == row.Study && kept.Contribution == row.Contribution).Select(kept => kept.Commitments).SingleOrDefaultAsync(cancel) ?? [];
    }

    /// <summary>Deletes the row of a contribution that is withdrawn.</summary>
    public static Task DeleteRowAsync(this TrusteeDatabase database, StudyId study, ContributionId contribution, CancellationToken cancel) =>
        database.ShareRows.Where(row => row.Study == study && row.Contribution == contribution).ExecuteDeleteAsync(cancel);

    /// <summary>The rows of a study that may count: neither withdrawn nor found to be invalid. In the order of their contributions.</summary>
    public static IQueryable<ShareRow> Rows(this TrusteeDatabase database, StudyId study) => database.ShareRows.AsNoTracking()
        .Where(row => row.Study == study && row.State != RowState.Invalid
            && !database.Withdrawals.Any(withdrawn => withdrawn.Study == study && withdrawn.Contribution == row.Contribution))
        .OrderBy(row => row.Contribution);

    /// <summary>Keeps what the validity check has found.</summary>
    public static async Task MarkAsync(this TrusteeDatabase database, StudyId study, IEnumerable<ContributionId> contributions, RowState state, CancellationToken cancel)
    {
        var ids = contributions.Select(id => id.ToBytes()).ToArray();
        await database.Database.ExecuteSqlAsync(
            $"UPDATE statistics_rows SET state = {(short)state} WHERE study = {study.ToBytes()} AND contribution = ANY({ids})", cancel);
    }

    public static async Task<long> SpentAsync(this TrusteeDatabase database, StudyId study, CancellationToken cancel) =>
        await database.Budgets.Where(row => row.Study == study).Select(row => row.Spent).SingleOrDefaultAsync(cancel);

    /// <summary>
    /// Spends: on top of what is spent here, or of what another trustee says is spent when that is more. False, and nothing spent, when the budget does not cover it or the
    /// computation has been here before, or the question was answered. Durable when it returns, so that nothing is computed that was not paid for. The computation has the name
    /// of its question from here on; one that had it before and has no answer is over, as those of a study follow one another.
    /// </summary>
    public static async Task<bool> TrySpendAsync(this TrusteeDatabase database, StatisticsQuery query, long before, long budget, CancellationToken cancel)
    {
        var (study, rho) = (query.Study.ToBytes(), query.RhoMicros);
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        await database.Database.ExecuteSqlAsync($"INSERT INTO statistics_budgets (study, spent) VALUES ({study}, 0) ON CONFLICT DO NOTHING", cancel);
        var spent = await database.Database.ExecuteSqlAsync(
            $"""
            UPDATE statistics_budgets SET spent = GREATEST(spent, {before}) + {rho} WHERE study = {study} AND GREATEST(spent, {before}) + {rho} <= {budget}
            """, cancel);
        await database.Database.ExecuteSqlAsync(
            $"UPDATE statistics_queries SET is_given_up = true WHERE study = {study} AND name = {query.Name} AND answer IS NULL AND NOT is_given_up", cancel);
        var entered = await database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO statistics_queries (study, computation, name, signed, is_given_up) VALUES ({study}, {query.Computation}, {query.Name}, {query.Signed}, false)
            ON CONFLICT DO NOTHING
            """, cancel);
        if (spent + entered != 2)
            return false;
        await transaction.CommitAsync(cancel);
        return true;
    }

    public static Task AnswerAsync(this TrusteeDatabase database, StatisticsQuery query, StatisticsAnswer answer, CancellationToken cancel) =>
        database.Queries.Where(row => row.Study == query.Study && row.Computation == query.Computation)
            .ExecuteUpdateAsync(update => update.SetProperty(row => row.Answer, answer.Signed), cancel);

    /// <summary>The signed answer to the question at its price, when it was answered before.</summary>
    public static async Task<byte[]?> AnswerAsync(this TrusteeDatabase database, StudyId study, byte[] name, CancellationToken cancel) =>
        await database.Queries.Where(row => row.Study == study && row.Name == name && !row.IsGivenUp).Select(row => row.Answer).SingleOrDefaultAsync(cancel);

    /// <summary>Rows of withdrawn contributions, and those of studies that nobody can ask about any more.</summary>
    public static async Task SweepRowsAsync(this TrusteeDatabase database, DateTimeOffset now, CancellationToken cancel)
    {
        var over = now - Keeping;
        var ended = database.Studies.Where(row => row.Ends <= over).Select(row => row.Study);
        await database.ShareRows.Where(row => ended.Contains(row.Study)
            || database.Withdrawals.Any(withdrawn => withdrawn.Study == row.Study && withdrawn.Contribution == row.Contribution)).ExecuteDeleteAsync(cancel);
    }

    /// <summary>Whether the computation has been here.</summary>
    public static Task<bool> HasComputedAsync(this TrusteeDatabase database, StatisticsQuery query, CancellationToken cancel) =>
        database.Queries.AnyAsync(row => row.Study == query.Study && row.Computation == query.Computation, cancel);
}
