using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Salus.Crypto.Merkle;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;
using Salus.Trustee.Witness;

namespace Salus.Trustee.Tests.Witness;

/// <summary>A trustee that follows a log of its own test.</summary>
public sealed class FollowTests : IAsyncLifetime
{
    private readonly TestLog _log = new();
    private TrusteeHost _trustee = null!;

    public async ValueTask InitializeAsync() => _trustee = await TrusteeHost.StartAsync();

    public ValueTask DisposeAsync() => _trustee.DisposeAsync();

    [Fact]
    public async Task FollowsInAnyPiecesAndCosignsEachSize()
    {
        Fill(300);
        foreach (var (from, to) in ((long, long)[])[(0, 1), (1, 7), (7, 256), (256, 300), (300, 300)])
            CheckCosigned(await FollowAsync(from, to), to);
        await _trustee.RestartAsync();
        Fill(1);
        CheckCosigned(await FollowAsync(300, 301), 301);
    }

    [Fact]
    public async Task AnotherSizeIsAnsweredWithItsOwnAndNothingChanges()
    {
        Fill(20);
        await FollowAsync(0, 10);
        foreach (var (from, to) in ((long, long)[])[(0, 10), (0, 5), (9, 20), (11, 20), (0, 20)])
        {
            var answer = await PushAsync(_log.Push(from, to, _trustee.Time.Now));
            Assert.Equal((409, "10\n"), (answer.Status, Encoding.ASCII.GetString(answer.Bytes)));
        }
        CheckCosigned(await FollowAsync(10, 20), 20);
    }

    [Fact]
    public async Task NeverCosignsAnotherTreeOfASizeNorOneThatTookSomethingBack()
    {
        Fill(10);
        await FollowAsync(0, 10);
        var other = new TestLog();
        for (var i = 0; i < 12; i++)
            other.Append(Entry());
        // The same size with another root, and a larger tree that does not have what was followed: both signed by the log itself.
        foreach (var to in (long[])[10, 12])
            (await PushAsync(other.Push(10, to, _trustee.Time.Now))).Refuses(422, Problems.OtherTree);
        Assert.Equal(10, (await FollowedAsync()).Size);
        Fill(1);
        CheckCosigned(await FollowAsync(10, 11), 11);
    }

    [Fact]
    public async Task ACosignatureIsDatedWhileNoOtherCanBeGiven()
    {
        Fill(10);
        var committed = new List<string>();
        _trustee.Time.Read = () => committed.Add(_trustee.SqlAsync("SELECT count(*) FROM followed").GetAwaiter().GetResult().Trim());
        await FollowAsync(0, 10);
        _trustee.Time.Read = null;
        Assert.NotEmpty(committed);
        Assert.All(committed, rows => Assert.Equal("0", rows));
    }

    [Fact]
    public async Task WhoBringsOtherEntriesForTheLogsCheckpointHoldsNobodyUp()
    {
        Fill(4);
        var madeUp = WitnessPush.Encode(0, _log.Note(_trustee.Time.Now), [.. Enumerable.Range(0, 4).Select(_ => Entry().Bytes)]);
        await _trustee.InDatabaseAsync(async database =>
        {
            await using var transaction = await database.Database.BeginTransactionAsync();
            await database.LockFollowedAsync(_trustee.Key, default);
            (await PushAsync(madeUp).WaitAsync(TimeSpan.FromSeconds(10))).Refuses(422, Problems.OtherTree);
            return 0;
        });
        CheckCosigned(await FollowAsync(0, 4), 4);
    }

