using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Transport;

/// <summary>The routes of the cloud. It is trusted with nothing: whatever it answers is verified by the caller.</summary>
internal sealed class CloudApi(HttpClient http, Uri root)
{
    /// <summary>Bytes of a signed state in JSON, at most.</summary>
    private const int MaxState = 256 * 1024;

    private readonly Channel _channel = new(http, root, "cloud");

    /// <summary>The search index; one session with the rest.</summary>
    public IndexApi Index => new(_channel);

    /// <summary>The directory and requests for access.</summary>
    public RequestApi Requests => new(_channel);

    public PasskeyApi Passkeys => new(_channel);

    public LogApi Log => new(_channel);

    /// <summary>What a researcher and a custodian do with studies. Participants go by <see cref="AnonymousApi"/>.</summary>
    public StudyApi Studies => new(_channel);

    /// <summary>The session's bearer token.</summary>
    public string? Token { get => _channel.Token; set => _channel.Token = value; }

    public Task<PartyDirectory> PartiesAsync(CancellationToken cancel) =>
        _channel.SendAsync(HttpMethod.Get, Paths.Parties, null, WireJson.Default.PartyDirectory, cancel);

    public Task<CodeSent> StartRegistrationAsync(string mail, CancellationToken cancel) => _channel.SendAsync(HttpMethod.Post, Paths.Registrations,
        Channel.Json(new MailRequest(mail), WireJson.Default.MailRequest), WireJson.Default.CodeSent, cancel);

    public Task<SessionStarted> CompleteRegistrationAsync(string id, CompleteRegistration body, CancellationToken cancel) =>
        _channel.SendAsync(HttpMethod.Post, Path(Paths.CompleteRegistration, id), Channel.Json(body, WireJson.Default.CompleteRegistration),
            WireJson.Default.SessionStarted, cancel);

    public Task<CodeSent> StartLoginAsync(string mail, CancellationToken cancel) => _channel.SendAsync(HttpMethod.Post, Paths.Logins,
        Channel.Json(new MailRequest(mail), WireJson.Default.MailRequest), WireJson.Default.CodeSent, cancel);

    public Task<SessionStarted> CompleteLoginAsync(string id, CompleteLogin body, CancellationToken cancel) =>
        _channel.SendAsync(HttpMethod.Post, Path(Paths.CompleteLogin, id), Channel.Json(body, WireJson.Default.CompleteLogin), WireJson.Default.SessionStarted, cancel);

    public Task LogoutAsync(bool everywhere, CancellationToken cancel) =>
        _channel.SendAsync(HttpMethod.Delete, everywhere ? Paths.Sessions : Paths.Session, null, cancel);

    public Task<SessionList> SessionsAsync(CancellationToken cancel) => _channel.SendAsync(HttpMethod.Get, Paths.Sessions, null, WireJson.Default.SessionList, cancel);

    public Task EndSessionAsync(string id, CancellationToken cancel) => _channel.SendAsync(HttpMethod.Delete, Path(Paths.OneSession, id), null, cancel);

    public Task<AccountView> AccountAsync(CancellationToken cancel) =>
        _channel.SendAsync(HttpMethod.Get, Paths.Account, null, WireJson.Default.AccountView, cancel);

    public Task ReplaceSecretAsync(ReplaceSecret body, CancellationToken cancel) =>
        _channel.SendAsync(HttpMethod.Put, Paths.AccountKeys, Channel.Json(body, WireJson.Default.ReplaceSecret), cancel);

    public Task<FoundCard> LookupCardAsync(string mail, byte[] blinded, CancellationToken cancel) => _channel.SendAsync(HttpMethod.Post, Paths.CardLookup,
        Channel.Json(new CardRequest(mail, blinded), WireJson.Default.CardRequest), WireJson.Default.FoundCard, cancel);

    public async Task<byte[]> CardAsync(AccountId account, CancellationToken cancel) =>
        (await _channel.SendAsync(HttpMethod.Get, Paths.Card.Replace("{account}", account.ToString(), StringComparison.Ordinal), null, WireJson.Default.SignedBytes, cancel)).Signed;

