namespace Salus.Protocol.Http;

// The JSON bodies of the cloud's routes of studies. Contributions and withdrawals travel as octets.

/// <summary>POST /v1/studies: a signed study, and its three trustees' words which keys they issue its tokens under, in the study's order.</summary>
public sealed record OpenStudy(byte[] Signed, IReadOnlyList<byte[]> TokenKeys);

/// <summary>A study as everybody sees it. `End` is its researcher's signed word that it ended early, once there is one.</summary>
public sealed record StudyView(byte[] Signed, IReadOnlyList<byte[]> TokenKeys, byte[]? End);

/// <summary>GET /v1/studies; `Next` is the cursor of the next page, or null.</summary>
public sealed record StudyPage(IReadOnlyList<StudyView> Studies, string? Next);

/// <summary>
/// A contribution as the custodian sees it: its signed head and the trustees' receipts, or the signed withdrawal alone.
/// </summary>
public sealed record ContributionView(byte[]? Header, IReadOnlyList<byte[]> Receipts, byte[]? Withdrawal);

/// <summary>GET /v1/studies/{id}/contributions; `Next` is the cursor of the next page, or null.</summary>
public sealed record ContributionPage(IReadOnlyList<ContributionView> Contributions, string? Next);

/// <summary>GET /v1/studies/{id}/contributions/{contribution}/state.</summary>
public sealed record ContributionStateView(bool IsWithdrawn);