    [Fact]
    public async Task WhoPushesSlowlyIsCutOffAndDoesNotTakeAllTurns()
    {
        Fill(2);
        var slow = new List<TcpClient>();
        // Those that were first may have been cut off before the last has come: more come until a push finds no turn.
        for (var started = Stopwatch.GetTimestamp(); slow.Count < 4 || (await PushAsync([])).Status != 429;)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(1), "a push beside four slow ones had its turn");
            var client = new TcpClient();
            await client.ConnectAsync(_trustee.Url.Host, _trustee.Url.Port, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST {Paths.WitnessEntries} HTTP/1.1\r\nHost: {_trustee.Url.Authority}\r\nContent-Length: 1000\r\n\r\n"),
                TestContext.Current.CancellationToken);
            slow.Add(client);
        }
        var answers = new List<string>();
        foreach (var client in slow)
            using (client)
                answers.Add((await new StreamReader(client.GetStream()).ReadLineAsync(TestContext.Current.CancellationToken) ?? "")[..12]);
        Assert.All(answers, answer => Assert.Contains(answer, (string[])["HTTP/1.1 400", "HTTP/1.1 429"]));
        Assert.True(answers.Count(answer => answer == "HTTP/1.1 400") >= 4, string.Join(", ", answers));
        CheckCosigned(await FollowAsync(0, 2), 2);
    }

    [Fact]
    public async Task FollowsThePinnedLogAlone()
    {
        Fill(3);
        var push = _log.Push(0, 3, _trustee.Time.Now);
        using var stranger = NoteSigner.Log(TestLog.Seed(77));
        var root = new byte[MerkleTree.HashSize];
        MerkleTree.Root([], root);
        var foreign = new Checkpoint(stranger.Key.Name, 0, root);
        foreach (var wrong in (byte[][])
        [
            [], push[..^1], [.. push, 0], WitnessPush.Encode(0, SignedNote.Of(foreign.Text, [foreign.Sign(stranger)]).ToBytes(), []),
            WitnessPush.Encode(0, _log.Note(_trustee.Time.Now), []), new byte[64],
        ])
            (await PushAsync(wrong)).Refuses(400, Problems.BadRequest);
        Assert.Equal(413, (await PushAsync(new byte[Limits.MaxPush + 1])).Status);
        for (var i = 0; i < push.Length; i += 7)
        {
            var altered = (byte[])push.Clone();
            altered[i] ^= 1;
            Assert.Contains((await PushAsync(altered)).Status, (int[])[400, 409, 422]);
        }
        Assert.Equal(0, await _trustee.CountAsync<FollowedRow>());
    }

    [Fact]
    public async Task OfManyAtOnceEachEntryIsTakenOnce()
    {
        Fill(50);
        for (var size = 0L; size < 50; size += 10)
        {
            var push = _log.Push(size, size + 10, _trustee.Time.Now);
            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PushAsync(push)));
            Assert.Single(answers, answer => answer.Status == 200);
            Assert.All(answers.Where(answer => answer.Status != 200), answer => Assert.Equal(409, answer.Status));
        }
        Assert.Equal(50, (await FollowedAsync()).Size);
    }

    [Fact]
    public async Task TellsWhatTheLogHasUnderATagNewestFirst()
    {
        var (tag, other) = (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));
        foreach (var (of, number) in ((byte[], ulong)[])[(tag, 1), (other, 9), (tag, ulong.MaxValue), (tag, 5), (tag, 5)])
            _log.Append(LogEntry.Tagged(LogKind.State, of, number, Encoding.ASCII.GetBytes($"{number}")));
        _log.Append(LogEntry.Tagged(LogKind.Page, tag, 2, [1]));
        var before = await NewestAsync(LogKind.State, tag);
        Assert.Equal((0L, 0u), (before.Size, before.Total));
        await FollowAsync(0, 6);
        var word = await NewestAsync(LogKind.State, tag);
        Assert.Equal((6L, 3u), (word.Size, word.Total));
        Assert.Equal([(ulong.MaxValue, 2L), (5, 3), (1, 0)], word.Entries.Select(entry => (entry.Version, entry.Index)));
        Assert.Equal(SHA256.HashData("5"u8), word.Entries[1].Digest);
        Assert.Equal((await FollowedAsync()).Root, word.Root);
        Assert.Empty((await NewestAsync(LogKind.State, RandomNumberGenerator.GetBytes(32))).Entries);
        Assert.Equal(1u, (await NewestAsync(LogKind.Page, tag)).Total);
    }

    [Fact]
    public async Task OfVeryManyUnderATagTheNewestAreToldAndHowManyThereAre()
    {
        var tag = RandomNumberGenerator.GetBytes(32);
        for (var number = 0UL; number < 100; number++)
            _log.Append(LogEntry.Tagged(LogKind.State, tag, number, [1]));
        await FollowAsync(0, 100);
        var word = await NewestAsync(LogKind.State, tag);
        Assert.Equal((100u, Limits.MaxTagged, 99UL), (word.Total, word.Entries.Count, word.Entries[0].Version));
    }

    [Fact]
    public async Task NothingIsPushedOutOfSightByManyOfAnother()
    {
        var tag = RandomNumberGenerator.GetBytes(32);
        _log.Append(LogEntry.Tagged(LogKind.Card, tag, 1, "the owner's"u8));
        for (var i = 0; i < 3 * Limits.MaxTagged; i++)
            _log.Append(LogEntry.Tagged(LogKind.Card, tag, 1000, "another"u8));
        foreach (var (from, to) in ((long, long)[])[(0, 50), (50, 51), (51, 3 * Limits.MaxTagged + 1)])
            await FollowAsync(from, to);
        var word = await NewestAsync(LogKind.Card, tag);
        Assert.Equal(2u, word.Total);
        Assert.Equal([(1000UL, 1L), (1, 0)], word.Entries.Select(entry => (entry.Version, entry.Index)));
        Assert.Equal(SHA256.HashData("the owner's"u8), word.Entries[1].Digest);
    }

    [Fact]
    public async Task TellsTheDirectoryKeyOfItsConfigurationToWhoeverAsksForCards()
    {
        var tag = RandomNumberGenerator.GetBytes(32);
        Assert.Equal(TestLog.Directory, (await NewestAsync(LogKind.Card, tag)).Directory);
        foreach (var kind in (LogKind[])[LogKind.State, LogKind.Page])
            Assert.Empty((await NewestAsync(kind, tag)).Directory);
    }

    [Theory]
    [InlineData("?kind=32&tag=T&nonce=T")]
    [InlineData("?kind=2&tag=T")]
    [InlineData("?kind=2&tag=T&nonce=00")]
    [InlineData("?kind=-2&tag=T&nonce=T")]
    [InlineData("?kind=2&tag=T00&nonce=T")]
    [InlineData("")]
    public async Task RefusesQuestionsThatAreNone(string query) =>
        (await _trustee.SendAsync(HttpMethod.Get, Paths.WitnessNewest + query.Replace("T", new string('a', 64), StringComparison.Ordinal))).Refuses(400, Problems.BadRequest);

    private static LogEntry Entry() => LogEntry.Of(LogKind.Roots, RandomNumberGenerator.GetBytes(40));

    private void Fill(int count)
    {
        for (var i = 0; i < count; i++)
            _log.Append(Entry());
    }

    private Task<Answer> PushAsync(byte[] push) => _trustee.PostAsync(Paths.WitnessEntries, push);

    private async Task<string> FollowAsync(long from, long to)
    {
        var answer = await PushAsync(_log.Push(from, to, _trustee.Time.Now));
        Assert.Equal((200, ""), (answer.Status, answer.Problem));
        return Encoding.UTF8.GetString(answer.Bytes);
    }

    private void CheckCosigned(string line, long size)
    {
        Assert.True(NoteSignature.TryParse(line, out var signature));
        Assert.True(WitnessPush.TryParse(_log.Push(size, size, _trustee.Time.Now), out var push));
        Assert.True(SignedNote.TryParse(push.Note, out var note));
        var at = Cosignature.Verify(_trustee.WitnessKey, note.Text, signature);
        Assert.Equal(_trustee.Time.Now.ToUnixTimeSeconds(), at?.ToUnixTimeSeconds());
    }

    private async Task<WitnessedTag> NewestAsync(LogKind kind, byte[] tag)
    {
        var nonce = RandomNumberGenerator.GetBytes(WitnessedTag.NonceSize);
        var answer = await _trustee.SendAsync(HttpMethod.Get, $"{Paths.WitnessNewest}?kind={(int)kind}&tag={Convert.ToHexString(tag)}&nonce={Convert.ToHexString(nonce)}");
        Assert.Equal((200, ""), (answer.Status, answer.Problem));
        Assert.True(WitnessedTag.TryVerify(answer.Bytes, _trustee.Key, out var word));
        Assert.Equal(((byte)kind, _trustee.Time.Now), (word.Kind, word.At));
        Assert.Equal(tag, word.Tag);
        Assert.Equal(nonce, word.Nonce);
        return word;
    }

    private Task<FollowedRow> FollowedAsync() => _trustee.InDatabaseAsync(database => database.Followed.AsNoTracking().SingleAsync());
}
