using Salus.Crypto;
using Salus.Protocol.Log;

namespace Salus.Protocol.Tests;

/// <summary>What trustees say of the log, and what they are asked.</summary>
internal static class WitnessCases
{
    private static readonly SigningKey Owner = Parts.Signing(1);
    private static readonly SigningKey Trustee = Parts.Signing(3);
    private static readonly byte[] TooLate = [0, 0, 0xe6, 0x77, 0xd2, 0x1f, 0xdc, 0x00];

    public static IReadOnlyList<SignedCase> All { get; } = [Ask(), Answer(), Word()];

    private static JournalRequest MadeRequest() => JournalRequest.Create(Owner, Trustee.PublicKey, Parts.Now, 5, Parts.Now.AddDays(1));

    private static SignedCase<JournalRequest> Ask() => new(nameof(JournalRequest), Domains.SignJournalAsk, Owner, MadeRequest(), request => request.Signed,
        request => $"{request.Owner} {request.Trustee} {request.Since:o} {request.From} {request.At:o} {Convert.ToHexString(request.Nonce)}", JournalRequest.TryVerify)
    {
        Malformations =
        [
            new("another owner", 20, Trustee.PublicKey.Bytes.ToArray()), new("since after the year 9999", 20 + 64, TooLate), new("a place beyond 2^63", 20 + 64 + 8, [0xff]),
        ],
    };

    private static SignedCase<Journal> Answer()
    {
        var request = MadeRequest();
        var made = Journal.Create(Trustee, request, true,
            [new JournalLine(Parts.Now, 5, Parts.Seed(1, 32), [1, 2, 3]), new JournalLine(Parts.Now.AddHours(1), 9, Parts.Seed(2, 32), [4])]);
        const int More = 16 + 64, First = More + 1 + 4, Second = First + 8 + 8 + 32 + 4 + 3;
        return new(nameof(Journal), Domains.SignJournal, Trustee, made, journal => journal.Signed,
            journal => $"{journal.Trustee} {Convert.ToHexString(journal.RequestHash)} {journal.HasMore} "
                + string.Join('|', journal.Lines.Select(line => $"{line.At:o} {line.Index} {Convert.ToHexString(line.Leaf)} {Convert.ToHexString(line.Statement)}")),
            (ReadOnlySpan<byte> signed, out Journal? journal) => Journal.TryVerify(signed, request, out journal))
        {
            Counts = [More + 1, First + 8 + 8 + 32],
            Malformations =
            [
                new("of another trustee", 16, Owner.PublicKey.Bytes.ToArray()), new("to another request", 16 + 32, new byte[32]), new("neither more nor the end", More, [2]),
                new("before the moment that was asked for", First, new byte[8]), new("before the place that was asked for", First + 8, new byte[8]),
                new("out of the order of the log", Second + 8, [0, 0, 0, 0, 0, 0, 0, 5]),
            ],
        };
    }

    private static SignedCase<WitnessedTag> Word()
    {
        var made = WitnessedTag.Create(Trustee, 1, Parts.Seed(3, 32), Parts.Seed(4, 32), Parts.Now, 12, Parts.Seed(5, 32), 2,
            [new TaggedDigest(7, 11, Parts.Seed(6, 32)), new TaggedDigest(7, 3, Parts.Seed(7, 32))], Parts.Seed(8, 32));
        const int Size = 18 + 32 + 1 + 64 + 8, Total = Size + 8 + 32, First = Total + 8, Directory = First + 2 * 48;
        return new(nameof(WitnessedTag), Domains.SignWitnessed, Trustee, made, word => word.Signed,
            word => $"{word.Trustee} {word.Kind} {Convert.ToHexString(word.Tag)} {Convert.ToHexString(word.Nonce)} {word.At:o} {word.Size} {Convert.ToHexString(word.Root)} {word.Total} "
                + string.Join('|', word.Entries.Select(entry => $"{entry.Version} {entry.Index} {Convert.ToHexString(entry.Digest)}")) + Convert.ToHexString(word.Directory),
            (ReadOnlySpan<byte> signed, out WitnessedTag? word) => WitnessedTag.TryVerify(signed, Trustee.PublicKey, out word))
        {
            Counts = [Total + 4, Directory],
            Malformations =
            [
                new("of another trustee", 18, Owner.PublicKey.Bytes.ToArray()), new("more than it shows", Total, [0, 0, 0, 3]), new("beyond what it has followed", Size, [0, 0, 0, 0, 0, 0, 0, 11]),
                new("one place twice", First + 48 + 8, [0, 0, 0, 0, 0, 0, 0, 11]), new("a higher version behind", First + 48, [0, 0, 0, 0, 0, 0, 0, 8]),
                new("one entry twice", First + 48 + 16, Parts.Seed(6, 32)), new("a directory key for a state", 18 + 32, [2]),
            ],
        };
    }
}
