using Microsoft.EntityFrameworkCore;
using Salus.Crypto;
using Salus.Crypto.Statistics;
using Salus.Crypto.Statistics.Computing;
using Salus.Crypto.Statistics.Rows;
using Salus.Crypto.Statistics.Sharing;
using Salus.Hosting;
using Salus.Protocol.Http;
using Salus.Protocol.Statistics;
using Salus.Protocol.Studies;
using Salus.Trustee.Peers;

namespace Salus.Trustee.Statistics;

/// <summary>One question, computed with the two other trustees, of whom one may do what it likes: it ends without an answer then, or the answer is right.</summary>
internal sealed class SharedAnswer(PeerNetwork network, ServerIdentity self, RowKey key, NoiseAdder noise, TrusteeDatabase database)
{
    /// <summary>Elements of new rows that are checked together: 64 MiB.</summary>
    private const int ElementsTogether = 1 << 20;

    public async Task<StatisticsAnswer> RunAsync(StatisticsQuery query, Study study, CancellationToken cancel)
    {
        try
        {
            await using var session = await network.OpenAsync(query.Computation, study.Terms.Trustees, cancel);
            try
            {
                var answer = await ComputeAsync(query, study.Terms, session, session.Self, cancel);
                await FlushAsync(session, cancel);
                return answer;
            }
            catch
            {
                await session.LeaveAsync();
                throw;
            }
        }
        catch (PeerException away)
        {
            throw away.ToProblem();
        }
        catch (ComputationAbortedException aborted)
        {
            throw new ProblemException(Problems.Cheated, StatusCodes.Status502BadGateway, $"A trustee did not keep to the protocol ({aborted.Reason}): nothing is answered.");
        }
    }

    public static ProblemException BudgetSpent() => new(Problems.BudgetSpent, StatusCodes.Status403Forbidden, "The study's budget does not cover the question.");

    /// <summary>This trustee's part, whatever the others do.</summary>
    public async Task<StatisticsAnswer> ComputeAsync(StatisticsQuery query, StudyTerms terms, IPeerChannel channel, int party, CancellationToken cancel)
    {
        // 1 The same rows, and the budget as whoever remembers most of it has it.
        var agreed = await RowAgreement.ReachAsync(database, channel, query.Study, terms.BudgetMicros, cancel);
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
        var answer = StatisticsAnswer.Create(self.Signing, query.Study, query.Name, query.At, IsCohort(query.Question, terms, values) ? values : [], terms.BudgetMicros,
            agreed.Spent + query.RhoMicros);
        await database.AnswerAsync(query, answer, cancel);
        return answer;
    }

    /// <summary>Whether enough rows took part, by what is known with noise alone.</summary>
    private static bool IsCohort(Question question, StudyTerms terms, long[] sums) =>
        (question.Measure is Measure.Buckets or Measure.Categories or Measure.Table ? sums.Sum() : sums[0]) >= terms.Release.MinimumCohort;

    /// <summary>What the three must mean alike.</summary>
    private static byte[] Context(StatisticsQuery query, RowAgreement agreed)
    {
        using var transcript = new Transcript(Domains.StatisticsRows);
        transcript.Append(query.Signed).Append((ulong)agreed.Spent);
        foreach (var row in agreed.Rows)
            transcript.Append(Protocol.Identifier.ToBytes(row.Contribution)).Append(row.Hash).Append(row.IsChecked ? 1u : 0);
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
}
