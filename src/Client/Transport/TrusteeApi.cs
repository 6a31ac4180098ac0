using System.Security.Cryptography;
using Salus.Client.Requests;
using Salus.Crypto.Oprf;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;
using Salus.Protocol.Readings;
using Salus.Protocol.Statistics;
using Salus.Protocol.Studies;

namespace Salus.Client.Transport;

/// <summary>The routes of one trustee. Requests and answers are the binary messages of the protocol; record bytes never go there.</summary>
internal sealed class TrusteeApi(HttpClient http, TrusteeParty party)
{
    private const int MaxWord = 1024;

    private readonly Channel _channel = new(http, party.Url, party.Name) { Deadline = TimeSpan.FromSeconds(30) };

    /// <summary>For what the three trustees compute together: longer than they do.</summary>
    private readonly Channel _computing = new(http, party.Url, party.Name) { Deadline = TimeSpan.FromMinutes(12) };

    public string Name => party.Name;

    /// <summary>How long an answer may take. All that a trustee answers is short, and the others wait for it.</summary>
    public TimeSpan Deadline
    {
        get => _channel.Deadline;
        set => _channel.Deadline = value;
    }

    public VerifyingKey Key { get; } = PartyKeys.Verifying(party.Name, party.Key);

    public BoxKey Box { get; } = PartyKeys.Box(party.Name, party.Box);

    /// <summary>Hands a sealed kfrag over.</summary>
    public Task AddKFragAsync(byte[] sealedKFrag, CancellationToken cancel) =>
        _channel.SendAsync(HttpMethod.Post, Paths.KFrags, Channel.Binary(sealedKFrag), cancel);

    /// <summary>The answer, not verified yet.</summary>
    public Task<byte[]> ReencryptAsync(ReencryptionRequest request, CancellationToken cancel) =>
        _channel.SendAsync(HttpMethod.Post, Paths.Reencryptions, Channel.Binary(request.Signed), cancel);

    /// <summary>The trustee's receipt for a revocation; an alarm when it is not one.</summary>
    public async Task<RevocationReceipt> RevokeAsync(Revocation revocation, CancellationToken cancel)
    {
        var answer = await _channel.SendAsync(HttpMethod.Post, Paths.Revocations, Channel.Binary(revocation.Signed), cancel);
        return RevocationReceipt.TryVerify(answer, Key, revocation, out var receipt)
            ? receipt
            : throw new AlarmException(AlarmKind.Integrity, $"{party.Name} acknowledged the revocation with a receipt that is not its own.");
    }

    /// <summary>What this trustee contributes to a key that the three hold together; an alarm when it is not its own.</summary>
    public async Task<HardeningContribution> ContributionAsync(FunctionPurpose purpose, CancellationToken cancel)
    {
        var answer = await _channel.SendAsync(HttpMethod.Get, purpose is FunctionPurpose.Numbers ? Paths.HardeningContribution : Paths.ContentContribution, null, cancel);
        return HardeningContribution.TryVerify(answer, out var contribution) && contribution.Trustee.Equals(Key)
            ? contribution
            : throw new AlarmException(AlarmKind.Integrity, $"{party.Name} hands out a contribution to the hardening key that is not its own.");
    }

    /// <summary>Hands the three contributions over; the trustee's word which key they make.</summary>
    public async Task<HardeningKey> EstablishAsync(FunctionPurpose purpose, IReadOnlyList<HardeningContribution> three, CancellationToken cancel) => Verify(
        await _channel.SendAsync(HttpMethod.Put, KeyPath(purpose), Channel.Binary(HardeningContribution.EncodeAll(three)), cancel));

    /// <summary>The trustee's word which hardening key it holds a share of; null while there is none.</summary>
    public async Task<HardeningKey?> HardeningKeyAsync(FunctionPurpose purpose, CancellationToken cancel)
    {
        try
        {
            return Verify(await _channel.SendAsync(HttpMethod.Get, KeyPath(purpose), null, cancel));
        }
        catch (RefusedException refused) when (refused.Code == Problems.NotFound)
        {
            return null;
        }
    }

    /// <summary>The trustee's evaluation, whose proof is not verified yet.</summary>
    public async Task<Evaluation> EvaluateAsync(FunctionPurpose purpose, HardeningRequest request, CancellationToken cancel)
    {
        var answer = await _channel.SendAsync(HttpMethod.Post, purpose is FunctionPurpose.Numbers ? Paths.HardeningEvaluations : Paths.ContentEvaluations, Channel.Binary(request.Signed), cancel);
        return Evaluation.TryParse(answer, out var evaluation)
            ? evaluation
            : throw new AlarmException(AlarmKind.Integrity, $"{party.Name} sent an answer that is not what the protocol says.");
    }

