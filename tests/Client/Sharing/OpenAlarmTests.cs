using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Client.Keys;
using Salus.Client.Profiles;
using Salus.Client.Requests;
using Salus.Client.Sharing;
using Salus.Client.Tests.Log;
using Salus.Protocol;
using Salus.Testing;
using Salus.Trustee.Tests;

namespace Salus.Client.Tests.Sharing;

/// <summary>Nothing is given to anybody while it is open whether servers tell this device what they tell others; whoever asks for it.</summary>
public sealed class OpenAlarmTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Keyring _owner = Keyring.Generate();
    private readonly Keyring _reader = Keyring.Generate();
    private readonly LogServer _server = new(new TestLog());

    public void Dispose()
    {
        _owner.Dispose();
        _reader.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(AlarmKind.Fork, true)]
    [InlineData(AlarmKind.Rollback, true)]
    [InlineData(AlarmKind.Integrity, false)]
    public async Task SharingDepositingAndApprovingWaitUntilAnAlarmAboutAnotherHistoryIsAcknowledged(AlarmKind kind, bool waits)
    {
        using var account = await _server.AccountAsync(_folder.File("profile"), _owner, TimeProvider.System);
        var alarms = new AlarmLog(account);
        await alarms.KeepAsync(new AlarmException(kind, "two stories"), "log");
        var (now, to) = (TimeProvider.System.GetUtcNow(), new Contact("doctor@example.org", _reader.Card, true));
        var share = new ShareProposal(to, GrantRole.Doctor, Purpose.Treatment, [], now, Limits.NoEnd, History.Whole);
        Func<Task>[] gifts =
        [
            () => new Granting(account).ConfirmAsync(share, CancellationToken.None),
            () => new Granting(account).ConfirmLockedAsync(share, account.Keys.LockedGrant("12"), CancellationToken.None),
            () => new Depositing(account).ConfirmAsync(new DepositProposal(to, [], now, Limits.NoEnd), CancellationToken.None),
            () => new AccessRequests(account).ApproveAsync(new IncomingAccess("12", "pending", now, now, to, null, null), share, CancellationToken.None),
        ];
        foreach (var gift in gifts)
            Assert.Equal(waits, await IsHeldUpAsync(gift));
        Assert.Equal(waits, _server.Requests == 0);
        await alarms.AcknowledgeAsync(alarms.List()[0].Id);
        foreach (var gift in gifts)
            Assert.False(await IsHeldUpAsync(gift));
    }

    [Theory]
    [InlineData(AlarmKind.Fork)]
    [InlineData(AlarmKind.Rollback)]
    public async Task AnAlarmAboutAnotherHistoryIsNotBuriedUnderOthers(AlarmKind kind)
    {
        using var account = await _server.AccountAsync(_folder.File("profile"), _owner, TimeProvider.System);
        var alarms = new AlarmLog(account);
        await alarms.KeepAsync(new AlarmException(AlarmKind.Integrity, "seen"), "log");
        await alarms.AcknowledgeAsync(alarms.List()[0].Id);
        await alarms.KeepAsync(new AlarmException(kind, "two stories"), "log");
        for (var i = 0; i < AlarmLog.Max - 1; i++)
            await alarms.KeepAsync(new AlarmException(AlarmKind.Unlogged, $"not in the log: {i}"), "log");
        // What was acknowledged goes first.
        Assert.DoesNotContain(alarms.List(), alarm => alarm.Acknowledged);
        for (var i = 0; i < 100; i++)
            await alarms.KeepAsync(new AlarmException(AlarmKind.Unlogged, $"not in the log either: {i}"), "log");
        Assert.Equal((AlarmLog.Max, "two stories", "not in the log: 100"), (alarms.List().Count, alarms.List()[^1].Message, alarms.List()[^2].Message));
        // Under many of the other kind of them one is left, and of its own the newest.
        for (var i = 0; i < AlarmLog.Max + 9; i++)
            await alarms.KeepAsync(new AlarmException(kind == AlarmKind.Fork ? AlarmKind.Rollback : AlarmKind.Fork, $"another story: {i}"), "log");
        Assert.Equal((AlarmLog.Max, 1), (alarms.List().Count, alarms.List().Count(alarm => alarm.Kind == kind)));
        Assert.Equal(Reasons.OpenAlarm, Assert.Throws<CannotException>(alarms.RequireNoOtherHistory).Code);
    }

    /// <summary>Whether it is the alarm that is in the way; without it something else is, for these servers take nothing.</summary>
    private static async Task<bool> IsHeldUpAsync(Func<Task> gift)
    {
        var failure = await Record.ExceptionAsync(gift);
        return failure is CannotException { Code: Reasons.OpenAlarm };
    }
}
