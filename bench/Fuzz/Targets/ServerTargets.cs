using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Salus.Client.Transport;
using Salus.Cloud.Accounts;
using Salus.Cloud.Index;
using Salus.Hosting;
using Salus.Protocol.Tests;
using Salus.Store;
using Salus.Trustee.Peers;
using Salus.Trustee.Statistics;

namespace Salus.Bench.Fuzz.Targets;

/// <summary>What servers read besides messages of the protocol: headers, addresses, notes beside fragments.</summary>
internal static class ServerTargets
{
    public static IReadOnlyList<Target> All { get; } =
    [
        new("server/range of an upload", () => ["bytes 0-99/100"u8.ToArray()], bytes => Verdict.When(UploadRange.TryParse(Encoding.Latin1.GetString(bytes), out var range)
            && (range is { First: >= 0, Length: > 0 } && range.Last < range.Total ? true : throw new InvalidDataException("a range that is none")))) { Shape = Shape.Text },
        Target.OfText("server/address of a fragment", text => FragmentAddress.TryParse(text, out var address) ? address.Text : null, new string('a', 64)),
        new("server/note of a fragment", () => [FragmentNote.Begin(1234, new byte[32]).ToBytes()], bytes =>
        {
            var path = Path.Combine(Path.GetTempPath(), $"salus-fuzz-note-{Environment.ProcessId}");
            try
            {
                File.WriteAllBytes(path, bytes);
                return FragmentNote.TryRead(path, out var note) ? Verdict.Canonical(note.ToBytes()) : Verdict.Refused;
            }
            finally
            {
                File.Delete(path);
            }
        }),
        new("server/used ticket", () => [UsedTickets.Line(5, new UsedTickets.Use(FragmentAddress.Read(Parts.Seed(1, 32)), Parts.Now))], bytes => UsedTickets.TryReadLine(bytes, out var id, out var use)
            ? Verdict.Canonical(UsedTickets.Line(id, use)) : Verdict.Refused)
        {
            Mend = static bytes => bytes.Length < 56 ? bytes : [.. bytes[..56], .. SHA256.HashData(bytes.AsSpan(0, 56)).AsSpan(0, 8)],
        },
        new("server/references of a fragment", () => [Parts.Seed(1, 3 * FragmentReferences.Size)],
            bytes => AuditTargets.OfFile(bytes, path => FragmentReferences.Read(path).Count.ToString(CultureInfo.InvariantCulture))),
        new("server/groups of addresses", () => [Groups()], bytes =>
        {
            var (segments, addresses) = SegmentEndpoints.ReadGroups(bytes);
            return Verdict.Taken($"{segments.Distinct().Count()} {addresses.Length}");
        }) { Documented = static failure => failure is ProblemException },
        new("server/blocks at addresses", () => [[1, .. Parts.Seed(1, 256), 0, 1, .. Parts.Seed(2, 256)]], bytes =>
        {
            var blocks = new byte[]?[3];
            return Verdict.When(IndexApi.TryReadBlocks(bytes, blocks), $"{blocks.Count(block => block is null)}");
        }),
        new("server/pieces of a peer", () => [Pieces()], bytes => Verdict.When(PeerLine.TryReadHeader(bytes, out _, out _) & PeerLine.TryReadPieces(bytes, out var number, out var pieces),
            $"{number == 0} {pieces.Count}")),
        new("server/rows of a peer", () => [[.. Entry(1), .. Entry(2), .. Entry(3)]], bytes =>
        {
            var (rows, own) = (RowAgreement.Read(bytes), RowAgreement.Read([.. Entry(1), .. Entry(3)]));
            return Verdict.Taken($"{rows.Length} {RowAgreement.Common(own, rows, own).Count}");
        }),
        new("server/mail address", () => ["Ann.Example+x@mail.example.org"u8.ToArray()], bytes => Verdict.When(MailAddress.TryParse(Encoding.UTF8.GetString(bytes), out _))) { Shape = Shape.Text },
        new("server/code of a mail", () => ["1234 5678"u8.ToArray()], bytes => Verdict.When(Pepper.TryReadCode(Encoding.UTF8.GetString(bytes), out _))) { Shape = Shape.Text },
    ];

    /// <summary>Two of one segment and one of another.</summary>
    private static byte[] Groups() => [.. Parts.Seed(1, 16), 0, 0, 0, 2, .. Parts.Seed(2, 32), .. Parts.Seed(3, 16), 0, 0, 0, 1, .. Parts.Seed(4, 16)];

    private static byte[] Pieces() =>
        [.. Parts.Seed(1, 32), .. Parts.Signing(1).PublicKey.Bytes, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 20, .. Parts.Seed(2, 20), 0, 0, 0, 17, .. Parts.Seed(3, 17)];

    private static byte[] Entry(byte number) => [.. Parts.Seed(number, 16), .. Parts.Seed((byte)(10 + number), 32), 1];
}
