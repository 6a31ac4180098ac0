using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Studies;

namespace Salus.Cloud.Studies;

/// <summary>A study, public as it is.</summary>
internal sealed class StudyRow
{
    public required StudyId Id { get; init; }

    public required AccountId Researcher { get; init; }

    public required AccountId Custodian { get; init; }

    /// <summary>The signed <see cref="Study"/>.</summary>
    public required byte[] Signed { get; init; }

    /// <summary>The signed <see cref="TokenKey"/> of each trustee, in the study's order.</summary>
    public required byte[][] TokenKeys { get; init; }

    /// <summary>The first instant of no more contributions: as the study says, or as its researcher has ended it.</summary>
    public required DateTimeOffset Ends { get; set; }

    /// <summary>The signed <see cref="StudyEnd"/>.</summary>
    public byte[]? End { get; set; }
}

/// <summary>
/// A contribution, or what is left of one: nothing here says whose it is or when it came. A withdrawal that came first keeps the contribution out.
/// </summary>
internal sealed class ContributionRow
{
    public required StudyId Study { get; init; }

    public required ContributionId Id { get; init; }

    /// <summary>The signed <see cref="ContributionHeader"/>; null once withdrawn.</summary>
    public byte[]? Header { get; set; }

    /// <summary>Two signed <see cref="ContributionReceipt"/>; null once withdrawn.</summary>
    public byte[][]? Receipts { get; set; }

    /// <summary>The sealed copy; null when there is none.</summary>
    public byte[]? Copy { get; set; }

    /// <summary>The signed <see cref="ContributionWithdrawal"/>.</summary>
    public byte[]? Withdrawal { get; set; }

    /// <summary>Whether there was a contribution: a withdrawal of nothing is not shown to the custodian.</summary>
    public bool HasBeen { get; set; }
}

internal static class StudyTable
{
    /// <summary>How long after its end a study and its contributions stay at the cloud: the custodian's time to fetch them.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(90);

    public static void Map(ModelBuilder model)
    {
        model.Entity<StudyRow>(study =>
        {
            study.ToTable("studies").HasKey(row => row.Id);
            study.HasIndex(row => row.Researcher);
            study.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.Researcher);
            study.HasIndex(row => row.Ends);
        });
        model.Entity<ContributionRow>(contribution =>
        {
            contribution.ToTable("contributions").HasKey(row => new { row.Study, row.Id });
            contribution.HasOne<StudyRow>().WithMany().HasForeignKey(row => row.Study);
        });
    }

    public static StudyView ToView(this StudyRow row) => new(row.Signed, row.TokenKeys, row.End);

    public static Study Read(this StudyRow row) =>
        Study.TryVerify(row.Signed, out var study) && study.Id == row.Id ? study : throw new InvalidDataException("A stored study is not as its researcher signed it.");

    /// <summary>Studies that ended long ago, with all contributions.</summary>
    public static async Task<int> SweepStudiesAsync(this CloudDatabase database, DateTimeOffset now, CancellationToken cancellation)
    {
        var ended = now - Retention;
        var gone = database.Studies.Where(row => row.Ends <= ended);
        // Under the locks of their researchers, in one order: nobody counts at the same time.
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        await database.Database.ExecuteSqlAsync(
            $"""
            SELECT account FROM cloud.usage WHERE account IN (SELECT researcher FROM cloud.studies WHERE ends <= {ended}) ORDER BY account FOR UPDATE
            """, cancellation);
        await database.Database.ExecuteSqlAsync(
            $"""
            UPDATE cloud.usage SET "rows" = "rows" - freed.n, bytes = bytes - freed.size FROM (
                SELECT study.researcher, count(*) AS n, coalesce(sum(octet_length(contribution.copy)), 0) AS size
                FROM cloud.studies study JOIN cloud.contributions contribution ON contribution.study = study.id
                WHERE study.ends <= {ended} GROUP BY study.researcher) freed
            WHERE account = freed.researcher
            """, cancellation);
        var count = await database.Contributions.Where(row => gone.Any(study => study.Id == row.Study)).ExecuteDeleteAsync(cancellation) + await gone.ExecuteDeleteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return count;
    }
}
