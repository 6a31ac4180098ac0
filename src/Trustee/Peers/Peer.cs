using Salus.Protocol;

namespace Salus.Trustee.Peers;

/// <summary>Another trustee as this one's operator has named it.</summary>
internal sealed record Peer(VerifyingKey Key, BoxKey Box, Uri? Url, string Name);
