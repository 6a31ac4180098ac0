using Salus.Client.Accounts;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Studies;

namespace Salus.Client.Studies;

/// <summary>
/// The studies that the cloud lists, each verified: the researcher's signature, the trustees that this device has pinned and their words about the tokens, the cards against
/// those that are pinned here. What was seen once stays as it was.
/// </summary>
public sealed class StudyList(Account account)
{
    /// <summary>What was left out and why: a list with one bad study is a list of the others.</summary>
    public ICollection<string> Complaints { get; } = [];

    public async Task<IReadOnlyList<KnownStudy>> AllAsync(CancellationToken cancel)
    {
        using var anonymous = account.OpenAnonymous();
        var studies = new List<KnownStudy>();
        foreach (var view in await anonymous.StudiesAsync(cancel))
            try
            {
                studies.Add(Verify(view));
            }
            catch (AlarmException alarm)
            {
                Complaints.Add(alarm.Message);
            }
        await account.State.SaveAsync();
        return [.. studies.OrderByDescending(study => study.Terms.Opens).ThenBy(study => study.Id.ToString(), StringComparer.Ordinal)];
    }

    public async Task<KnownStudy> OneAsync(StudyId id, CancellationToken cancel)
    {
        using var anonymous = account.OpenAnonymous();
        StudyView view;
        try
        {
            view = await anonymous.StudyAsync(id, cancel);
        }
        catch (RefusedException refused) when (refused.Code == Problems.NotFound)
        {
            throw account.State.Content.Studies.ContainsKey(id.ToString())
                ? new CannotException($"The study {id} is not listed any more: it ended long ago, or the cloud hides it.", Reasons.NoStudy)
                : new CannotException($"There is no study {id}. `salus study list` shows those that are open.", Reasons.NoStudy);
        }
        var study = Verify(view);
        if (study.Id != id)
            throw new AlarmException(AlarmKind.Integrity, "The cloud answers with another study than was asked for.");
        await account.State.SaveAsync();
        return study;
    }

    private KnownStudy Verify(StudyView view)
    {
        // 1 Signed, and the same as ever.
        if (!Study.TryVerify(view.Signed ?? [], out var study))
            throw new AlarmException(AlarmKind.Integrity, "The cloud lists a study whose signature does not hold.");
        var hash = Convert.ToHexStringLower(study.Hash);
        var key = study.Id.ToString();
        if (account.State.Content.Studies.TryGetValue(key, out var before) && before.Hash != hash)
            throw new AlarmException(AlarmKind.Rollback, $"The cloud shows other terms of the study {study.Id} than before.");

        // 2 By the trustees of this installation, each with one key for everybody.
        var words = new Dictionary<VerifyingKey, TokenKey>();
        foreach (var (trustee, signed) in study.Terms.Trustees.Zip(view.TokenKeys ?? []))
            words[trustee] = account.Trustees.Any(known => known.Key.Equals(trustee)) && TokenKey.TryVerify(signed ?? [], trustee, study, out var word)
                ? word : throw new AlarmException(AlarmKind.Integrity, $"The cloud lists the study {study.Id} without its trustees' words about its tokens, or with those of strangers.");
        if (words.Count != Study.TrusteeCount)
            throw new AlarmException(AlarmKind.Integrity, $"The cloud lists the study {study.Id} without its trustees' words about its tokens.");
        var tokens = Convert.ToHexStringLower(Crypto.Primitives.Sha256.Hash([.. study.Terms.Trustees.SelectMany(trustee => words[trustee].Key.Bytes.ToArray())]));
        if (before is not null && before.TokenKeys != tokens)
            throw new AlarmException(AlarmKind.KeyChanged, $"The trustees' keys of the study {study.Id} are other than before: tokens under a key of one's own would give a participant away.");

        // 3 Over, if its researcher says so; and whoever said so once has said so.
        StudyEnd? end = null;
        if (view.End is { } signedEnd && (!StudyEnd.TryVerify(signedEnd, out end) || !end.IsOf(study)))
            throw new AlarmException(AlarmKind.Integrity, $"The cloud shows an end of the study {study.Id} that its researcher did not sign.");
        if (end is null && before?.End is { } endBefore && StudyEnd.TryVerify(endBefore, out var kept) && kept.IsOf(study))
            end = kept;
        var (researcher, custodian) = (Party(study.Terms.Researcher), Party(study.Terms.Custodian));
        account.State.Content.Studies[key] = new Profiles.SeenStudy(hash, tokens, end?.Signed, study.Terms.Title);
        return new KnownStudy(study, words, end, researcher, custodian);
    }

    /// <summary>A card within a study must be the one that is pinned here, where one is.</summary>
    private StudyParty Party(AccountCard card)
    {
        if (card.Account == account.Id)
            return new StudyParty(card, account.Mail, true);
        var pinned = new Contacts(account).List().FirstOrDefault(contact => contact.Card.Account == card.Account);
        if (pinned is not null && (!pinned.Card.Box.Equals(card.Box) || !pinned.Card.Receiving.Equals(card.Receiving) || pinned.Card.Kind != card.Kind || pinned.Card.Name != card.Name))
            throw new AlarmException(AlarmKind.KeyChanged, $"A study names other keys, or another name, of {pinned.Mail} than this device knows.");
        return new StudyParty(card, pinned?.Mail, pinned?.Verified ?? false);
    }
}