    /// <summary>The signed state of the account; null when it is still the one that is known.</summary>
    /// <param name="known">The hash of that one.</param>
    public async Task<byte[]?> InventoryAsync(byte[]? known, CancellationToken cancel)
    {
        var path = known is null ? Paths.Inventory : $"{Paths.Inventory}?known={Convert.ToHexStringLower(known)}";
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        using var response = await _channel.SendAsync(request, cancel);
        return response.StatusCode == System.Net.HttpStatusCode.NoContent && known is not null
            ? null
            : Channel.Read(await _channel.ReadAsync(response, MaxState, cancel), WireJson.Default.SignedBytes, _channel.Party).Signed;
    }

    public Task<InventoryPages> InventoryPagesAsync(IReadOnlyList<int> pages, CancellationToken cancel) => _channel.SendAsync(HttpMethod.Post, Paths.InventoryPages,
        Channel.Json(new InventoryPageRequest(pages), WireJson.Default.InventoryPageRequest), WireJson.Default.InventoryPages, cancel);

    public Task PutInventoryAsync(InventoryPages state, CancellationToken cancel) =>
        _channel.SendAsync(HttpMethod.Put, Paths.Inventory, Channel.Json(state, WireJson.Default.InventoryPages), cancel);

    public Task AddEpochAsync(EpochHeader header, CancellationToken cancel) => PostSignedAsync(Paths.Epochs, header.Signed, cancel);

    public async Task<IReadOnlyList<byte[]>> EpochsAsync(AccountId owner, CancellationToken cancel) =>
        (await _channel.SendAsync(HttpMethod.Get, $"{Paths.Epochs}?owner={owner}", null, WireJson.Default.SignedList, cancel)).Signed;

    public Task AddRecordAsync(SealedRecord record, CancellationToken cancel) => _channel.SendAsync(HttpMethod.Post, Paths.Records,
        Channel.Json(new CatalogueRecord(record.Signed, record.SealedMetadata), WireJson.Default.CatalogueRecord), cancel);

    /// <param name="possession">Where the record shares a body that is stored already.</param>
    public Task AddRecordAsync(SealedRecord record, IReadOnlyList<byte[]> possession, CancellationToken cancel) => possession.Count == 0 ? AddRecordAsync(record, cancel) : _channel.SendAsync(
        HttpMethod.Post, Paths.Records, Channel.Json(new NewRecord(record.Signed, record.SealedMetadata, possession), WireJson.Default.NewRecord), cancel);

    public Task<ClaimedBody> ClaimBodyAsync(ClaimBody body, CancellationToken cancel) =>
        _channel.SendAsync(HttpMethod.Post, Paths.Bodies, Channel.Json(body, WireJson.Default.ClaimBody), WireJson.Default.ClaimedBody, cancel);

    public async Task<IReadOnlyList<byte[]>> PossessionTicketsAsync(string record, IReadOnlyList<VerifyingKey> stores, CancellationToken cancel) =>
        (await _channel.SendAsync(HttpMethod.Post, Paths.PossessionTickets,
            Channel.Json(new PossessionTicketRequest(record, [.. stores.Select(store => store.ToString())]), WireJson.Default.PossessionTicketRequest),
            WireJson.Default.SignedList, cancel)).Signed;

    /// <summary>Bodies of the account's domain that no record names any more, the first of them.</summary>
    public async Task<IReadOnlyList<UnusedBody>> UnusedBodiesAsync(CancellationToken cancel) =>
        (await _channel.SendAsync(HttpMethod.Get, Paths.UnusedBodies, null, WireJson.Default.UnusedBodies, cancel)).Bodies;

    public Task ForgetBodyAsync(string body, CancellationToken cancel) => _channel.SendAsync(HttpMethod.Delete, Path(Paths.UnusedBody, body), null, cancel);

    public Task<CatalogueRecord> RecordAsync(RecordId record, CancellationToken cancel) =>
        _channel.SendAsync(HttpMethod.Get, Path(Paths.Record, record.ToString()), null, WireJson.Default.CatalogueRecord, cancel);

