using System.Globalization;
using Salus.Client.Records;
using Salus.Client.Transport;
using Salus.Protocol;
using Salus.Protocol.Audit;
using Salus.Protocol.Http;

namespace Salus.Client.Audit;

/// <summary>How a place stood up to the challenges of one fragment.</summary>
/// <param name="Fault">Null when everything held.</param>
/// <param name="Answered">Leaves that were answered, right or wrong.</param>
internal sealed record FragmentOutcome(FindingKind? Fault, long Answered, long Held, string Detail)
{
    /// <summary>The store owes an answer, and may be asked again.</summary>
    public bool IsOwed => Fault is FindingKind.Refused or FindingKind.Late or FindingKind.Unreachable;

    /// <summary>Bytes per second, of an answer that holds or of one that did not come in time.</summary>
    public double Pace { get; init; }

    /// <summary>Something answers, and what it says is no answer.</summary>
    public bool IsGarbage { get; init; }
}

/// <summary>
/// Puts challenges to one store. Whatever it does, this ends: each answer has a deadline, and a store that owes several in a row is not asked any more. When it fails on many leaves of
/// a fragment it is asked for one of them, so that a store which passes small audits only is told from one that is down, and for pieces, so that it is told from one behind a slow line;
/// and when it owes an answer for the second time, for something that it has proven before, so that one which leaves out what it has lost is told from it too.
/// </summary>
internal sealed class StoreAuditor(StoreApi store, StoreTally tally, AuditSettings settings)
{
    /// <summary>Leaves that are asked for at a time behind a slow line.</summary>
    private const int Piece = 16;

    /// <summary>A line serves several stores, and others too: so much faster it may be at another time.</summary>
    private const int Spread = 8;

    /// <summary>What a store may ask to be left alone for.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private int _owed;
    private volatile bool _isDown;
    private volatile bool _isSlow;
    private volatile Proven? _proven;

    public StoreTally Tally => tally;

    public Task<FragmentOutcome> AskAsync(AuditTarget target, byte[] address, IEnumerable<long> leaves, CancellationToken cancel) =>
        EachAsync(leaves, Limits.MaxChallengeLeaves, chunk => AskChunkAsync(target, address, chunk, cancel));

    private static async Task<FragmentOutcome> EachAsync(IEnumerable<long> leaves, int atOnce, Func<long[], Task<FragmentOutcome>> ask)
    {
        var (answered, held, damaged, pace) = (0L, 0L, "", double.MaxValue);
        foreach (var chunk in leaves.Chunk(atOnce))
        {
            var outcome = await ask(chunk);
            (answered, held, pace) = (answered + outcome.Answered, held + outcome.Held, Math.Min(pace, outcome.Pace));
            if (outcome.Fault is not (null or FindingKind.Damaged))
                return outcome with { Answered = answered, Held = held };
            damaged = damaged.Length == 0 ? outcome.Detail : damaged;
        }
        return damaged.Length == 0 ? new FragmentOutcome(null, answered, held, "") { Pace = pace }
            : new FragmentOutcome(FindingKind.Damaged, answered, held, held > 0 ? $"{answered - held} of {answered} leaves" : damaged);
    }

    private async Task<FragmentOutcome> AskChunkAsync(AuditTarget target, byte[] address, long[] chunk, CancellationToken cancel)
    {
        if (_isSlow)
            return await InPiecesAsync();
        var outcome = await AskAsync(target, address, chunk, cancel);
        if (!outcome.IsOwed || chunk.Length == 1 || _owed >= settings.Patience || (await AskAsync(target, address, [chunk[0]], cancel)).Fault is not null)
            return outcome;
        // What has failed once may have been the line.
        outcome = await AskAsync(target, address, chunk, cancel);
        if (!outcome.IsOwed)
            return outcome;
        // So was it when what is asked for in pieces comes no faster than the whole did.
        if (outcome.Fault == FindingKind.Late && await InPiecesAsync() is { IsOwed: false } pieces && outcome.Pace * Spread >= pieces.Pace)
        {
            _isSlow = true;
            return pieces;
        }
        return outcome with { Fault = FindingKind.OnlySmall, Detail = $"answers for one leaf and not for {chunk.Length}: {outcome.Detail}" };

        Task<FragmentOutcome> InPiecesAsync() => EachAsync(chunk, Piece, piece => AskAsync(target, address, piece, cancel));
    }

    /// <summary>It has had time: it may be asked again.</summary>
    public void AskAgain() => Interlocked.Exchange(ref _owed, 0);

