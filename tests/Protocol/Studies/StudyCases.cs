using Salus.Crypto;
using Salus.Crypto.Oprf;
using Salus.Protocol.Studies;

namespace Salus.Protocol.Tests.Studies;

/// <summary>The signed messages of studies, under the contract as all others.</summary>
internal static class StudyCases
{
    private static readonly SigningKey Researcher = Parts.Signing(1);
    private static readonly SigningKey Participant = Parts.Signing(2);
    private static readonly SigningKey Withdrawal = Parts.Signing(9);
    private static readonly byte[] Identity = new byte[32];
    private static readonly byte[] TooLate = [0, 0, 0xe6, 0x77, 0xd2, 0x1f, 0xdc, 0x00];

    /// <summary>The trustees of the study, in its order.</summary>
    public static IReadOnlyList<SigningKey> Trustees { get; } =
        [.. new byte[] { 3, 4, 5 }.Select(Parts.Signing).OrderBy(key => key.PublicKey.ToString(), StringComparer.Ordinal)];

    public static StudyTerms Terms { get; } = new(
        new StudyId(0x4444), AccountCard.Create(Researcher, Parts.Receiving(1).PublicKey, Parts.Box(1).PublicKey, 3),
        AccountCard.CreateOrganisation(Parts.Signing(6), Parts.Receiving(6).PublicKey, Parts.Box(6).PublicKey, "City Hospital", 1),
        [.. Trustees.Select(key => key.PublicKey)], "Sleep and glucose", "Whether short sleep raises fasting glucose.\nOne visit.", """{"fhirPathRules":[]}""",
        ["Patient", "Observation"], [new("age", "10 20"), new("zip", "")], "diagnosis", new ReleaseRules(11, 2, 300, 50, 20), 1_500_000,
        [new("heart-rate", "loinc:8867-4", "/min", 1, 300, 2200, [600, 800, 1000]), new("balance", "column:balance", "", 0, -5, 5, [])],
        [new("sex", "quasi:sex", ["female", "male", "other"])], [new(Parts.Signing(7).PublicKey.Account, 500)], Parts.Now, Parts.Now.AddDays(90));

    public static Study Study { get; } = Study.Create(Researcher, Terms);

    public static OprfElement Element { get; } = BlindedInput.Blind("nonce"u8).Element;

    public static IReadOnlyList<SignedCase> All { get; } = [Opened(), Closed(), Key(), Ask(), Receipt(), Head(), Withdrawn()];

    public static string Describe(StudyTerms terms) =>
        $"{terms.Id} {terms.Researcher.Fingerprint} {terms.Custodian.Fingerprint} {string.Join(',', terms.Trustees)} {terms.Title} {terms.Purpose} {terms.Rules} "
        + $"{string.Join(',', terms.Resources)} {string.Join(',', terms.QuasiIdentifiers)} {terms.Sensitive} {terms.Release} {terms.BudgetMicros} "
        + $"{string.Join(',', terms.Variables.Select(variable => $"{variable with { Bounds = [] }} {string.Join(' ', variable.Bounds)}"))} "
        + $"{string.Join(',', terms.Attributes.Select(attribute => $"{attribute.Name} {attribute.Source} {string.Join(' ', attribute.Categories)}"))} "
        + $"{string.Join(',', terms.Organisations)} {terms.Opens:o} {terms.Ends:o}";

    private static SignedCase<Study> Opened()
    {
        var (researcher, custodian) = (Terms.Researcher.Signed.Length, Terms.Custodian.Signed.Length);
        var cards = 14 + 16;
        var trustees = cards + 4 + researcher + 4 + custodian;
        var title = trustees + 96;
        var ends = Study.Signed.Length - 64 - 8;
        return new(nameof(Study), Domains.SignStudy, Researcher, Study, study => study.Signed, study => Describe(study.Terms), Study.TryVerify)
        {
            Counts = [title],
            Malformations =
            [
                new("another researcher", cards + 4 + 13, Participant.PublicKey.Bytes.ToArray()), new("trustees out of order", trustees, Trustees[2].PublicKey.Bytes.ToArray()),
                new("one trustee twice", trustees, Trustees[1].PublicKey.Bytes.ToArray()), new("a control character in the title", title + 4, [7]),
                new("a title that is no UTF-8", title + 4, [0xff]), new("after the year 9999", ends, TooLate), new("over before it opens", ends, [0, 0, 0, 0, 0, 0, 0, 1]),
            ],
        };
    }

