using System.Security.Cryptography;
using Salus.Client.Accounts;
using Salus.Client.Transport;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Studies;

namespace Salus.Client.Studies;

/// <summary>
/// Tokens: asked for as the account, spent as nobody. Each is checked against the trustee's key that the cloud lists for everybody, so that no trustee can mark an account's
/// token. Two trustees of three are enough; which two is left to chance.
/// </summary>
internal sealed class StudyTokens(Account account)
{
    /// <summary>Trustees that answered falsely or not at all, although the others sufficed.</summary>
    public ICollection<string> Complaints { get; } = [];

    /// <summary>Asks each trustee that <paramref name="kept"/> has no token of, as the account. Two are needed; the third helps when a trustee refuses to take its own.</summary>
    public async Task<IReadOnlyList<KeptToken>> TakeAsync(KnownStudy study, ParticipantKeys keys, IReadOnlyList<KeptToken> kept, CancellationToken cancel)
    {
        if (kept.Count == study.Terms.Trustees.Count)
            return kept;
        var ticket = await account.Cloud.HardeningTicketAsync(cancel);
        var tokens = new List<KeptToken>(kept);
        var failures = new List<Exception>();
        foreach (var trustee in InOrder(study.Terms).Where(trustee => kept.All(token => token.Trustee != trustee.Key.ToString())))
            try
            {
                using var token = await TakeAsync(study, keys, trustee, ticket, cancel);
                tokens.Add(new KeptToken(trustee.Key.ToString(), keys.TokenNonce(trustee.Key), token.Bytes.ToArray()));
            }
            catch (Exception failure) when (failure is UnreachableException or RefusedException or AlarmException)
            {
                Note(trustee, failure, failures);
            }
        return tokens.Count >= ContributionReceipt.Needed ? tokens : throw Explain(failures);
    }

    /// <summary>Two receipts for a contribution, for tokens that were taken before. Nothing is sent as the account.</summary>
    public async Task<IReadOnlyList<byte[]>> SpendAsync(IReadOnlyList<KeptToken> tokens, ContributionHeader header, AnonymousApi anonymous, CancellationToken cancel)
    {
        var receipts = new List<byte[]>();
        var failures = new List<Exception>();
        foreach (var kept in tokens)
        {
            var trustee = account.Trustees.First(known => known.Key.ToString() == kept.Trustee);
            using var token = Secret.CopyOf(kept.Token);
            try
            {
                receipts.Add(await anonymous.RedeemAsync(trustee, Redemption.Create(trustee.Key, header.Study, kept.Nonce, header.Digest, token), cancel));
            }
            catch (Exception failure) when (failure is UnreachableException or RefusedException or AlarmException)
            {
                Note(trustee, failure, failures);
            }
            if (receipts.Count == ContributionReceipt.Needed)
                return receipts;
        }
        throw Explain(failures);
    }

    private void Note(TrusteeApi trustee, Exception failure, List<Exception> failures)
    {
        failures.Add(failure);
        Complaints.Add($"{trustee.Name}: {failure.Message}");
    }

    /// <summary>The trustee's function of the nonce: the same however often it is asked for.</summary>
    private async Task<Secret> TakeAsync(KnownStudy study, ParticipantKeys keys, TrusteeApi trustee, byte[] ticket, CancellationToken cancel)
    {
        using var nonce = keys.BlindedNonce(trustee.Key);
        var answer = await trustee.IssueAsync(TokenRequest.Create(account.Keys.Identity, trustee.Key, study.Id, account.Now, nonce.Element, ticket), cancel);
        return nonce.TryFinish(study.TokenKeys[trustee.Key].Key, answer, out var token)
            ? token
            : throw new AlarmException(AlarmKind.KeyChanged,
                $"{trustee.Name} issues a token under another key than it has named to everybody: spent, it could tell whose it is. It was not spent.");
    }

    private static Exception Explain(List<Exception> failures)
    {
        if (failures.OfType<AlarmException>().FirstOrDefault() is { } alarm)
            return alarm;
        var codes = failures.OfType<RefusedException>().Select(refused => refused.Code).ToHashSet();
        if (codes.Contains(Problems.TokensUsed))
            return new CannotException("Your tokens for this study are spent, on an earlier contribution or an attempt on another device. Who has withdrawn, or lost an attempt, cannot contribute "
                + "again: the tokens see to it that everybody counts once.", Reasons.TokensUsed);
        return codes.Contains(Problems.StudyClosed) ? new CannotException("The study takes no contributions now.", Reasons.StudyClosed) : failures[0];
    }

    /// <summary>
    /// By chance, so that no trustee is asked more than the others. An organisation asks always the same two first: three trustees count its quota each for itself, and tokens
    /// of all three would pay for half as many contributions again.
    /// </summary>
    private IEnumerable<TrusteeApi> InOrder(StudyTerms terms)
    {
        if (terms.Organisations.Any(organisation => organisation.Account == account.Id))
            return terms.Trustees.Select(key => account.Trustees.First(trustee => trustee.Key.Equals(key)));
        var trustees = account.Trustees.ToArray();
        RandomNumberGenerator.Shuffle<TrusteeApi>(trustees);
        return trustees;
    }
}
