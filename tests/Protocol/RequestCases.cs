using Salus.Crypto;
using Salus.Crypto.Oprf;

namespace Salus.Protocol.Tests;

/// <summary>The signed messages of requests by telephone number, under the contract as all others.</summary>
internal static class RequestCases
{
    private static readonly SigningKey Owner = Parts.Signing(1);
    private static readonly SigningKey Asker = Parts.Signing(2);
    private static readonly SigningKey Trustee = Parts.Signing(3);
    private static readonly byte[] Identity = new byte[32];
    private static readonly byte[] TooLate = [0, 0, 0xe6, 0x77, 0xd2, 0x1f, 0xdc, 0x00];

    public static HardeningMembers Members { get; } = HardeningMembers.Of(Enumerable.Range(3, 3)
        .Select(i => new HardeningMember(Parts.Signing((byte)i).PublicKey, Parts.Box((byte)i).PublicKey)));

    public static IReadOnlyList<SignedCase> All { get; } = [Contribution(), Key(), Ask(), Claim(), Request()];

    private static SignedCase<HardeningContribution> Contribution()
    {
        var made = HardeningContribution.Create(Trustee, Members);
        const int First = 23 + 32;
        return new(nameof(HardeningContribution), Domains.SignHardeningPart, Trustee, made, part => part.Signed,
            part => $"{part.Trustee} {part.Members} {Hex(part.Commitments.Bytes)}", HardeningContribution.TryVerify)
        {
            Malformations =
            [
                new("members out of order", First, [.. made.Signed[(First + 64)..(First + 128)], .. made.Signed[First..(First + 64)]]),
                new("one member twice", First + 64, made.Signed[First..(First + 64)]), new("by none of the members", 23, Owner.PublicKey.Bytes.ToArray()),
                new("a box key of small order", First + 32, Identity), new("commitment with the identity point", First + 192, Identity),
            ],
        };
    }

    private static SignedCase<HardeningKey> Key()
    {
        var three = Enumerable.Range(3, 3).Select(i => HardeningContribution.Create(Parts.Signing((byte)i), Members)).ToArray();
        if (!KeyContribution.TryAdd([.. three.Select(part => part.Commitments)], out var key))
            throw new InvalidOperationException("Three honest contributions make a key.");
        const int Group = 22 + 32 + 192;
        return new(nameof(HardeningKey), Domains.SignHardeningKey, Trustee, HardeningKey.Create(Trustee, three, key), word => word.Signed,
            word => $"{word.Trustee} {word.Members} {Hex(word.Key.ToBytes())} {Hex(word.Contributions)}",
            (ReadOnlySpan<byte> signed, out HardeningKey? word) => HardeningKey.TryVerify(signed, Trustee.PublicKey, out word))
        {
            Malformations =
            [
                new("another trustee", 22, Parts.Signing(4).PublicKey.Bytes.ToArray()), new("a group key off the line", Group, key.Share(0).Bytes.ToArray()),
                new("the identity point", Group + 32, Identity),
            ],
        };
    }

    private static SignedCase<HardeningRequest> Ask()
    {
        using var input = BlindedInput.Blind("+41790000000"u8);
        return new(nameof(HardeningRequest), Domains.SignHardeningAsk, Asker,
            HardeningRequest.Create(Asker, Trustee.PublicKey, Parts.Now, input.Element, [1, 2, 3]), request => request.Signed,
            request => $"{request.Requester} {request.Trustee} {request.At:o} {Hex(request.Nonce)} {request.Blinded} {Hex(request.Ticket)}", HardeningRequest.TryVerify)
        {
            Counts = [22 + 64 + 8 + 32 + 32],
            Malformations =
            [
                new("another requester", 22, Owner.PublicKey.Bytes.ToArray()), new("after the year 9999", 22 + 64, TooLate), new("the identity point", 22 + 64 + 40, Identity),
            ],
        };
    }

    private static SignedCase<ReleaseClaim> Claim() => new(nameof(ReleaseClaim), Domains.SignClaim, Asker,
        ReleaseClaim.Create(Asker, Trustee.PublicKey, Owner.PublicKey.Account, Parts.GrantNumber, Parts.Seed(9, 32), Parts.Now), claim => claim.Signed,
        claim => $"{claim.Claimant} {claim.Trustee} {claim.Owner} {claim.Grant} {Hex(claim.Secret)} {claim.At:o} {Hex(claim.Nonce)}", ReleaseClaim.TryVerify)
    {
        Malformations = [new("another claimant", 14, Owner.PublicKey.Bytes.ToArray()), new("after the year 9999", 14 + 64 + 32 + 32, TooLate)],
    };

    private static SignedCase<AccessRequest> Request()
    {
        var card = AccountCard.Create(Asker, Parts.Receiving(2).PublicKey, Parts.Box(2).PublicKey, 1);
        var role = 16 + 4 + card.Signed.Length;
        return new(nameof(AccessRequest), Domains.SignRequest, Asker,
            AccessRequest.Create(Asker, card, GrantRole.Doctor, Parts.Now, Parts.Seed(8, 32), "seen in casualty", ["asthma", "crâne"], [1, 2]), request => request.Signed,
            request => $"{request.Asker.Identity} {request.Role} {request.At:o} {Hex(request.DirectoryTag)} {request.Reason} {string.Join('|', request.Keywords)} {Hex(request.Head)}",
            AccessRequest.TryVerify)
        {
            Counts = [role + 41, role + 41 + 4 + 16, role + 41 + 4 + 16 + 4, role + 41 + 4 + 16 + 4 + 4 + 6 + 4 + 6],
            Malformations =
            [
                new("role 0", role, [0]), new("role 7", role, [7]), new("after the year 9999", role + 1, TooLate), new("a reason that is no text", role + 41 + 4, [0xff]),
                new("no keyword", role + 41 + 4 + 16, [0, 0, 0, 0]), new("nine keywords", role + 41 + 4 + 16, [0, 0, 0, 9]), new("a card that is none", 20, [0]),
            ],
        };
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
