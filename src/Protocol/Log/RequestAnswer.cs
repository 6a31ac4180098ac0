using System.Security.Cryptography;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Log;

/// <summary>
/// The log's entry of the answer to a request for access by telephone number: nobody signs one, but both who asked and who was asked can tell which it is.
/// What is hashed: "salus answer 1\n" | request 16 | u8 1 and the grant's number 16, or u8 0 | SHA-256 of the sealed request.
/// </summary>
public static class RequestAnswer
{
    private static ReadOnlySpan<byte> Magic => "salus answer 1\n"u8;

    public static LogEntry Approved(UInt128 request, ReadOnlySpan<byte> sealedRequest, GrantId grant) => Entry(request, sealedRequest, [1, .. grant.ToBytes()]);

    public static LogEntry Denied(UInt128 request, ReadOnlySpan<byte> sealedRequest) => Entry(request, sealedRequest, [0]);

    private static LogEntry Entry(UInt128 request, ReadOnlySpan<byte> sealedRequest, ReadOnlySpan<byte> answer) =>
        LogEntry.Of(LogKind.Approval, new WireWriter().Bytes(Magic).Id(new RecordId(request)).Bytes(answer).Bytes(SHA256.HashData(sealedRequest)).ToArray());
}
