using Salus.Crypto;
using Salus.Protocol.Log;

namespace Salus.Protocol.Tests.Log;

/// <summary>The signed messages about the log, under the contract as all others.</summary>
internal static class AccessCases
{
    private const int Kind = 15 + 32;
    private const int Epoch = Kind + 1 + 3 * 16;
    private const int At = Epoch + 4;
    private const int Count = At + 8 + 32;

    private static readonly SigningKey Requester = Parts.Signing(2);

    public static IReadOnlyList<SignedCase> All { get; } = [Statement()];

    private static SignedCase<AccessStatement> Statement()
    {
        var subject = new AccessSubject(AccessKind.Open, Parts.Signing(1).PublicKey.Account, Parts.GrantNumber, Parts.Partition, new EpochNumber(3), [Parts.RecordNumber, new RecordId(5)]);
        return new(nameof(AccessStatement), Domains.SignAccess, Requester, AccessStatement.Create(Requester, subject, Parts.Now), one => one.Signed,
            one => $"{one.Requester} {one.Subject.Kind} {one.Subject.Owner} {one.Subject.Grant} {one.Subject.Partition} {one.Subject.Epoch} {string.Join(' ', one.Subject.Items)} "
                + $"{one.At:o} {Convert.ToHexString(one.Nonce)}",
            AccessStatement.TryVerify)
        {
            Counts = [Count],
            Malformations =
            [
                new("another magic", 0, "salus access 2\n"u8.ToArray()), new("kind 0", Kind, [0]), new("kind 4", Kind, [4]), new("readings with an epoch", Kind, [3]),
                new("no epoch", Epoch, [0, 0, 0, 0]), new("after the year 9999", At, [0, 0, 0xe6, 0x77, 0xd2, 0x1f, 0xdc, 0x00]), new("another count", Count, [0, 0, 0, 1]),
                new("no items", Count, [0, 0, 0, 0]), new("too many items", Count, [0, 0, 0, 65]), new("another requester", 15, Parts.Signing(1).PublicKey.Bytes.ToArray()),
            ],
        };
    }
}