    /// <summary>Whether the store, which has just owed an answer, proves something that it has proven before. When it does not, it is down, and not asked any more.</summary>
    public async Task<bool> ProvesOthersAsync(CancellationToken cancel)
    {
        if (_isDown || _proven is not { } known)
            return false;
        AskAgain();
        _isDown = (await AskAsync(known.Target, known.Address, [known.Leaf], cancel)).Fault is not null;
        return !_isDown;
    }

    private async Task<FragmentOutcome> AskAsync(AuditTarget target, byte[] address, long[] chunk, CancellationToken cancel)
    {
        if (_isDown || _owed >= settings.Patience)
            return new FragmentOutcome(FindingKind.Late, 0, 0, "not asked any more, as it owes answers");
        var (started, received, deadline) = (settings.Clock.GetTimestamp(), 0L, settings.DeadlineFor(chunk.Length));
        try
        {
            var answer = await store.ChallengeAsync(address, LeafChallenge.Of(chunk), deadline, settings.Clock, bytes => received = bytes, cancel);
            Interlocked.Exchange(ref _owed, 0);
            if (answer is null)
                return new FragmentOutcome(FindingKind.Missing, chunk.Length, 0, "the store says that it has no such fragment");
            if (!target.IsSigned(answer.Root))
                return await OfAnotherTreeAsync(target, address, chunk, cancel);
            var held = chunk.Where((leaf, i) => target.Holds(leaf, answer.Leaves[i], answer.Root)).Count();
            if (held == chunk.Length)
                _proven ??= new Proven(target, address, chunk[0]);
            return new FragmentOutcome(held == chunk.Length ? null : FindingKind.Damaged, chunk.Length, held,
                held == chunk.Length ? "" : $"{chunk.Length - held} of {chunk.Length} leaves") { Pace = Pace() };
        }
        catch (TimeoutException)
        {
            Interlocked.Increment(ref _owed);
            return new FragmentOutcome(FindingKind.Late, 0, 0, string.Create(CultureInfo.InvariantCulture, $"{received} bytes in {deadline.TotalSeconds:0.#} s")) { Pace = Pace() };
        }
        catch (UnreachableException)
        {
            Interlocked.Increment(ref _owed);
            return new FragmentOutcome(FindingKind.Unreachable, 0, 0, "no connection");
        }
        catch (RefusedException refused) when (refused.Code == Problems.Damaged)
        {
            return new FragmentOutcome(FindingKind.Damaged, chunk.Length, 0, refused.Message);
        }
        catch (RefusedException refused) when (refused.Code == Problems.TooMany)
        {
            // Asked too often, and it says so: nothing that it could be accused of.
            Interlocked.Increment(ref _owed);
            await Task.Delay(refused.RetryAfter is { } wait && wait < LongestWait ? wait : settings.SlowAfter, settings.Clock, cancel);
            return _owed < settings.Patience ? await AskAsync(target, address, chunk, cancel) : new FragmentOutcome(FindingKind.Late, 0, 0, refused.Message);
        }
        catch (RefusedException refused)
        {
            // A fragment with fewer leaves than were signed cannot be the one.
            return refused.Code == Problems.BadRequest ? new FragmentOutcome(FindingKind.Exchanged, chunk.Length, 0, refused.Message)
                : new FragmentOutcome(FindingKind.Refused, 0, 0, refused.Message);
        }
        catch (AlarmException malformed)
        {
            return new FragmentOutcome(FindingKind.Refused, 0, 0, malformed.Message) { IsGarbage = true };
        }
        finally
        {
            tally.Took(settings.Clock.GetElapsedTime(started), received);
        }

        double Pace() => received / Math.Max(settings.Clock.GetElapsedTime(started).TotalSeconds, 0.001);
    }

    /// <summary>The store's leaf hashes give another root than the signed one: they are rotten, or the fragment is another.</summary>
    private async Task<FragmentOutcome> OfAnotherTreeAsync(AuditTarget target, byte[] address, long[] chunk, CancellationToken cancel)
    {
        bool? isOurs = null;
        try
        {
            var first = await store.ChallengeAsync(address, LeafChallenge.Of([0]), settings.DeadlineFor(1), settings.Clock, _ => { }, cancel);
            isOurs = first is null ? null : target.IsHeader(first.Leaves[0].Data);
        }
        catch (Exception failure) when (failure is TimeoutException or UnreachableException or RefusedException or AlarmException)
        {
            // Whatever it is: it is not what was signed.
        }
        return isOurs == false
            ? new FragmentOutcome(FindingKind.Exchanged, chunk.Length, 0, "it begins as another fragment does: an older one, or of elsewhere")
            : new FragmentOutcome(FindingKind.Damaged, chunk.Length, 0, isOurs == true ? "its leaf hashes are rotten" : "its tree is another: rotten, or another fragment");
    }

    private sealed record Proven(AuditTarget Target, byte[] Address, long Leaf);
}
