using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Studies;
using Salus.Protocol;

namespace Salus.Browser.Operations;

/// <summary>
/// What the user was shown and may confirm: exactly that is taken, and no server is asked again in between. It is gone when the account is locked.
/// </summary>
internal sealed class Shown : IDisposable
{
    private const int MaxProposals = 64;

    private readonly SortedDictionary<int, object> _proposals = [];
    private readonly Dictionary<string, Contact> _newKeys = [];
    private readonly Dictionary<StudyId, KnownStudy> _studies = [];
    private int _last;
    private KitRenewal? _renewal;

    /// <summary>Keeps a proposal under a number of its own; the oldest give way.</summary>
    public int Add(object proposal)
    {
        _proposals.Add(++_last, proposal);
        if (_proposals.Count > MaxProposals)
            _proposals.Remove(_proposals.Keys.First());
        return _last;
    }

    public T Proposal<T>(int number) where T : class => _proposals.GetValueOrDefault(number) as T ?? throw Gone();

    public static CannotException Gone() =>
        new("What you were shown is gone: it was confirmed already, or the account was locked meanwhile. Nothing was shared; begin again.", Reasons.NoProposal);

    /// <summary>It was confirmed: nobody confirms it twice.</summary>
    public void Remove(int number) => _proposals.Remove(number);

    /// <summary>Keeps somebody's changed card as it was shown.</summary>
    public void Add(Contact changed) => _newKeys[changed.Mail] = changed;

    /// <summary>The changed card that was shown.</summary>
    public Contact NewKey(string mail) => _newKeys.GetValueOrDefault(mail.Trim().ToLowerInvariant())
        ?? throw new CannotException("No new fingerprint was shown for this address. Nothing was changed; begin again.", Reasons.NoProposal);

    /// <summary>Keeps a study as it was listed.</summary>
    public void Add(KnownStudy study) => _studies[study.Id] = study;

    /// <summary>The study as it was listed last; null when it was not.</summary>
    public KnownStudy? Study(StudyId id) => _studies.GetValueOrDefault(id);

    /// <summary>Keeps the recovery kit that was shown last and is not in force yet, until the account is locked.</summary>
    public void Add(KitRenewal renewal)
    {
        _renewal?.Dispose();
        _renewal = renewal;
    }

    /// <summary>The renewal whose kit was shown.</summary>
    public KitRenewal Renewal(RecoveryKit kit) => _renewal is { } renewal && renewal.Is(kit)
        ? renewal
        : throw new CannotException("This recovery kit was not made here since the account was unlocked. The one before it is in force; begin again.", Reasons.NoKit);

    public void Dispose() => _renewal?.Dispose();

    public void RemoveNewKey(string mail) => _newKeys.Remove(mail.Trim().ToLowerInvariant());
}
