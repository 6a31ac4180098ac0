using Microsoft.EntityFrameworkCore;
using Salus.Crypto;
using Salus.Crypto.Statistics;
using Salus.Crypto.Statistics.Computing;
using Salus.Crypto.Statistics.Rows;
using Salus.Crypto.Statistics.Sharing;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Statistics;
using Salus.Protocol.Studies;
using Salus.Trustee.Peers;

namespace Salus.Trustee.Statistics;

/// <summary>One question, computed with the two other trustees, of whom one may do what it likes: it ends without an answer then, or the answer is right.</summary>
internal sealed partial class SharedAnswer(
    PeerNetwork network, ServerIdentity self, RowKey key, NoiseAdder noise, CohortThreshold threshold, TrusteeDatabase database, ILogger<SharedAnswer> log)
{
    /// <summary>Elements of new rows that are checked together: 64 MiB.</summary>
    private const int ElementsTogether = 1 << 20;

    /// <summary>
    /// The signed answer, of this computation or of another that had the same question. Questions about a study are computed one after the other, in the order of its first
    /// trustee: that one takes its turn before it says hello, the others when they have heard it.
    /// </summary>
    public async Task<byte[]> RunAsync(StatisticsQuery query, Study study, Computations.Place place)
    {
        var cancel = place.Cancel;
        try
        {
            var turn = await place.TurnAsync();
            try
            {
                // What was computed meanwhile may have been the same.
                if (await database.AnswerAsync(query.Study, query.Name, cancel) is { } before)
                    return before;
                if (!study.Terms.Trustees[0].Equals(self.Key))
                    turn.Dispose();
                await using var session = await network.OpenAsync(query.Computation, study.Terms.Trustees, cancel);
                if (!study.Terms.Trustees[0].Equals(self.Key))
                    turn = await place.TurnAsync();
                return await RunAsync(query, study, session, cancel);
            }
            finally
            {
                turn.Dispose();
            }
        }
        catch (PeerException away)
        {
            using var turn = await place.TurnAsync();
            return await database.AnswerAsync(query.Study, query.Name, cancel) ?? throw away.ToProblem();
        }
        catch (ComputationAbortedException aborted)
        {
            throw new ProblemException(Problems.Cheated, StatusCodes.Status502BadGateway, $"A trustee did not keep to the protocol ({aborted.Reason}): nothing is answered.");
        }
    }

    private async Task<byte[]> RunAsync(StatisticsQuery query, Study study, PeerSession session, CancellationToken cancel)
    {
        try
        {
            var answer = await ComputeAsync(query, study.Terms, session, session.Self, cancel);
            await FlushAsync(session, cancel);
            return answer.Signed;
        }
        catch
        {
            await session.LeaveAsync();
            throw;
        }
    }

    public static ProblemException BudgetSpent() => new(Problems.BudgetSpent, StatusCodes.Status403Forbidden, "The study's budget does not cover the question.");

    /// <summary>This trustee's part, whatever the others do.</summary>
    public async Task<StatisticsAnswer> ComputeAsync(StatisticsQuery query, StudyTerms terms, IPeerChannel channel, int party, CancellationToken cancel)
    {
        // 1 The same rows, and the budget as whoever remembers most of it has it.
        var agreed = await RowAgreement.ReachAsync(database, channel, query.Study, terms.BudgetMicros, cancel);
        if (agreed.Claimant is { } claimant)
            LogClaim(terms.Trustees[(party + claimant) % terms.Trustees.Count], agreed.Spent, query.Study);
        if (agreed.Spent + query.RhoMicros > terms.BudgetMicros)
            throw BudgetSpent();
        using var computation = await Computation.StartAsync(channel, party, Context(query, agreed), cancel);

        // 2 Rows that are new since the last question: those that are not valid count nowhere from here on.
        var rows = await ValidAsync(computation, agreed.Rows, query, terms, cancel);

        // 3 Paid for, before anything that is learnt: who stops here has lost budget and learnt nothing.
        if (!await database.TrySpendAsync(query, agreed.Spent, terms.BudgetMicros, cancel))
            throw BudgetSpent();

        // 4 The sums, with the noise of all three before they are opened.
        var measured = new MeasuredSums(query.Question, terms);
        var variances = query.Question.NoiseVariances(terms, query.RhoMicros);
        var sums = measured.CountsAll || rows.Count == 0
            ? SecretVector.Public(party, [.. variances.Select((_, i) => i == 0 ? (ulong)rows.Count : 0)])
            : await measured.ComputeAsync(computation, await ColumnsAsync(measured.Forms, rows, query, terms, party, cancel), cancel);
        var opened = await computation.OpenAsync(await noise(computation, sums, variances, cancel), cancel);
        var values = new long[opened.Length];
        FieldVector.ToSigned(opened, values);

        // 5 Kept before it is given: the question has this answer for good.
        var answer = StatisticsAnswer.Create(self.Signing, query.Study, query.Name, query.At, threshold.IsReached(query.Question, terms, variances, values) ? values : [], terms.BudgetMicros,
            agreed.Spent + query.RhoMicros);
        await database.AnswerAsync(query, answer, cancel);
        return answer;
    }

    /// <summary>What the three must mean alike.</summary>
    private static byte[] Context(StatisticsQuery query, RowAgreement agreed)
    {
        using var transcript = new Transcript(Domains.StatisticsContext);
        transcript.Append(query.Signed).Append((ulong)agreed.Spent);
        foreach (var row in agreed.Rows)
            transcript.Append(row.Contribution.ToBytes()).Append(row.Hash).Append(row.IsChecked ? 1u : 0);
        return transcript.ToHash();
    }

    private async Task<IReadOnlyList<AgreedRow>> ValidAsync(Computation computation, IReadOnlyList<AgreedRow> rows, StatisticsQuery query, StudyTerms terms, CancellationToken cancel)
    {
        var layout = terms.Layout();
        var invalid = new HashSet<AgreedRow>();
        foreach (var batch in rows.Where(row => !row.IsChecked).Chunk(Math.Max(1, ElementsTogether / layout.Count)))
        {
            var valid = await RowValidity.CheckAsync(computation, layout, await OpenAsync(batch, query, terms, computation.Party, cancel).ToListAsync(cancel), cancel);
            await database.MarkAsync(query.Study, batch.Where((_, i) => valid[i]).Select(row => row.Contribution), RowState.Valid, cancel);
            await database.MarkAsync(query.Study, batch.Where((_, i) => !valid[i]).Select(row => row.Contribution), RowState.Invalid, cancel);
            invalid.UnionWith(batch.Where((_, i) => !valid[i]));
        }
        return invalid.Count == 0 ? rows : [.. rows.Where(row => !invalid.Contains(row))];
    }

    private async Task<IReadOnlyList<SecretVector>> ColumnsAsync(
        IReadOnlyList<LinearForm> forms, IReadOnlyList<AgreedRow> rows, StatisticsQuery query, StudyTerms terms, int party, CancellationToken cancel)
    {
        var columns = new SecretColumns(party, forms, rows.Count);
        await foreach (var pair in OpenAsync(rows, query, terms, party, cancel))
            columns.Add(pair);
        return columns.Vectors;
    }

    /// <summary>The shares of rows, in their order. A row that is withdrawn meanwhile ends the computation: it was agreed on.</summary>
    private async IAsyncEnumerable<SharePair> OpenAsync(
        IReadOnlyList<AgreedRow> rows, StatisticsQuery query, StudyTerms terms, int party, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        const int Batch = 1000;
        var length = terms.Layout().Count;
        foreach (var batch in rows.Chunk(Batch))
        {
            var ids = batch.Select(row => row.Contribution).ToArray();
            var found = await database.Rows(query.Study).Where(row => ids.Contains(row.Contribution)).ToListAsync(cancel);
            if (found.Count != batch.Length)
                throw ProblemException.Conflict("A row was withdrawn meanwhile: ask again.");
            foreach (var row in found)
                yield return SharePair.TryParse(party, length, await key.OpenAsync(row), out var pair)
                    ? pair : throw new InvalidDataException("A row of shares in the database is not as this trustee wrote it.");
        }
    }

    /// <summary>The others get what they still need; whether they do no longer matters here.</summary>
    private static async Task FlushAsync(PeerSession session, CancellationToken cancel)
    {
        try
        {
            await session.FlushAsync(cancel);
        }
        catch (Exception failure) when (failure is PeerException or OperationCanceledException)
        {
            // The answer stands.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The trustee {Peer} says that {Spent} millionths of the budget of study {Study} are spent, which is more than this one knows of")]
    private partial void LogClaim(VerifyingKey peer, long spent, StudyId study);
}
