using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;
using Salus.Protocol.Readings;
using Salus.Trustee.Witness;

namespace Salus.Trustee.Tests.Witness;

/// <summary>What a trustee tells an owner of accesses to the owner's data; and that readings leave their trace as records do.</summary>
public sealed class JournalTests : IAsyncLifetime
{
    private TrusteeHost _trustee = null!;
    private Sharing _sharing = null!;
    private SensingOwner _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _trustee = await TrusteeHost.StartAsync();
        _sharing = new Sharing(_trustee.Time);
        await _sharing.BringAsync(_trustee);
        _owner = new SensingOwner(_trustee, _sharing);
    }

    public ValueTask DisposeAsync()
    {
        _owner.Dispose();
        _sharing.Dispose();
        return _trustee.DisposeAsync();
    }

    [Fact]
    public async Task AnOwnerIsToldOfEachAccessAsItsRequesterSignedItAndNobodyElseIs()
    {
        using var other = new Sharing(_trustee.Time);
        await other.BringAsync(_trustee);
        var records = new List<RecordId>();
        for (var i = 0; i < 3; i++)
        {
            var item = _sharing.Seal().Item;
            records.Add(item.Record);
            await _sharing.AnswerAsync(_trustee, [item]);
            await other.AnswerAsync(_trustee, [other.Seal().Item]);
            _trustee.Time.Now += TimeSpan.FromSeconds(10);
        }
        var lines = (await AskAsync()).Lines;
        Assert.Equal(records, lines.Select(line => AccessStatement.TryVerify(line.Statement, out var statement) ? statement.Subject.Items[0] : default));
        Assert.Equal(lines.OrderBy(line => line.Index), lines);
        Assert.Equal(lines.Skip(1).Select(line => (line.Index, line.At)), (await AskAsync(from: lines[0].Index + 1)).Lines.Select(line => (line.Index, line.At)));
        Assert.Equal(lines[2].Index, Assert.Single((await AskAsync(lines[2].At)).Lines).Index);
        Assert.Empty((await AskAsync(_trustee.Time.Now)).Lines);
        await _trustee.RestartAsync();
        Assert.Equal(3, (await AskAsync()).Lines.Count);
    }

    [Fact]
    public async Task ALongJournalComesInPages()
    {
        var statement = AccessStatement.Create(_sharing.Delegatee, new AccessSubject(AccessKind.Open, _sharing.Account, _sharing.Policy.Grant, _sharing.Policy.Partition,
            _sharing.Policy.Epoch, [Identifier.Random<RecordId>()]), _trustee.Time.Now);
        await _trustee.InDatabaseAsync(async database =>
        {
            for (var i = 0; i < Limits.MaxJournalPage + 5; i++)
                Assert.True(await database.TryJournalAsync(new LoggedAccess(statement, 1_000_000 + i, new byte[32]), _trustee.Time.Now, default));
            Assert.False(await database.TryJournalAsync(new LoggedAccess(statement, 1_000_000, new byte[32]), _trustee.Time.Now, default));
            return 0;
        });
        var first = await AskAsync();
        Assert.Equal((Limits.MaxJournalPage, true), (first.Lines.Count, first.HasMore));
        var second = await AskAsync(from: first.Lines[^1].Index + 1);
        Assert.Equal((5, false), (second.Lines.Count, second.HasMore));
    }

    [Fact]
    public async Task RefusesWhatIsNotTheOwnersOwnRequestNow()
    {
        using var stranger = SigningKey.Generate();
        var right = Request();
        Assert.Equal(200, (await PostAsync(right)).Status);
        (await PostAsync(right)).Refuses(409, Problems.Replayed);
        (await PostAsync(JournalRequest.Create(_sharing.Owner, stranger.PublicKey, DateTimeOffset.UnixEpoch, 0, _trustee.Time.Now))).Refuses(421, Problems.Misdirected);
        (await PostAsync(JournalRequest.Create(_sharing.Owner, _trustee.Key, DateTimeOffset.UnixEpoch, 0, _trustee.Time.Now.AddMinutes(6)))).Refuses(403, Problems.ClockSkew);
        (await _trustee.PostAsync(Paths.WitnessJournal, [.. right.Signed[..^1], (byte)(right.Signed[^1] ^ 1)])).Refuses(400, Problems.BadRequest);
        (await _trustee.PostAsync(Paths.WitnessJournal, [])).Refuses(400, Problems.BadRequest);
    }

    [Fact]
    public async Task ADelegateesReadingsNeedATraceThatServesThePagesOfOneSpan()
    {
        await _owner.BringAsync(SensingOwner.Item(_owner.Series), _owner.Batch(null, [1000, 2000]).Item);
        var (granted, span) = (_owner.Granted, _owner.Span(0, 9000));
        await RefusesAsync([]);
        await RefusesAsync(_owner.Trace(granted, Identifier.Random<SeriesId>(), _sharing.Delegatee));
        await RefusesAsync(TestLog.Shared.Trace(_sharing.Delegatee,
            new AccessSubject(AccessKind.Open, granted.Owner, granted.Grant, granted.Partition, _sharing.Policy.Epoch, [new RecordId(span.Series.Value)]), _trustee.Time.Now));
        Assert.Empty((await AskAsync()).Lines);

        var trace = _owner.Trace(granted, span.Series, _sharing.Delegatee);
        for (var page = 0; page < 2; page++)
            Assert.Equal(200, (await _trustee.PostAsync(Paths.ReadingRequests, _owner.Ask(granted, span, trace: trace).Signed)).Status);
        var line = Assert.Single((await AskAsync()).Lines);
        Assert.True(AccessStatement.TryVerify(line.Statement, out var statement));
        Assert.Equal((AccessKind.Readings, _sharing.Account, new RecordId(span.Series.Value)), (statement.Subject.Kind, statement.Subject.Owner, statement.Subject.Items[0]));
        _trustee.Time.Now += Limits.ClockTolerance + TimeSpan.FromSeconds(1);
        (await _trustee.PostAsync(Paths.ReadingRequests, _owner.Ask(granted, span, trace: trace).Signed)).Refuses(403, Problems.ClockSkew);

        // The owner's own reading leaves none.
        await _owner.ReadAsync(_owner.Own, span);
        Assert.Single((await AskAsync()).Lines);

        async Task RefusesAsync(byte[] wrong) => (await _trustee.PostAsync(Paths.ReadingRequests, _owner.Ask(granted, span, trace: wrong).Signed)).Refuses(403, Problems.NotLogged);
    }

    [Fact]
    public async Task TheListOfSeriesAndASpanWithoutSharesLeaveTheirTraceToo()
    {
        await _owner.BringAsync(SensingOwner.Item(_owner.Series), _owner.Batch(null, [1000, 2000]).Item);
        var (granted, series) = (_owner.Granted, _owner.Series.Id);
        var (ofSeries, ofList) = (_owner.Trace(granted, series, _sharing.Delegatee), _owner.Trace(granted, null, _sharing.Delegatee));
        await RefusesAsync(null, []);
        await RefusesAsync(null, ofSeries); // what names a series is no statement that all were looked at
        await RefusesAsync(_owner.Span(0, 9000), ofList);
        Assert.Empty((await AskAsync()).Lines);

        Assert.Single(await _owner.ListAsync(granted));
        Assert.Null(Assert.Single(await _owner.ReadAsync(granted, _owner.Span(5000, 9000))).Parcel);
        Assert.Equal([0, 1], (await AskAsync()).Lines.Select(line => AccessStatement.TryVerify(line.Statement, out var statement) ? statement.Subject.Items.Count : -1));
        await _owner.ListAsync(_owner.Own);
        Assert.Equal(2, (await AskAsync()).Lines.Count);

        async Task RefusesAsync(ReadingSpan? span, byte[] wrong) =>
            (await _trustee.PostAsync(Paths.ReadingRequests, _owner.Ask(granted, span, trace: wrong).Signed)).Refuses(403, Problems.NotLogged);
    }

    private JournalRequest Request(DateTimeOffset? since = null, long from = 0) =>
        JournalRequest.Create(_sharing.Owner, _trustee.Key, since ?? DateTimeOffset.UnixEpoch, from, _trustee.Time.Now);

    private async Task<Journal> AskAsync(DateTimeOffset? since = null, long from = 0)
    {
        var request = Request(since, from);
        var answer = await PostAsync(request);
        Assert.Equal((200, ""), (answer.Status, answer.Problem));
        Assert.True(Journal.TryVerify(answer.Bytes, request, out var journal));
        return journal;
    }

    private Task<Answer> PostAsync(JournalRequest request) => _trustee.PostAsync(Paths.WitnessJournal, request.Signed);
}
