using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Salus.Client.Accounts;
using Salus.Client.Keys;
using Salus.Client.Profiles;
using Salus.Client.Studies;
using Salus.Client.Transport;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Studies;
using Salus.Testing;

namespace Salus.Client.Tests.Studies;

/// <summary>A custodian at a cloud that lists whatever a test puts there.</summary>
internal sealed class CustodianAccount : HttpMessageHandler
{
    private const int PageSize = 3;

    private static readonly DateTimeOffset Opens = DateTimeOffset.UtcNow.AddDays(-1);

    private readonly TemporaryFolder _folder = new();
    private readonly SigningKey[] _trustees = [.. Enumerable.Range(0, Study.TrusteeCount).Select(_ => SigningKey.Generate()).OrderBy(key => key.PublicKey.ToString(), StringComparer.Ordinal)];
    private readonly Keyring _researcher = Keyring.Generate();

    private CustodianAccount()
    {
    }

    public Account Account { get; private set; } = null!;

    /// <summary>What the cloud lists, in this order.</summary>
    public List<ContributionView> Listed { get; } = [];

    public Dictionary<ContributionId, byte[]> Copies { get; } = [];

    /// <summary>Names another next page, unless it answers null.</summary>
    public Func<string?, string?> Cursor { get; set; } = _ => null;

    public string Folder(string name) => _folder.File(name);

    public static async Task<CustodianAccount> CreateAsync()
    {
        var made = new CustodianAccount();
        var keys = Keyring.Generate("Ethics Board");
        var profile = new Profile(made._folder.File("profile"));
        var content = new ProfileContent(2, "board@example.org", keys.Card.Account.ToString(), keys.Card.Signed,
            new PartyDirectory(new Party("cloud", new Uri("http://localhost"), new string('0', 64)), [], []), [], null, null);
        made.Account = new Account(profile, content, keys, await LocalState.OpenAsync(profile, keys.Local, keys.Card.Account), TimeProvider.System, new HttpClient(made, disposeHandler: false));
        return made;
    }

    public Study Declare(StudyTerms terms) => Study.Create(_researcher.Identity, terms);

    public Study Declare(ReleaseRules rules, string sensitive, string[] resources, params string[] quasi) => Declare(new StudyTerms(
        Identifier.Random<StudyId>(), _researcher.Card, Account.Card, [.. _trustees.Select(key => key.PublicKey)], "Sleep", "Why.", "", resources,
        [.. quasi.Select(column => new QuasiIdentifier(column, ""))], sensitive, rules, 0, [], [], [], Opens, Opens + Limits.MaxStudyDuration));

    /// <summary>A contribution as a participant makes it, which the cloud does not list yet.</summary>
    public (ContributionView View, ContributionHeader Header, byte[] Copy, SigningKey Withdrawal) Contribution(Study study, byte[] content, SigningKey? withdrawal = null)
    {
        withdrawal ??= SigningKey.Generate();
        var copy = SealedCopy.Seal(Account.Card.Box, study.Id, withdrawal.PublicKey.Contribution(), content);
        var header = ContributionHeader.Create(withdrawal, study.Id, copy, []);
        return (new ContributionView(header.Signed, Receipts(study, header, 0, 1), null), header, copy, withdrawal);
    }

    public IReadOnlyList<byte[]> Receipts(Study study, ContributionHeader header, params int[] trustees) =>
        [.. trustees.Select(i => ContributionReceipt.Create(_trustees[i], study.Id, header.Digest).Signed)];

    /// <summary>One that the cloud lists.</summary>
    public ContributionHeader Contribute(Study study, ContributionCopy copy)
    {
        var made = Contribution(study, copy.ToBytes());
        Listed.Add(made.View);
        Copies[made.Header.Id] = made.Copy;
        return made.Header;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var parts = request.RequestUri!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        // An account that has released nothing yet.
        if (parts is ["v1", "epochs"])
            return Task.FromResult(Json(JsonSerializer.SerializeToUtf8Bytes(new SignedList([]), WireJson.Default.SignedList)));
        if (parts is ["v1", "records"])
            return Task.FromResult(Json(JsonSerializer.SerializeToUtf8Bytes(new CataloguePage([], null), WireJson.Default.CataloguePage)));
        if (parts is not ["v1", "studies", _, "contributions", ..])
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound));
        if (parts.Length == 5)
            return Task.FromResult(Identifier.TryParse(parts[4], out ContributionId id) && Copies.TryGetValue(id, out var copy)
                ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(copy) }
                : new HttpResponseMessage(HttpStatusCode.NotFound));
        var from = int.Parse(System.Web.HttpUtility.ParseQueryString(request.RequestUri.Query)["after"] ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        var next = from + PageSize < Listed.Count ? $"{from + PageSize:D9}" : null;
        var page = new ContributionPage([.. Listed.Skip(from).Take(PageSize)], Cursor(next) ?? next);
        return Task.FromResult(Json(JsonSerializer.SerializeToUtf8Bytes(page, WireJson.Default.ContributionPage)));
    }

    private static HttpResponseMessage Json(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    protected override void Dispose(bool disposing)
    {
        Account.Dispose();
        _folder.Dispose();
        base.Dispose(disposing);
    }
}
