using Salus.Crypto.Reencryption;
using Salus.Protocol;
using Salus.Protocol.Dispersal;
using Salus.Protocol.Http;
using Salus.Protocol.Log;
using Salus.Protocol.Readings;
using Salus.Protocol.Statistics;
using Salus.Protocol.Studies;
using Salus.Protocol.Tests;
using Salus.Protocol.Tests.Statistics;
using Salus.Protocol.Tests.Studies;

namespace Salus.Bench.Fuzz.Targets;

/// <summary>
/// Messages of the protocol. What is signed is signed anew after most changes, as a hostile owner of the key can: else nothing behind the signature would ever be read.
/// </summary>
internal static class ProtocolTargets
{
    private static readonly Study Study = StudyCases.Study;

    public static IReadOnlyList<Target> All { get; } = [.. SignedCases.All.Select(Signed), .. Others()];

    private static Target Signed(SignedCase one) => new("protocol/" + one.Name, () => [one.Signed],
        // Of a kfrag, what is inside a box cannot be had back.
        bytes => one.Read(bytes) is not var (fields, written) ? Verdict.Refused : one.Name == nameof(KFrag) ? Verdict.Taken() : Verdict.Canonical(written, $"{fields.Length / 16}"))
    {
        Mend = bytes => bytes.Length < SigningKey.SignatureSize ? bytes : one.Resign(bytes[..^SigningKey.SignatureSize], one.Label),
    };

    private static IEnumerable<Target> Others()
    {
        yield return new("protocol/FragmentHeader", () => [Fragment()], bytes =>
        {
            if (!FragmentHeader.TryParse(bytes, out var header))
                return Verdict.Refused;
            var written = new byte[FragmentHeader.Size];
            header!.Write(written);
            return Verdict.Canonical(written);
        });
        yield return new("protocol/VerifyingKey", () => [Parts.Signing(1).PublicKey.Bytes.ToArray()],
            bytes => VerifyingKey.TryParse(bytes, out var key) ? Verdict.Canonical(key.Bytes) : Verdict.Refused);
        yield return new("protocol/BoxKey", () => [Parts.Box(1).PublicKey.Bytes.ToArray()], bytes => BoxKey.TryParse(bytes, out var key) ? Verdict.Canonical(key.Bytes) : Verdict.Refused);
        yield return new("protocol/AccessTrace", () => [Trace()], bytes => AccessTrace.TryParse(bytes, out var trace) ? Verdict.Canonical(trace.ToBytes()) : Verdict.Refused);
        yield return new("protocol/answer to a ReencryptionRequest", () => [Answer()], bytes => Asked().TryDecodeAnswer(bytes, out var cfrags)
            ? Verdict.Canonical(ReencryptionRequest.EncodeAnswer(cfrags), $"{cfrags.Count(cfrag => cfrag is null)}") : Verdict.Refused);
        yield return new("protocol/three HardeningContributions",
            () => [HardeningContribution.EncodeAll(Enumerable.Range(3, 3).Select(i => HardeningContribution.Create(Parts.Signing((byte)i), RequestCases.Members)))],
            bytes => HardeningContribution.TryVerifyAll(bytes, out var three) ? Verdict.Canonical(HardeningContribution.EncodeAll(three)) : Verdict.Refused);
        yield return new("protocol/Question", () => [StatisticsCases.Question.Bytes.ToArray()],
            bytes => Question.TryRead(bytes, out var question) ? Verdict.Canonical(question.Bytes, question.Measure.ToString()) : Verdict.Refused);
        yield return new("protocol/ReadingTimes", () => [ReadingCases.Times.Bytes],
            bytes => ReadingTimes.TryParse(bytes, out var times) ? Verdict.Canonical(times.Bytes) : Verdict.Refused);
        yield return new("protocol/Redemption", () => [Paid()], bytes => Redemption.TryParse(bytes, out var read) ? Verdict.Canonical(read.ToBytes()) : Verdict.Refused);
        yield return new("protocol/ContributionUpload", () => [Upload().ToBytes()],
            bytes => ContributionUpload.TryRead(bytes, out var upload) && ContributionUpload.TryReadStart(bytes, out _, out _) ? Verdict.Canonical(upload.ToBytes()) : Verdict.Refused)
        {
            Allowance = (1 << 20, 64),
        };
        yield return new("protocol/WithdrawalRequest",
            () => [ContributionWithdrawal.Create(Parts.Signing(9), Study.Id).Signed, new WithdrawalRequest(ContributionWithdrawal.Create(Parts.Signing(9), Study.Id), Upload()).ToBytes()],
            bytes => WithdrawalRequest.TryRead(bytes, out var request) ? Verdict.Canonical(request.ToBytes()) : Verdict.Refused);
        var owner = Parts.Signing(1).PublicKey.Account;
        var batch = ReadingCases.Make();
        var page = new ReadingPage(null, true, [new PagedBatch(batch.Batch, ReadingCases.Times, batch.Shares.Parcel(1), null), new PagedBatch(batch.Batch, null, null, null)]).Encode();
        yield return new("protocol/ReadingPage", () => [page],
            bytes => ReadingPage.TryDecode(bytes, owner, batch.Batch.Series, out var read) ? Verdict.Canonical(read.Encode(), $"{read.Batches.Count}") : Verdict.Refused);
        var series = Signed(nameof(Series));
        yield return new("protocol/SeriesList", () => [SeriesList.Encode([series])],
            bytes => SeriesList.TryDecode(bytes, owner, out var list) ? Verdict.Canonical(SeriesList.Encode([.. list.Select(one => one.Signed)]), $"{list.Count}") : Verdict.Refused);
        yield return new("protocol/Secret kinds", () => ["passkey:AAECAwQFBgcICQoLDA0ODw"u8.ToArray(), "AAECAwQFBgcICQoLDA0ODw"u8.ToArray()], bytes =>
        {
            var text = System.Text.Encoding.UTF8.GetString(bytes);
            return Verdict.When(SecretKinds.TryReadPasskey(text, out _) | SecretKinds.TryReadCredentialId(text, out _));
        }) { Shape = Shape.Text };
        yield return Target.OfText("protocol/identifiers", text => Identifier.TryParse<RecordId>(text, out var id) ? id.ToString() : null, "0123456789abcdef0123456789abcdef");
    }