    public Task<CataloguePage> RecordsAsync(AccountId owner, PartitionId? partition, string? after, CancellationToken cancel)
    {
        var query = $"{Paths.Records}?owner={owner}" + (partition is { } p ? $"&partition={p}" : "") + (after is null ? "" : $"&after={Uri.EscapeDataString(after)}");
        return _channel.SendAsync(HttpMethod.Get, query, null, WireJson.Default.CataloguePage, cancel);
    }

    /// <summary>Up to 256 records by their identifiers.</summary>
    public Task<FoundRecords> LookupRecordsAsync(IReadOnlyList<RecordId> records, CancellationToken cancel) => _channel.SendAsync(HttpMethod.Post, Paths.RecordLookup,
        Channel.Json(new RecordLookup([.. records.Select(record => record.ToString())]), WireJson.Default.RecordLookup), WireJson.Default.FoundRecords, cancel);

    public Task DeleteRecordAsync(Deletion deletion, CancellationToken cancel) =>
        PostSignedAsync(Path(Paths.RecordDeletion, deletion.Record.ToString()), deletion.Signed, cancel);

    public async Task<IReadOnlyList<byte[]>> TicketsAsync(IReadOnlyList<VerifyingKey> stores, long fragmentBytes, CancellationToken cancel) =>
        (await _channel.SendAsync(HttpMethod.Post, Paths.Tickets,
            Channel.Json(new TicketRequest([.. stores.Select(store => store.ToString())], fragmentBytes), WireJson.Default.TicketRequest),
            WireJson.Default.SignedList, cancel)).Signed;

    /// <summary>A <see cref="HardeningTicket"/>, not verified yet.</summary>
    public async Task<byte[]> HardeningTicketAsync(CancellationToken cancel) =>
        (await _channel.SendAsync(HttpMethod.Post, Paths.HardeningTickets, null, WireJson.Default.SignedBytes, cancel)).Signed;

    public Task AddGrantAsync(Grant grant, CancellationToken cancel) => PostSignedAsync(Paths.Grants, grant.Signed, cancel);

    public async Task<IReadOnlyList<GrantView>> GrantsAsync(CancellationToken cancel) =>
        (await _channel.SendAsync(HttpMethod.Get, Paths.Grants, null, WireJson.Default.GrantList, cancel)).Grants;

    public async Task<IReadOnlyList<GrantView>> ReceivedGrantsAsync(CancellationToken cancel) =>
        (await _channel.SendAsync(HttpMethod.Get, Paths.ReceivedGrants, null, WireJson.Default.GrantList, cancel)).Grants;

    public Task RevokeAsync(Revocation revocation, IReadOnlyList<RevocationReceipt> receipts, CancellationToken cancel) =>
        _channel.SendAsync(HttpMethod.Post, Path(Paths.GrantRevocation, revocation.Grant.ToString()),
            Channel.Json(new RevokeGrant(revocation.Signed, [.. receipts.Select(receipt => receipt.Signed)]), WireJson.Default.RevokeGrant), cancel);

    public Task AddDepositAsync(DepositGrant grant, CancellationToken cancel) => PostSignedAsync(Paths.Deposits, grant.Signed, cancel);

    public async Task<IReadOnlyList<DepositView>> DepositsAsync(AccountId owner, CancellationToken cancel) =>
        (await _channel.SendAsync(HttpMethod.Get, $"{Paths.Deposits}?owner={owner}", null, WireJson.Default.DepositList, cancel)).Deposits;

    public async Task<IReadOnlyList<DepositView>> ReceivedDepositsAsync(CancellationToken cancel) =>
        (await _channel.SendAsync(HttpMethod.Get, Paths.ReceivedDeposits, null, WireJson.Default.DepositList, cancel)).Deposits;

    public Task EndDepositAsync(Revocation end, CancellationToken cancel) => PostSignedAsync(Path(Paths.DepositRevocation, end.Grant.ToString()), end.Signed, cancel);

    private Task<byte[]> PostSignedAsync(string path, byte[] signed, CancellationToken cancel) =>
        _channel.SendAsync(HttpMethod.Post, path, Channel.Json(new SignedBytes(signed), WireJson.Default.SignedBytes), cancel);

    private static string Path(string template, string id) => template.Replace("{id}", Uri.EscapeDataString(id), StringComparison.Ordinal);
}