    private static SignedCase<StudyEnd> Closed() => new(nameof(StudyEnd), Domains.SignStudyEnd, Researcher, StudyEnd.Create(Researcher, Terms.Id, Parts.Now), end => end.Signed,
        end => $"{end.Researcher} {end.Study} {end.At:o}", StudyEnd.TryVerify)
    {
        Malformations = [new("another researcher", 18, Participant.PublicKey.Bytes.ToArray()), new("after the year 9999", 18 + 48, TooLate)],
    };

    private static SignedCase<TokenKey> Key() => new(nameof(TokenKey), Domains.SignTokenKey, Trustees[0], TokenKey.Create(Trustees[0], Study, Element), word => word.Signed,
        word => $"{word.Trustee} {word.Study} {Convert.ToHexString(word.StudyHash)} {word.Key}",
        (ReadOnlySpan<byte> signed, out TokenKey? word) => TokenKey.TryVerify(signed, Trustees[0].PublicKey, Study, out word))
    {
        Malformations =
        [
            new("another trustee", 18, Trustees[1].PublicKey.Bytes.ToArray()), new("another study", 18 + 32, [1]), new("a changed study", 18 + 48, Identity),
            new("the identity point", 18 + 80, Identity),
        ],
    };

    private static SignedCase<TokenRequest> Ask() => new(nameof(TokenRequest), Domains.SignTokenRequest, Participant,
        TokenRequest.Create(Participant, Trustees[0].PublicKey, Terms.Id, Parts.Now, Element, [1, 2, 3]), request => request.Signed,
        request => $"{request.Requester} {request.Trustee} {request.Study} {request.At:o} {request.Blinded} {Convert.ToHexString(request.Ticket)}", TokenRequest.TryVerify)
    {
        Counts = [22 + 64 + 16 + 8 + 32],
        Malformations =
        [
            new("another requester", 22, Researcher.PublicKey.Bytes.ToArray()), new("after the year 9999", 22 + 80, TooLate), new("the identity point", 22 + 88, Identity),
        ],
    };

    private static SignedCase<ContributionReceipt> Receipt() => new(nameof(ContributionReceipt), Domains.SignContributionReceipt, Trustees[0],
        ContributionReceipt.Create(Trustees[0], Terms.Id, Parts.Seed(1, 32)), receipt => receipt.Signed,
        receipt => $"{receipt.Trustee} {receipt.Study} {Convert.ToHexString(receipt.Digest)}", ContributionReceipt.TryVerify)
    {
        Malformations = [new("another trustee", 29, Trustees[1].PublicKey.Bytes.ToArray())],
    };

    private static SignedCase<ContributionHeader> Head()
    {
        const int Study = 21 + 32, Size = Study + 16, Hash = Size + 4, Row = Hash + 4 + 32;
        return new(nameof(ContributionHeader), Domains.SignContribution, Withdrawal,
            ContributionHeader.Create(Withdrawal, Terms.Id, new byte[CopySize.Smallest], Parts.Seed(1, 32)), header => header.Signed,
            header => $"{header.Id} {header.Withdrawal} {header.Study} {header.CopySize} {Convert.ToHexString(header.CopyHash)} {Convert.ToHexString(header.Row)} "
                + Convert.ToHexString(header.Digest), ContributionHeader.TryVerify)
        {
            Counts = [Hash, Row],
            Malformations =
            [
                new("another withdrawal key", 21, Participant.PublicKey.Bytes.ToArray()), new("no copy, and yet its hash", Size, [0, 0, 0, 0]), new("a size of no class", Size + 3, [1]),
                new("a size above all", Size, [4, 0, 0, 0]),
            ],
        };
    }

    private static SignedCase<ContributionWithdrawal> Withdrawn() => new(nameof(ContributionWithdrawal), Domains.SignWithdrawal, Withdrawal,
        ContributionWithdrawal.Create(Withdrawal, Terms.Id), withdrawal => withdrawal.Signed, withdrawal => $"{withdrawal.Id} {withdrawal.Withdrawal} {withdrawal.Study}",
        ContributionWithdrawal.TryVerify)
    {
        Malformations = [new("another withdrawal key", 19, Participant.PublicKey.Bytes.ToArray())],
    };
}
