using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Salus.Crypto.Oprf;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Studies;

namespace Salus.Cloud.Tests.Studies;

/// <summary>A study at a test cloud, and contributions whose receipts its trustees have signed.</summary>
internal sealed class OpenedStudy
{
    private OpenedStudy(TestCloud cloud, Person researcher, Study study) => (Cloud, Researcher, Study) = (cloud, researcher, study);

    public TestCloud Cloud { get; }

    public Person Researcher { get; }

    public Study Study { get; }

    public static OpenedStudy Make(Person researcher, Person custodian, Func<StudyTerms, StudyTerms>? change = null)
    {
        var (cloud, now) = (researcher.Cloud, researcher.Cloud.Time.GetUtcNow());
        var terms = new StudyTerms(Identifier.Random<StudyId>(), researcher.Card, custodian.Card, Study.InOrder(cloud.Trustees.Select(trustee => trustee.PublicKey)), "Sleep",
            "Whether sleep helps.", "", ["Patient"], [new("age", "")], "", ReleaseRules.Default, 0, [], [], [], now.AddDays(-1), now.AddDays(30));
        return new OpenedStudy(cloud, researcher, Study.Create(researcher.Identity, change?.Invoke(terms) ?? terms));
    }

    public static async Task<OpenedStudy> OpenAsync(Person researcher, Person custodian, Func<StudyTerms, StudyTerms>? change = null)
    {
        var study = Make(researcher, custodian, change);
        await study.PostAsync().ShouldSucceedAsync();
        return study;
    }

    public IReadOnlyList<byte[]> Words(Study? of = null) => [.. (of ?? Study).Terms.Trustees.Select(key => Word(Trustee(key), of ?? Study))];

    public Task<HttpResponseMessage> PostAsync(Person? by = null, Study? study = null, IReadOnlyList<byte[]>? words = null) =>
        (by ?? Researcher).Http.PostAsJsonAsync(Paths.Studies, new OpenStudy((study ?? Study).Signed, words ?? Words(study)));

    public Task<HttpResponseMessage> EndAsync(Person by) =>
        by.Http.PostAsJsonAsync(At(Paths.StudyEnd), new SignedBytes(StudyEnd.Create(by.Identity, Study.Id, Cloud.Time.GetUtcNow()).Signed));

    public string At(string path, ContributionId contribution = default) => path.Replace("{id}", Study.Id.ToString(), StringComparison.Ordinal)
        .Replace("{contribution}", contribution.ToString(), StringComparison.Ordinal);

    /// <summary>A contribution, paid for at the first and the last trustee.</summary>
    public ContributionUpload Contribution(SigningKey withdrawal, byte[]? copy = null)
    {
        var bytes = copy ?? RandomNumberGenerator.GetBytes(CopySize.Smallest);
        var header = ContributionHeader.Create(withdrawal, Study.Id, bytes, []);
        return new ContributionUpload(header, Receipts(header), bytes);
    }

    public IReadOnlyList<byte[]> Receipts(ContributionHeader header) =>
        [.. new[] { 0, 2 }.Select(i => ContributionReceipt.Create(Trustee(Study.Terms.Trustees[i]), header.Study, header.Digest).Signed)];

    public Task<HttpResponseMessage> PutAsync(ContributionUpload upload) => PutAsync(upload.Header.Id, upload.ToBytes());

    public Task<HttpResponseMessage> PutAsync(ContributionId id, byte[] body) => Cloud.Http.PutAsync(At(Paths.Contribution, id), Octets(body));

    public Task<HttpResponseMessage> WithdrawAsync(SigningKey withdrawal) => Cloud.Http.PostAsync(At(Paths.Withdrawals), Octets(ContributionWithdrawal.Create(withdrawal, Study.Id).Signed));

    public static ByteArrayContent Octets(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return content;
    }

    public SigningKey Trustee(VerifyingKey key) => Cloud.Trustees.Single(trustee => trustee.PublicKey.Equals(key));

    private static byte[] Word(SigningKey trustee, Study study)
    {
        using var key = OprfKey.Derive(new byte[32], trustee.PublicKey.Bytes);
        return TokenKey.Create(trustee, study, key.PublicKey).Signed;
    }
}
