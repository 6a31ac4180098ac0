using Microsoft.EntityFrameworkCore;
using Salus.Protocol;
using Salus.Protocol.Studies;

namespace Salus.Trustee.Tokens;

/// <summary>A study that this trustee keeps.</summary>
internal sealed class StudyRow
{
    public StudyId Study { get; init; }
    /// <summary>The researcher's account, by which studies are counted.</summary>
    public AccountId Researcher { get; init; }
    /// <summary>The signed <see cref="Protocol.Studies.Study"/>.</summary>
    public required byte[] Signed { get; init; }
    /// <summary>The first instant of no more contributions: as the study says, or as its researcher has ended it.</summary>
    public DateTimeOffset Ends { get; set; }
    /// <summary>The signed <see cref="StudyEnd"/>, once there is one.</summary>
    public byte[]? End { get; set; }
}

/// <summary>A token that was issued: the blinded nonce and the answer to it. Gone when the study ends, and with it who took part.</summary>
internal sealed class TokenRow
{
    public StudyId Study { get; init; }
    public AccountId Account { get; init; }
    public required byte[] Blinded { get; init; }
    public required byte[] Answer { get; init; }
}

/// <summary>How many tokens of a study an account has.</summary>
internal sealed class TokenCountRow
{
    public StudyId Study { get; init; }
    /// <summary>See <see cref="TokenKeys.Mark"/>: the count outlives the study, who took part does not.</summary>
    public AccountId Account { get; init; }
    public int Count { get; init; }
}

/// <summary>A token that was spent, and on what.</summary>
internal sealed class SpentRow
{
    public StudyId Study { get; init; }
    public required byte[] Nonce { get; init; }
    public required byte[] Digest { get; init; }
}

/// <summary>A contribution that was withdrawn: its row of shares is gone and none is taken any more.</summary>
internal sealed class WithdrawalRow
{
    public StudyId Study { get; init; }
    public ContributionId Contribution { get; init; }
    /// <summary>The <see cref="ContributionWithdrawal"/> as its key signed it; null for one from before it was kept.</summary>
    public byte[]? Signed { get; init; }
}

/// <summary>The tables of studies and their tokens, and the statements that LINQ does not say.</summary>
internal static class TokenTables
{
    /// <summary>How long counts and spent nonces outlive their study: a clock that was wrong for a while gives nobody a second token.</summary>
    public static readonly TimeSpan Keeping = TimeSpan.FromDays(30);

    public static void Map(ModelBuilder model)
    {
        model.Entity<StudyRow>(study =>
        {
            study.ToTable("studies").HasKey(row => row.Study).HasName("studies_key");
            study.Property(row => row.Study).HasColumnName("study");
            study.Property(row => row.Researcher).HasColumnName("researcher");
            study.Property(row => row.Signed).HasColumnName("signed");
            study.Property(row => row.Ends).HasColumnName("ends");
            study.Property(row => row.End).HasColumnName("end_signed");
            study.HasIndex(row => row.Researcher, "studies_researcher");
        });
        model.Entity<TokenRow>(token =>
        {
            token.ToTable("tokens").HasKey(row => new { row.Study, row.Account, row.Blinded }).HasName("tokens_key");
            token.Property(row => row.Study).HasColumnName("study");
            token.Property(row => row.Account).HasColumnName("account");
            token.Property(row => row.Blinded).HasColumnName("blinded");
            token.Property(row => row.Answer).HasColumnName("answer");
        });
        model.Entity<TokenCountRow>(count =>
        {
            count.ToTable("token_counts").HasKey(row => new { row.Study, row.Account }).HasName("token_counts_key");
            count.Property(row => row.Study).HasColumnName("study");
            count.Property(row => row.Account).HasColumnName("account");
            count.Property(row => row.Count).HasColumnName("count");
        });
        model.Entity<SpentRow>(spent =>
        {
            spent.ToTable("tokens_spent").HasKey(row => new { row.Study, row.Nonce }).HasName("tokens_spent_key");
            spent.Property(row => row.Study).HasColumnName("study");
            spent.Property(row => row.Nonce).HasColumnName("nonce");
            spent.Property(row => row.Digest).HasColumnName("digest");
        });
        model.Entity<WithdrawalRow>(withdrawal =>
        {
            withdrawal.ToTable("withdrawals").HasKey(row => new { row.Study, row.Contribution }).HasName("withdrawals_key");
            withdrawal.Property(row => row.Study).HasColumnName("study");
            withdrawal.Property(row => row.Contribution).HasColumnName("contribution");
            withdrawal.Property(row => row.Signed).HasColumnName("signed");
        });
    }

    /// <summary>The study that this trustee keeps under an identifier, with the instant at which it ends or has ended; null when there is none.</summary>
    public static async Task<KeptStudy?> StudyAsync(this TrusteeDatabase database, StudyId id, CancellationToken cancel) =>
        await database.Studies.AsNoTracking().SingleOrDefaultAsync(row => row.Study == id, cancel) is { } row ? new KeptStudy(Read(row), row.Ends) : null;

