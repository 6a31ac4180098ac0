using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Client.Sharing;
using Salus.Protocol.Http;

namespace Salus.Browser.Operations;

/// <summary>What is kept between calls: the profile, the servers, and while it is unlocked the account and what its user was shown and has not confirmed yet.</summary>
public sealed class Session(string profileFolder, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly SemaphoreSlim _storing = new(1, 1);
    private readonly List<(AlarmException Alarm, string Operation)> _unkept = [];
    private CancellationTokenSource _unlocked = new();
    private Account? _account;
    private PartyDirectory? _discovered;
    private Task _behind = Task.CompletedTask;

    public Profile Profile { get; } = new(profileFolder);

    public TimeProvider Clock { get; } = clock;

    /// <summary>Where the page says that the cloud is: start tells it.</summary>
    public Uri? Cloud { get; set; }

    public bool IsUnlocked => _account is not null;

    public Account Account => _account ?? throw new LockedException();

    /// <summary>What was shown for confirmation.</summary>
    internal Shown Shown { get; private set; } = new();

    /// <summary>What could not be finished of what was begun before the account was unlocked; nothing while that is still being tried.</summary>
    public IReadOnlyCollection<string> Unfinished { get; private set; } = [];

    /// <summary>The servers that the profile has pinned; while there is none, those that the cloud names.</summary>
    public async Task<PartyDirectory> PartiesAsync(CancellationToken cancel) => Profile.Exists
        ? Profile.Load().Parties
        : _discovered ??= await Enrolment.DiscoverAsync(Cloud ?? throw new InvalidOperationException("The first operation is start."), null, cancel);

    /// <summary>What begins an account here, or a session of the one that is here. Where nothing is to be left of another, nothing is: it could have been written while it was forgotten.</summary>
    /// <param name="device">What a new session is to be called.</param>
    /// <param name="operation">What is being done, for the list of alarms.</param>
    public async Task<Enrolment> EnrolAsync(string? device, string operation, CancellationToken cancel)
    {
        if (!Profile.Exists)
            Profile.Forget();
        return new Enrolment(Profile, await PartiesAsync(cancel)) { Device = device, Operation = operation };
    }

    /// <summary>Ends when the account is locked.</summary>
    public CancellationToken Ended => _unlocked.Token;

    /// <summary>Runs what changes something after whatever else changes something: two of them never meet in the middle.</summary>
    public Task<T> ChangeAsync<T>(Func<Task<T>> change, CancellationToken cancel) => InTurnAsync(_changing, change, cancel);

    /// <summary>
    /// The same for what goes through the outbox, the search index or the directory, in a row of its own: it may take long, and no revocation waits for it. Whoever is in both rows
    /// takes the turn to change something first.
    /// </summary>
    public Task<T> StoreAsync<T>(Func<Task<T>> change, CancellationToken cancel) => InTurnAsync(_storing, change, cancel);

    /// <summary>Takes the account over, in place of the one before it. What an earlier session could not finish is tried behind the operations, before anything else is changed.</summary>
    public async Task UnlockAsync(Account account)
    {
        Lock();
        _account = account;
        var unkept = _unkept.ToArray();
        _unkept.Clear();
        foreach (var (alarm, operation) in unkept)
            await KeepAsync(alarm, operation);
        _behind = Task.WhenAll(_behind, FinishAsync(account, _unlocked.Token));
    }

    /// <summary>Does something after the operation that asks for it, when nothing is being stored. What fails is done another time; an alarm is kept.</summary>
    public void Later(string operation, Func<Account, CancellationToken, Task> work)
    {
        var (account, ended) = (_account, Ended);
        if (account is not null)
            _behind = Task.WhenAll(_behind, LaterAsync(operation, _storing, () => work(account, ended), ended));
    }

    /// <summary>Keeps an alarm in the account's log; until there is one unlocked that takes it, here. Whatever stands in the way of that, the alarm itself is told.</summary>
    public async Task KeepAsync(AlarmException alarm, string operation)
    {
        try
        {
            if (_account is { } account)
            {
                await new AlarmLog(account).KeepAsync(alarm, operation);
                return;
            }
        }
        catch (Exception)
        {
            // The disk is full, or the account was locked meanwhile.
        }
        if (_unkept.Count < AlarmLog.Max)
            _unkept.Add((alarm, operation));
    }

    /// <summary>Keeps the alarms that were raised while an operation went on; false when there were none.</summary>
    public async Task<bool> KeepRaisedAsync(string operation)
    {
        var raised = _account?.TakeRaised() ?? [];
        foreach (var alarm in raised)
            await KeepAsync(alarm, operation);
        return raised.Count > 0;
    }

    public Task SettleAsync() => _behind;

    /// <summary>Zeroes the keys and forgets what was shown.</summary>
    public void Lock()
    {
        _unlocked.Cancel();
        _unlocked.Dispose();
        _unlocked = new CancellationTokenSource();
        foreach (var alarm in _account?.TakeRaised() ?? [])
            _unkept.Add((alarm, "lock"));
        _account?.Dispose();
        Shown.Dispose();
        (_account, Shown, Unfinished) = (null, new Shown(), []);
    }

    /// <summary>Removes what this browser keeps of the account, which is locked: what was being stored has been stopped and is waited for.</summary>
    public Task ForgetAsync() => StoreAsync(() =>
    {
        Profile.Forget();
        _discovered = null;
        _unkept.Clear();
        return Task.FromResult(true);
    }, CancellationToken.None);

    public void Dispose()
    {
        Lock();
        _unlocked.Dispose();
        _changing.Dispose();
        _storing.Dispose();
    }

    private Task FinishAsync(Account account, CancellationToken ended) => LaterAsync("unlock", _changing, async () =>
    {
        var granting = new Granting(account);
        try
        {
            await granting.FinishAsync(ended);
        }
        finally
        {
            Unfinished = granting.Complaints;
        }
    }, ended);

    private static async Task<T> InTurnAsync<T>(SemaphoreSlim row, Func<Task<T>> change, CancellationToken cancel)
    {
        await row.WaitAsync(cancel);
        try
        {
            return await change();
        }
        finally
        {
            row.Release();
        }
    }

    private async Task LaterAsync(string operation, SemaphoreSlim row, Func<Task> work, CancellationToken ended)
    {
        try
        {
            await InTurnAsync(row, async () =>
            {
                ended.ThrowIfCancellationRequested();
                await work();
                return true;
            }, ended);
        }
        catch (AlarmException alarm)
        {
            await KeepAsync(alarm, operation);
        }
        catch (Exception failure) when (failure is CannotException or RefusedException or UnreachableException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Done another time.
        }
        await KeepRaisedAsync(operation);
    }
}

/// <summary>The operation needs an unlocked account.</summary>
public sealed class LockedException() : Exception("The account is locked.");