    private static byte[] Fragment()
    {
        var header = new byte[FragmentHeader.Size];
        if (!FragmentLayout.TryCreate(1_000_000, 3, 5, out var layout))
            throw new InvalidOperationException("Three of five is a layout.");
        new FragmentHeader(layout!, Parts.Seed(1, FragmentLayout.LabelSize)).Write(header);
        return header;
    }

    private static byte[] Trace() => AccountCard.TryVerify(Signed(nameof(AccountCard)), out var card) && AccessStatement.TryVerify(Signed(nameof(AccessStatement)), out var statement)
        ? new AccessTrace(card, statement, Parts.Seed(1, AccessEntry.SeedSize), [1, 2, 3]).ToBytes() : throw new InvalidOperationException("Messages as they are made verify.");

    private static ReencryptionRequest Asked() => ReencryptionRequest.TryVerify(Signed(nameof(ReencryptionRequest)), out var request)
        ? request : throw new InvalidOperationException("A request as it is made verifies.");

    /// <summary>To a request of two items: of one the capsule was refused.</summary>
    private static byte[] Answer() => ReencryptionRequest.EncodeAnswer([CFrag.TryParse(CryptoTargets.CFrags()[0], out var cfrag) ? cfrag : null, null]);

    private static byte[] Signed(string name) => SignedCases.All.Single(one => one.Name == name).Signed;

    private static byte[] Paid()
    {
        using var token = Salus.Crypto.Secret.CopyOf(Parts.Seed(1, 64));
        return Redemption.Create(StudyCases.Trustees[0].PublicKey, Study.Id, Parts.Seed(3, 32), Parts.Seed(4, 32), token).ToBytes();
    }

    private static ContributionUpload Upload()
    {
        var copy = new byte[CopySize.Smallest];
        var header = ContributionHeader.Create(Parts.Signing(9), Study.Id, copy, []);
        return new(header, [.. StudyCases.Trustees.Take(2).Select(trustee => ContributionReceipt.Create(trustee, Study.Id, header.Digest).Signed)], copy);
    }
}
