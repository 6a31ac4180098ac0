using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Protocol.Http;

namespace Salus.Browser.Operations;

/// <summary>What is kept between calls: the profile, the servers, and the account while it is unlocked.</summary>
public sealed class Session(string profileFolder, TimeProvider clock) : IDisposable
{
    private Account? _account;

    public Profile Profile { get; } = new(profileFolder);

    public TimeProvider Clock { get; } = clock;

    /// <summary>Where the page says that the cloud is; null before start.</summary>
    public Uri? Cloud { get; set; }

    /// <summary>The servers, asked for by start when there is no profile that knows them.</summary>
    public PartyDirectory? Parties { get; set; }

    public bool IsUnlocked => _account is not null;

    public Account Account => _account ?? throw new LockedException();

    /// <summary>Takes the account over, in place of the one before it.</summary>
    public void Unlock(Account account)
    {
        _account?.Dispose();
        _account = account;
    }

    public void Lock()
    {
        _account?.Dispose();
        _account = null;
    }

    public void Dispose() => Lock();
}

/// <summary>The operation needs an unlocked account.</summary>
public sealed class LockedException() : Exception("The account is locked.");