    /// <summary>Hands a study over; the trustee's word which key it issues the study's tokens under.</summary>
    public async Task<TokenKey> KeepStudyAsync(Study study, byte[] ticket, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Path(Paths.Study, study.Id)) { Content = Channel.Binary(study.Signed) };
        request.Headers.Add(Paths.TicketHeader, Convert.ToBase64String(ticket));
        using var response = await _channel.SendAsync(request, cancel);
        return TokenKey.TryVerify(await _channel.ReadAsync(response, MaxWord, cancel), Key, study, out var word)
            ? word
            : throw new AlarmException(AlarmKind.Integrity, $"{party.Name} names the key of the study with a signature that is not its own.");
    }

    public Task EndStudyAsync(StudyEnd end, CancellationToken cancel) =>
        _channel.SendAsync(HttpMethod.Post, Path(Paths.StudyEnd, end.Study), Channel.Binary(end.Signed), cancel);

    /// <summary>The answer to a request for a token, whose proof is not verified yet.</summary>
    public async Task<Evaluation> IssueAsync(TokenRequest request, CancellationToken cancel)
    {
        var answer = await _channel.SendAsync(HttpMethod.Post, Paths.Tokens, Channel.Binary(request.Signed), cancel);
        return Evaluation.TryParse(answer, out var evaluation)
            ? evaluation
            : throw new AlarmException(AlarmKind.Integrity, $"{party.Name} sent an answer that is not what the protocol says.");
    }

    /// <summary>The trustee's answer to a researcher's question, which it computes with the two others.</summary>
    public async Task<StatisticsAnswer> AskAsync(StatisticsQuery query, CancellationToken cancel)
    {
        var answer = await _computing.SendAsync(HttpMethod.Post, Paths.StatisticsQueries, Channel.Binary(query.Signed), cancel);
        return StatisticsAnswer.TryVerify(answer, Key, query.Name, out var verified) && verified.Study == query.Study
            ? verified
            : throw new AlarmException(AlarmKind.Integrity, $"{party.Name} answers a question with a signature that is not its own.");
    }

    /// <summary>The trustee's word on what is left of a study's budget.</summary>
    public async Task<StatisticsBudget> BudgetAsync(StudyId study, CancellationToken cancel)
    {
        var answer = await _channel.SendAsync(HttpMethod.Get, Paths.StatisticsBudget.Replace("{study}", study.ToString(), StringComparison.Ordinal), null, cancel);
        return StatisticsBudget.TryVerify(answer, Key, study, out var budget)
            ? budget
            : throw new AlarmException(AlarmKind.Integrity, $"{party.Name} tells of the study's budget with a signature that is not its own.");
    }

    /// <summary>Claims a locked grant.</summary>
    public Task ClaimAsync(ReleaseClaim claim, CancellationToken cancel) => _channel.SendAsync(HttpMethod.Post, Paths.Claims, Channel.Binary(claim.Signed), cancel);

    private static string Path(string template, StudyId study) => template.Replace("{id}", study.ToString(), StringComparison.Ordinal);

    /// <summary>Brings readings; an alarm when the receipt is not the trustee's for these.</summary>
    public async Task AddReadingsAsync(ReadingUpload upload, CancellationToken cancel)
    {
        var answer = await _channel.SendAsync(HttpMethod.Post, Paths.Readings, Channel.Binary(upload.Signed), cancel);
        if (!ReadingReceipt.TryVerify(answer, upload, out _))
            throw new AlarmException(AlarmKind.Integrity, $"{party.Name} acknowledged readings with a receipt that is not its own.");
    }

    /// <summary>The content of the trustee's answer to a request for readings, not verified yet; an alarm when the answer is not the trustee's to this request.</summary>
    public async Task<byte[]> ReadingsAsync(ReadingRequest request, UnboxingKey answerKey, CancellationToken cancel)
    {
        var answer = await _channel.SendAsync(HttpMethod.Post, Paths.ReadingRequests, Channel.Binary(request.Signed), cancel);
        return ReadingAnswer.TryVerify(answer, request, out var read) && await read.OpenAsync(answerKey) is { } content
            ? content
            : throw new AlarmException(AlarmKind.Integrity, $"{party.Name} sent an answer that is not what the protocol says.");
    }

    /// <summary>The accesses that the trustee has answered, one page; an alarm when the answer is not the trustee's to this request. The statements are not verified yet.</summary>
    public async Task<Journal> JournalAsync(JournalRequest request, CancellationToken cancel)
    {
        var answer = await _channel.SendAsync(HttpMethod.Post, Paths.WitnessJournal, Channel.Binary(request.Signed), cancel);
        return Journal.TryVerify(answer, request, out var journal)
            ? journal
            : throw new AlarmException(AlarmKind.Integrity, $"{party.Name} shows a journal with a signature that is not its own, or another than was asked for.");
    }

    /// <summary>The trustee's word what the log has under a tag; an alarm when it is not its own, or not about that.</summary>
    public async Task<WitnessedTag> NewestAsync(LogKind kind, ReadOnlyMemory<byte> tag, CancellationToken cancel)
    {
        var nonce = RandomNumberGenerator.GetBytes(WitnessedTag.NonceSize);
        var path = $"{Paths.WitnessNewest}?kind={(byte)kind}&tag={Convert.ToHexStringLower(tag.Span)}&nonce={Convert.ToHexStringLower(nonce)}";
        var answer = await _channel.SendAsync(HttpMethod.Get, path, null, cancel);
        return WitnessedTag.TryVerify(answer, Key, out var word) && word.Kind == (byte)kind && word.Tag.AsSpan().SequenceEqual(tag.Span) && word.Nonce.AsSpan().SequenceEqual(nonce)
            ? word
            : throw new AlarmException(AlarmKind.Integrity, $"{party.Name} tells of the log with a signature that is not its own, or something else than was asked for.");
    }

    private static string KeyPath(FunctionPurpose purpose) => purpose is FunctionPurpose.Numbers ? Paths.HardeningKey : Paths.ContentKey;

    private HardeningKey Verify(byte[] word) => HardeningKey.TryVerify(word, Key, out var key)
        ? key
        : throw new AlarmException(AlarmKind.Integrity, $"{party.Name} names a hardening key with a signature that is not its own.");
}
