namespace Salus.Protocol.Http;

/// <summary>Every route of every server, and the headers of Salus. `{…}` are route parameters.</summary>
public static class Paths
{
    public const string Live = "/health/live";
    public const string Ready = "/health/ready";
    public const string OpenApi = "/openapi/v1.json";

    // The page, wherever it is served. Its other paths are those of its manifest.
    public const string Page = "/";
    public const string PageManifest = "/manifest.signed";
    public const string CloudAddress = "/cloud.json";

    /// <summary>`salus open` alone: takes the token of this launch.</summary>
    public const string OpenPage = "/open";

    // The cloud.
    public const string Parties = "/v1/parties";
    public const string Registrations = "/v1/registrations";
    public const string CompleteRegistration = "/v1/registrations/{id}/complete";
    public const string Logins = "/v1/logins";
    public const string CompleteLogin = "/v1/logins/{id}/complete";
    public const string Session = "/v1/session";
    public const string Sessions = "/v1/sessions";
    public const string OneSession = "/v1/sessions/{id}";
    public const string Passkeys = "/v1/passkeys";
    public const string PasskeyOptions = "/v1/passkeys/options";
    public const string PasskeyRemoval = "/v1/passkeys/{id}/removal";
    public const string PasskeyLogins = "/v1/passkeys/logins";
    public const string CompletePasskeyLogin = "/v1/passkeys/logins/{id}/complete";
    public const string Account = "/v1/account";
    public const string AccountKeys = "/v1/account/keys";
    public const string Inventory = "/v1/inventory";
    public const string InventoryPages = "/v1/inventory/pages";
    public const string CardLookup = "/v1/cards/lookup";
    public const string Card = "/v1/cards/{account}";
    public const string Epochs = "/v1/epochs";
    public const string Records = "/v1/records";
    public const string Record = "/v1/records/{id}";
    public const string RecordLookup = "/v1/records/lookup";
    public const string RecordDeletion = "/v1/records/{id}/deletion";
    public const string Tickets = "/v1/tickets";
    public const string HardeningTickets = "/v1/tickets/hardening";
    public const string PossessionTickets = "/v1/tickets/possession";
    public const string Bodies = "/v1/bodies";
    public const string UnusedBodies = "/v1/bodies/unused";
    public const string UnusedBody = "/v1/bodies/unused/{id}";
    public const string Grants = "/v1/grants";
    public const string ReceivedGrants = "/v1/grants/received";
    public const string GrantRevocation = "/v1/grants/{id}/revocation";
    public const string Deposits = "/v1/deposits";
    public const string ReceivedDeposits = "/v1/deposits/received";
    public const string DepositRevocation = "/v1/deposits/{id}/revocation";
    public const string Segment = "/v1/index/segments/{id}";
    public const string SegmentDictionary = "/v1/index/segments/{id}/dictionary";
    public const string SegmentBlocks = "/v1/index/segments/{id}/blocks";
    public const string IndexUpdates = "/v1/index/updates";
    public const string IndexBlocks = "/v1/index/blocks";
    public const string Directory = "/v1/directory";
    public const string Requests = "/v1/requests";
    public const string RequestApproval = "/v1/requests/{id}/approval";
    public const string RequestDenial = "/v1/requests/{id}/denial";

    // The cloud and the trustees: studies. At the cloud, those of a contribution are sent without a session.
    public const string Studies = "/v1/studies";
    public const string Study = "/v1/studies/{id}";
    public const string StudyEnd = "/v1/studies/{id}/end";
    public const string Contributions = "/v1/studies/{id}/contributions";
    public const string Contribution = "/v1/studies/{id}/contributions/{contribution}";
    public const string ContributionState = "/v1/studies/{id}/contributions/{contribution}/state";
    public const string Withdrawals = "/v1/studies/{id}/withdrawals";
    public const string StudyTokenKey = "/v1/studies/{id}/key";
    public const string Tokens = "/v1/tokens";
    public const string Redemptions = "/v1/redemptions";
    public const string TrusteeWithdrawals = "/v1/withdrawals";

    // The log: C2SP tlog-tiles under /log, and what a party to an entry asks for.
    public const string LogCheckpoint = "/log/checkpoint";
    public const string LogTile = "/log/tile/{level}/{**index}";
    public const string LogEntries = "/log/tile/entries/{**index}";
    public const string LogProof = "/v1/log/proof";
    public const string LogAccesses = "/v1/log/accesses";

    /// <summary>At a trustee: the cloud's new entries.</summary>
    public const string WitnessEntries = "/v1/witness/entries";

    /// <summary>At a trustee: what the log has under a tag.</summary>
    public const string WitnessNewest = "/v1/witness/newest";

    /// <summary>At a trustee: the accesses to an owner's data that it has answered.</summary>
    public const string WitnessJournal = "/v1/witness/journal";

    // A trustee: bodies are the binary messages of Salus.Protocol.
    public const string Identity = "/v1/identity";
    public const string KFrags = "/v1/kfrags";
    public const string Reencryptions = "/v1/reencryptions";
    public const string Revocations = "/v1/revocations";
    public const string HardeningContribution = "/v1/hardening/contribution";
    public const string HardeningKey = "/v1/hardening/key";
    public const string HardeningEvaluations = "/v1/hardening/evaluations";
    public const string ContentContribution = "/v1/contents/contribution";
    public const string ContentKey = "/v1/contents/key";
    public const string ContentEvaluations = "/v1/contents/evaluations";
    public const string Claims = "/v1/claims";
    public const string StatisticsRows = "/v1/statistics/rows";
    public const string StatisticsQueries = "/v1/statistics/queries";
    public const string StatisticsBudget = "/v1/statistics/budget/{study}";

    // Between trustees.
    public const string PeerHellos = "/v1/peers/hellos";
    public const string PeerPieces = "/v1/peers/pieces";
    public const string Readings = "/v1/readings";
    public const string ReadingRequests = "/v1/readings/requests";

    // A store: bodies are the bytes of fragments. {address} is 64 hexadecimal digits.
    public const string Upload = "/v1/uploads/{address}";
    public const string Fragment = "/v1/fragments/{address}";
    public const string FragmentChallenge = "/v1/fragments/{address}/challenge";

    /// <summary>POST: a challenge for a fragment that is complete; PUT: the answer to it.</summary>
    public const string Possession = "/v1/possession/{address}";

    /// <summary>An upload ticket, base64.</summary>
    public const string TicketHeader = "Salus-Ticket";

    /// <summary>On upload: SHA-256 of the owner capability, 64 hexadecimal digits. The store keeps it beside the fragment.</summary>
    public const string OwnerHashHeader = "Salus-Owner-Hash";

    /// <summary>On delete: the owner capability itself, 64 hexadecimal digits.</summary>
    public const string OwnerHeader = "Salus-Owner";

    /// <summary>SHA-256 of what releases the reference of one record to a fragment that several share, in hexadecimal.</summary>
    public const string ReferenceHeader = "Salus-Reference";

    /// <summary>How many bytes of an upload are durable; of a segment's blocks, how many blocks.</summary>
    public const string UploadOffsetHeader = "Upload-Offset";

    /// <summary>A store's receipt, base64, on the answer that completes an upload.</summary>
    public const string ReceiptHeader = "Salus-Receipt";
}
