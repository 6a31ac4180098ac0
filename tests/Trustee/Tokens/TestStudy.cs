using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Oprf;
using Salus.Crypto.Reencryption;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Studies;

namespace Salus.Trustee.Tests.Tokens;

/// <summary>A study at one trustee, whose two fellows are its configured strangers, and what people do with it over HTTP.</summary>
internal sealed class TestStudy : IDisposable
{
    private readonly SigningKey _researcher = SigningKey.Generate();

    private TestStudy(TrusteeHost trustee, Func<StudyTerms, StudyTerms>? change)
    {
        Trustee = trustee;
        using var custodian = SigningKey.Generate();
        var terms = new StudyTerms(Identifier.Random<StudyId>(), Card(_researcher), Card(custodian), Protocol.Studies.Study.InOrder([trustee.Key, .. Others(trustee)]),
            "Sleep", "Whether sleep helps.", "", ["Patient"], [new("age", "")], "", ReleaseRules.Default, 0, [], [], [], trustee.Time.Now.AddDays(-1), trustee.Time.Now.AddDays(30));
        Study = Protocol.Studies.Study.Create(_researcher, change?.Invoke(terms) ?? terms);
    }

    public TrusteeHost Trustee { get; }

    public Study Study { get; }

    public SigningKey Researcher => _researcher;

    public OprfElement Key { get; private set; } = null!;

    public static async Task<TestStudy> OpenAsync(TrusteeHost trustee, Func<StudyTerms, StudyTerms>? change = null)
    {
        var study = new TestStudy(trustee, change);
        var answer = await study.PutAsync();
        Assert.Equal((200, ""), (answer.Status, answer.Problem));
        Assert.True(TokenKey.TryVerify(answer.Bytes, trustee.Key, study.Study, out var word));
        study.Key = word.Key;
        return study;
    }

    public Task<Answer> PutAsync(byte[]? signed = null, byte[]? ticket = null) => Trustee.SendAsync(HttpMethod.Put, At(Paths.Study), signed ?? Study.Signed,
        (Paths.TicketHeader, Convert.ToBase64String(ticket ?? Ticket(_researcher))));

    public Task<Answer> EndAsync(SigningKey by) => Trustee.PostAsync(At(Paths.StudyEnd), StudyEnd.Create(by, Study.Id, Trustee.Time.Now).Signed);

    public string At(string path) => path.Replace("{id}", Study.Id.ToString(), StringComparison.Ordinal);

    public byte[] Ticket(SigningKey account) => HardeningTicket.Create(Trustee.Cloud, account.PublicKey, Trustee.Time.Now).Signed;

    public Task<Answer> AskAsync(SigningKey account, BlindedInput nonce) => Trustee.PostAsync(Paths.Tokens,
        TokenRequest.Create(account, Trustee.Key, Study.Id, Trustee.Time.Now, nonce.Element, Ticket(account)).Signed);

    /// <summary>A token of the account's, by a nonce of its own.</summary>
    public async Task<(byte[] Nonce, Secret Token)> TakeTokenAsync(SigningKey account)
    {
        var nonce = RandomNumberGenerator.GetBytes(Redemption.NonceSize);
        using var blinded = BlindedInput.Blind(nonce);
        var answer = await AskAsync(account, blinded);
        Assert.Equal((200, ""), (answer.Status, answer.Problem));
        Assert.True(Evaluation.TryParse(answer.Bytes, out var evaluation));
        Assert.True(blinded.TryFinish(Key, evaluation, out var token));
        return (nonce, token);
    }

    public Task<Answer> SpendAsync((byte[] Nonce, Secret Token) token, byte[] digest, StudyId? study = null) =>
        Trustee.PostAsync(Paths.Redemptions, Redemption.Create(Trustee.Key, study ?? Study.Id, token.Nonce, digest, token.Token).ToBytes());

    public void Dispose() => _researcher.Dispose();

    private static AccountCard Card(SigningKey key)
    {
        using var box = new UnboxingKey(new byte[32]);
        return AccountCard.Create(key, ReceivingKey.FromSeed(RandomNumberGenerator.GetBytes(ReceivingKey.SeedSize)).PublicKey, box.PublicKey, 1);
    }

    private static IEnumerable<VerifyingKey> Others(TrusteeHost trustee) =>
        trustee.Others.Select(other => VerifyingKey.TryParse(Convert.FromHexString(other.Key), out var key) ? key : throw new InvalidOperationException("A member has a key."));
}
