using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Transport;

/// <summary>The routes of one trustee. Requests and answers are the binary messages of the protocol; record bytes never go there.</summary>
internal sealed class TrusteeApi(HttpClient http, TrusteeParty party)
{
    private readonly Channel _channel = new(http, party.Url, party.Name);

    public string Name => party.Name;

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
}
