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

    /// <summary>Whether it is the alarm that is in the way; without it something else is, for these servers take nothing.</summary>
    private static async Task<bool> IsHeldUpAsync(Func<Task> gift)
    {
        var failure = await Record.ExceptionAsync(gift);
        return failure is CannotException { Code: Reasons.OpenAlarm };
    }
}