    /// <summary>Keeps the study unless there is one of this identifier; false when the researcher has as many as may be.</summary>
    public static async Task<bool> KeepAsync(this TrusteeDatabase database, Study study, int most, CancellationToken cancel)
    {
        var (id, researcher, ends) = (study.Id.ToBytes(), study.Terms.Researcher.Account.ToBytes(), study.Terms.Ends.ToUnixTimeMilliseconds());
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({study.Terms.Researcher.Identity.GetHashCode()})", cancel);
        var kept = await database.Studies.CountAsync(row => row.Researcher == study.Terms.Researcher.Account && row.Study != study.Id, cancel);
        if (kept >= most)
            return false;
        await database.Database.ExecuteSqlAsync(
            $"INSERT INTO studies (study, researcher, signed, ends) VALUES ({id}, {researcher}, {study.Signed}, {ends}) ON CONFLICT DO NOTHING", cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    /// <summary>Ends a study at an instant, unless it has ended before. The first end stays.</summary>
    public static Task EndAsync(this TrusteeDatabase database, StudyEnd end, CancellationToken cancel) => database.Database.ExecuteSqlAsync(
        $"""
        UPDATE studies SET end_signed = {end.Signed}, ends = LEAST(ends, {end.At.ToUnixTimeMilliseconds()}) WHERE study = {end.Study.ToBytes()} AND end_signed IS NULL
        """, cancel);

    /// <summary>Takes one of the account's tokens; false when it has them all. The caller's transaction takes it or not.</summary>
    public static async Task<bool> TryTakeTokenAsync(this TrusteeDatabase database, StudyId study, AccountId mark, int quota, CancellationToken cancel) =>
        await database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO token_counts (study, account, count) VALUES ({study.ToBytes()}, {mark.ToBytes()}, 1)
            ON CONFLICT (study, account) DO UPDATE SET count = token_counts.count + 1 WHERE token_counts.count < {quota}
            """, cancel) == 1;

    /// <summary>Spends a nonce on a digest for good; false when it is spent on another one.</summary>
    public static async Task<bool> TrySpendAsync(this TrusteeDatabase database, Redemption redemption, CancellationToken cancel)
    {
        var (study, nonce) = (redemption.Study.ToBytes(), redemption.Nonce);
        await database.Database.ExecuteSqlAsync(
            $"INSERT INTO tokens_spent (study, nonce, digest) VALUES ({study}, {nonce}, {redemption.Digest}) ON CONFLICT DO NOTHING", cancel);
        var spent = await database.Spent.AsNoTracking().SingleAsync(row => row.Study == redemption.Study && row.Nonce == nonce, cancel);
        return spent.Digest.AsSpan().SequenceEqual(redemption.Digest);
    }

    /// <summary>
    /// Keeps every withdrawal, of a contribution without a row too: the custodian holds the cloud's word against them. That anybody can make keys and withdraw what never was is
    /// bounded by address and minute, and ends with the study.
    /// </summary>
    public static Task WithdrawAsync(this TrusteeDatabase database, ContributionWithdrawal withdrawal, CancellationToken cancel)
    {
        var (study, contribution) = (withdrawal.Study.ToBytes(), withdrawal.Id.ToBytes());
        return database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO withdrawals (study, contribution, signed) VALUES ({study}, {contribution}, {withdrawal.Signed})
            ON CONFLICT (study, contribution) DO UPDATE SET signed = excluded.signed WHERE withdrawals.signed IS NULL
            """, cancel);
    }

    /// <summary>Signed withdrawals of a study, in the order of the contributions, after one of them.</summary>
    public static Task<List<byte[]>> WithdrawalsAsync(this TrusteeDatabase database, StudyId study, ContributionId after, int most, CancellationToken cancel)
    {
        var (key, cursor) = (study.ToBytes(), after.ToBytes());
        return database.Withdrawals.FromSql($"SELECT * FROM withdrawals WHERE study = {key} AND contribution > {cursor} AND signed IS NOT NULL").AsNoTracking()
            .OrderBy(row => row.Contribution).Take(most).Select(row => row.Signed!).ToListAsync(cancel);
    }

    public static Task<bool> IsWithdrawnAsync(this TrusteeDatabase database, StudyId study, ContributionId contribution, CancellationToken cancel) =>
        database.Withdrawals.AnyAsync(row => row.Study == study && row.Contribution == contribution, cancel);

    /// <summary>The tokens of studies that have ended, at once; how many an account had, and what they were spent on, once no clock can open the study again.</summary>
    public static async Task SweepTokensAsync(this TrusteeDatabase database, DateTimeOffset now, CancellationToken cancel)
    {
        var ended = database.Studies.Where(row => row.Ends <= now).Select(row => row.Study);
        await database.Tokens.Where(row => ended.Contains(row.Study)).ExecuteDeleteAsync(cancel);
        var over = now - Keeping;
        var gone = database.Studies.Where(row => row.Ends <= over).Select(row => row.Study);
        await database.TokenCounts.Where(row => gone.Contains(row.Study)).ExecuteDeleteAsync(cancel);
        await database.Spent.Where(row => gone.Contains(row.Study)).ExecuteDeleteAsync(cancel);
    }

    private static Study Read(StudyRow row) => Study.TryVerify(row.Signed, out var study) && study.Id == row.Study
        ? study : throw new InvalidDataException("A study in the database is not as its researcher signed it.");
}

/// <summary>A study as this trustee keeps it, and when it ends or has ended.</summary>
internal sealed record KeptStudy(Study Study, DateTimeOffset Ends)
{
    /// <summary>Whether contributions come at <paramref name="now"/>.</summary>
    public bool IsOpen(DateTimeOffset now) => Study.Terms.Opens <= now && now < Ends;
}
