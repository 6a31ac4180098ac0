using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Protocol.Inventory;
using Salus.Protocol.Tests.Log;
using Salus.Protocol.Tests.Statistics;
using Salus.Protocol.Tests.Studies;

namespace Salus.Protocol.Tests;

/// <summary>Every signed message of the protocol. A type that is missing here fails <see cref="SignedContractTests.EverySignedTypeIsUnderTheContract"/>.</summary>
internal static class SignedCases
{
    private static readonly SigningKey Owner = Parts.Signing(1);
    private static readonly SigningKey Delegatee = Parts.Signing(2);
    private static readonly SigningKey Trustee = Parts.Signing(3);
    private static readonly byte[] Identity = new byte[32];
    private static readonly byte[] NotReduced = [.. Enumerable.Repeat((byte)0xff, 32)];
    private static readonly byte[] TooLate = [0, 0, 0xe6, 0x77, 0xd2, 0x1f, 0xdc, 0x00];

    public static IReadOnlyList<SignedCase> All { get; } =
        [Card(), Epoch(), Record(), PossessionPass(), Possession(), SignedGrant(), Deposit(), Key(), Request(), Notice(), Receipt(), Delete(), State(), Ticket(), HardeningPass(), Stored(), Index(),
            Page(), .. RequestCases.All, .. StudyCases.All, .. ReadingCases.All, .. StatisticsCases.All, .. AccessCases.All, .. WitnessCases.All];

    private static SignedCase<AccountCard> Card() => new(nameof(AccountCard), Domains.SignCard, Owner,
        AccountCard.CreateOrganisation(Owner, Parts.Receiving(1).PublicKey, Parts.Box(1).PublicKey, "Labor Süd", 7), card => card.Signed,
        card => $"{card.Account} {card.Identity} {card.Receiving} {card.Box} {card.Kind} {card.Name} {card.Version} {card.Fingerprint}", AccountCard.TryVerify)
    {
        Counts = [13 + 96 + 1],
        Malformations =
        [
            new("another magic", 0, "s4lus card 2\n"u8.ToArray()), new("identity point", 13 + 32, Identity), new("point not canonical", 13 + 32, NotReduced),
            new("another identity", 13, Delegatee.PublicKey.Bytes.ToArray()), new("kind 0", 13 + 96, [0]), new("kind 3", 13 + 96, [3]), new("a person with a name", 13 + 96, [1]),
            new("no UTF-8", 13 + 96 + 5, [0xff]), new("a control character", 13 + 96 + 5, [7]), new("a blank in front", 13 + 96 + 5, [0x20]),
            new("two blanks", 13 + 96 + 5 + 4, [0x20]), new("a direction mark", 13 + 96 + 5 + 2, [0xe2, 0x80, 0xae]),
        ],
    };

    private static SignedCase<PageManifest> Page()
    {
        var made = PageManifest.Create(Owner, "1.2-3-gabc", PageBuild.Development, new(5, 3),
            new Dictionary<string, byte[]> { ["index.html"] = Parts.Seed(1, 32), ["assets/a-1.js"] = Parts.Seed(2, 32), ["assets/a-0.js"] = Parts.Seed(3, 32) });
        const int Build = 13 + 19, Number = Build + 18, Files = Number + 9 + 10 + 8, Second = Files + 64 + 1 + 14;
        return new(nameof(PageManifest), Domains.SignPage, Owner, made, manifest => manifest.Signed,
            manifest => $"{manifest.Version} {manifest.Build} {manifest.Number} {string.Join(' ', manifest.Files.Select(file => $"{file.Key}={Hex(file.Value)}"))}",
            (ReadOnlySpan<byte> signed, out PageManifest? manifest) => PageManifest.TryVerify(signed, Owner.PublicKey, out manifest))
        {
            Malformations =
            [
                new("another magic", 0, "salus page 1\n"u8.ToArray()), new("a blank in the version", 13 + 9, " "u8.ToArray()), new("another build", Build + 6, "D"u8.ToArray()),
                new("a minimum above its number", Number + 7, "2"u8.ToArray()), new("no number", Number + 7, " "u8.ToArray()),
                new("fewer files than it says", Files - 2, "4"u8.ToArray()), new("more files than it says", Files - 2, "2"u8.ToArray()), new("upper case", Files, "A"u8.ToArray()),
                new("one path twice", Second + 65 + 9, "0"u8.ToArray()), new("out of order", Second + 65, "A"u8.ToArray()),
                new("a path that goes up", Files + 65, "../../"u8.ToArray()), new("an absolute path", Files + 65, "/"u8.ToArray()), new("a hidden file", Files + 65, "."u8.ToArray()),
                new("an empty segment", Files + 65 + 5, "/"u8.ToArray()), new("no ASCII", Files + 65, [0xc3]), new("a control character", Files + 65, [7]),
            ],
        };
    }

    private static SignedCase<EpochHeader> Epoch() => new(nameof(EpochHeader), Domains.SignEpoch, Owner,
        EpochHeader.Create(Owner, Parts.Partition, new EpochNumber(2), Parts.Delegating(2).PublicKey,
            EpochHeader.Create(Owner, Parts.Partition, EpochNumber.First, Parts.Delegating(1).PublicKey, null, [9, 9]), [1, 2, 3]),
        header => header.Signed,
        header => $"{header.Owner} {header.Partition} {header.Epoch} {header.Key} {Hex(header.Previous)} {Hex(header.SealedLabel)} {Hex(header.Hash)}",
        EpochHeader.TryVerify)
    {
        Counts = [14 + 32 + 16 + 4 + 32 + 32],
        Malformations = [new("epoch 0", 14 + 32 + 16, [0, 0, 0, 0]), new("identity point", 14 + 32 + 16 + 4, Identity)],
    };

    private static SignedCase<SealedRecord> Record()
    {
        byte[] metadata = [1, 2, 3, 4];
        var made = SealedRecord.Create(Owner, Parts.Header(Owner, metadata), metadata);
        return new(nameof(SealedRecord), Domains.SignRecord, Owner, made, record => record.Signed, record => Describe(record.Header) + Hex(record.SealedMetadata),
            (ReadOnlySpan<byte> signed, out SealedRecord? record) => SealedRecord.TryVerify(signed, metadata, out record))
        {
            Malformations =
            [
                new("another suite", 15, [2]), new("epoch 0", 16 + 32, [0, 0, 0, 0]), new("version 0", 16 + 52, [0, 0, 0, 0]),
                new("after the year 9999", 16 + 56 + 32, TooLate), new("capsule with the identity point", 16 + 56 + 40, Identity),
                new("capsule with a scalar not reduced", 16 + 56 + 40 + 64, NotReduced),
                new("k = 0", 16 + 56 + 40 + 96 + 80, [0]), new("k > n", 16 + 56 + 40 + 96 + 80, [5]), new("n > 64", 16 + 56 + 40 + 96 + 81, [65]),
                new("more fragments than commitments", 16 + 56 + 40 + 96 + 81, [5]),
                new("length above 2^63", 16 + 56 + 40 + 96 + 82, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
                new("length above 2^40", 16 + 56 + 40 + 96 + 82, [0, 0, 1, 0, 0, 0, 0, 1]), new("shorter than a tag", 16 + 56 + 40 + 96 + 82, [0, 0, 0, 0, 0, 0, 0, 15]),
            ],
        };
    }

    private static SignedCase<Grant> SignedGrant()
    {
        var made = Grant.Create(Owner, Parts.Terms(Owner, Delegatee), [Parts.Entry(EpochNumber.First), Parts.Entry(new EpochNumber(2))], [5, 6, 7]);
        const int Entries = 14 + 16 + 4 + 96 + 2 + 16 + 4, Entry = 16 + 4 + 32 + 3 * 128;
        return new(nameof(Grant), Domains.SignGrant, Owner, made, grant => grant.Signed,
            grant => $"{grant.Terms} {string.Join('|', grant.Entries.Select(Describe))} {Hex(grant.SealedNote)}", Grant.TryVerify)
        {
            Counts = [Entries - 4, Entries + 2 * Entry],
            Malformations =
            [
                new("version 0", 14 + 16, [0, 0, 0, 0]), new("identity point", 14 + 16 + 4 + 64, Identity),
                new("role 0", 14 + 16 + 4 + 96, [0]), new("role 7", 14 + 16 + 4 + 96, [7]), new("purpose 0", 14 + 16 + 4 + 97, [0]), new("purpose 9", 14 + 16 + 4 + 97, [9]),
                new("after the year 9999", 14 + 16 + 4 + 98 + 8, TooLate), new("over before it begins", 14 + 16 + 4 + 98 + 8, [0, 0, 0, 0, 0, 0, 0, 1]),
                new("no entry", Entries - 4, [0, 0, 0, 0]), new("1025 entries", Entries - 4, [0, 0, 4, 1]),
                new("one entry twice", Entries + Entry, signedEntry(made)), new("one trustee twice", Entries + 52 + 128, made.Entries[0].Shares[0].Trustee.Bytes.ToArray()),
                new("share with the identity point", Entries + 52 + 32 + 32, Identity),
            ],
        };

        static byte[] signedEntry(Grant grant) => grant.Signed[Entries..(Entries + Entry)];
    }

    private static SignedCase<DepositGrant> Deposit()
    {
        const int Until = 16 + 16 + 64 + 8, Partitions = Until + 8 + 4;
        return new(nameof(DepositGrant), Domains.SignDeposit, Owner, DepositGrant.Create(Owner, Parts.Deposit(Owner, Delegatee), [5, 6, 7]), grant => grant.Signed,
            grant => $"{grant.Terms with { Partitions = [] }} {string.Join(',', grant.Terms.Partitions)} {Hex(grant.SealedNote)}", DepositGrant.TryVerify)
        {
            Counts = [Partitions - 4, Partitions + 32],
            Malformations =
            [
                new("to the owner", 16 + 16 + 32, Owner.PublicKey.Bytes.ToArray()), new("another owner", 16 + 16, Trustee.PublicKey.Bytes.ToArray()),
                new("after the year 9999", Until, TooLate), new("over before it begins", Until, [0, 0, 0, 0, 0, 0, 0, 1]), new("no partition", Partitions - 4, [0, 0, 0, 0]),
                new("257 partitions", Partitions - 4, [0, 0, 1, 1]), new("one partition twice", Partitions + 16, Parts.Partition.ToBytes()),
            ],
        };
    }

    private static SignedCase<KFrag> Key()
    {
        // What is signed is inside a sealed box: the reader seals what it is given to the trustee.
        var box = Parts.Box(3);
        var message = KFrag.Seal(Owner, Parts.Policy(Owner, Delegatee), Parts.Delegating(1).PublicKey, Trustee.PublicKey, box.PublicKey, Parts.Shares(Owner, Delegatee)[0]);
        if (!box.TryOpen(message, out var inner) || !KFrag.TryOpen(box, Trustee.PublicKey, message, out var made))
            throw new InvalidOperationException("A kfrag as it is made must open.");
        const int Policy = 14, DelegatingKey = Policy + 16 + 32 + 16 + 4 + 16 + 1 + 64;
        return new(nameof(KFrag), Domains.SignKFrag, Owner, made, _ => inner,
            kfrag => $"{kfrag.Policy} {kfrag.DelegatingKey} {kfrag.Trustee} {Hex(kfrag.Share.Public.Bytes)} {Hex(kfrag.Share.Rk.Bytes)}",
            (ReadOnlySpan<byte> signed, out KFrag? kfrag) => KFrag.TryOpen(box, Trustee.PublicKey, box.PublicKey.Seal(signed), out kfrag))
        {
            Malformations =
            [
                new("epoch 0", Policy + 64, [0, 0, 0, 0]), new("over before it begins", Policy + 64 + 4 + 8, [0, 0, 0, 0, 0, 0, 0, 1]),
                new("purpose 0", Policy + 64 + 4 + 16, [0]), new("identity point", DelegatingKey, Identity),
                new("for another trustee", DelegatingKey + 32, Delegatee.PublicKey.Bytes.ToArray()),
                new("rk of another share", DelegatingKey + 32 + 32 + 96, Parts.Shares(Owner, Delegatee)[1].Rk.Bytes.ToArray()),
                new("rk = 0", DelegatingKey + 32 + 32 + 96, Identity), new("rk not reduced", DelegatingKey + 32 + 32 + 96, NotReduced),
            ],
        };
    }

    private static SignedCase<ReencryptionRequest> Request() => new(nameof(ReencryptionRequest), Domains.SignReencryption, Delegatee,
        ReencryptionRequest.Create(Delegatee, Trustee.PublicKey, Parts.GrantNumber, Owner.PublicKey.Account, Parts.Partition, EpochNumber.First, Parts.Now,
            [new(Parts.RecordNumber, Parts.Capsule), new(Identifier.Random<RecordId>(), Parts.Capsule)], [1, 2, 3]),
        request => request.Signed,
        request => $"{request.Requester} {request.Trustee} {request.Grant} {request.Owner} {request.Partition} {request.Epoch} {request.At:o} {Hex(request.Nonce)} "
            + string.Join('|', request.Items.Select(item => $"{item.Record} {Hex(item.Capsule.Bytes)}")) + Hex(request.Trace),
        ReencryptionRequest.TryVerify)
    {
        Counts = [18 + 64 + 48 + 4 + 8 + 32, 18 + 64 + 48 + 4 + 8 + 32 + 4 + 2 * (16 + 96)],
        Malformations =
        [
            new("epoch 0", 18 + 64 + 48, [0, 0, 0, 0]), new("after the year 9999", 18 + 64 + 48 + 4, TooLate), new("no item", 18 + 64 + 48 + 44, [0, 0, 0, 0]),
            new("65 items", 18 + 64 + 48 + 44, [0, 0, 0, 65]), new("capsule with the identity point", 18 + 64 + 48 + 48 + 16, Identity),
            new("another requester", 18, Owner.PublicKey.Bytes.ToArray()), new("without a trace", 0, "salus reencrypt 1\n"u8.ToArray()),
        ],
    };

    private static SignedCase<Revocation> Notice() => new(nameof(Revocation), Domains.SignRevocation, Owner, Revocation.Create(Owner, Parts.GrantNumber, Parts.Now),
        revocation => revocation.Signed, revocation => $"{revocation.Owner} {revocation.Grant} {revocation.At:o} {Hex(revocation.Hash)}", Revocation.TryVerify)
    {
        Malformations = [new("after the year 9999", 19 + 48, TooLate), new("another owner", 19, Delegatee.PublicKey.Bytes.ToArray())],
    };

    private static SignedCase<RevocationReceipt> Receipt()
    {
        var revocation = Revocation.Create(Owner, Parts.GrantNumber, Parts.Now);
        return new(nameof(RevocationReceipt), Domains.SignReceipt, Trustee, RevocationReceipt.Create(Trustee, revocation, 3, Parts.Now), receipt => receipt.Signed,
            receipt => $"{receipt.Trustee} {Hex(receipt.RevocationHash)} {receipt.KeysDeleted} {receipt.At:o}",
            (ReadOnlySpan<byte> signed, out RevocationReceipt? receipt) => RevocationReceipt.TryVerify(signed, Trustee.PublicKey, revocation, out receipt))
        {
            Malformations =
            [
                new("another trustee", 16, Owner.PublicKey.Bytes.ToArray()), new("another revocation", 16 + 32, Identity), new("after the year 9999", 16 + 68, TooLate),
            ],
        };
    }

    private static SignedCase<Deletion> Delete() => new(nameof(Deletion), Domains.SignDeletion, Owner, Deletion.Create(Owner, Parts.RecordNumber, 4, Parts.Now),
        deletion => deletion.Signed, deletion => $"{deletion.Owner} {deletion.Record} {deletion.Version} {deletion.At:o}", Deletion.TryVerify)
    {
        Malformations = [new("after the year 9999", 17 + 52, TooLate)],
    };

    private static SignedCase<InventoryHead> State()
    {
        const int Counter = 18 + 32, At = Counter + 8 + 32 + 32, Bits = At + 8;
        var first = InventoryHead.Create(Owner, null, Parts.Seed(8, 32), Parts.Now, 0, [Parts.Seed(1, 32)]);
        return new(nameof(InventoryHead), Domains.SignInventory, Owner, InventoryHead.Create(Owner, first, Parts.Seed(9, 32), Parts.Now, 1, [new byte[32], Parts.Seed(2, 32)]), head => head.Signed,
            head => $"{head.Owner} {head.Counter} {Hex(head.Previous)} {Hex(head.Opening)} {head.At:o} {head.Bits} {string.Join(' ', head.Pages.Select(page => Hex(page)))} {Hex(head.Hash)}",
            InventoryHead.TryVerify)
        {
            Malformations =
            [
                new("counter 0", Counter, new byte[8]), new("a first one after another", Counter, [0, 0, 0, 0, 0, 0, 0, 1]), new("a later one after none", Counter + 8, new byte[32]),
                new("after the year 9999", At, TooLate), new("fewer pages than it says", Bits, [2]), new("more pages than it says", Bits, [0]), new("2^13 pages", Bits, [13]),
                new("2^255 pages", Bits, [255]),
            ],
        };
    }

    private static SignedCase<UploadTicket> Ticket() => new(nameof(UploadTicket), Domains.SignTicket, Trustee,
        UploadTicket.Create(Trustee, Owner.PublicKey, 12345, 70000, Parts.Now), ticket => ticket.Signed,
        ticket => $"{ticket.Cloud} {ticket.Store} {ticket.Id} {ticket.Bytes} {ticket.Until:o}",
        (ReadOnlySpan<byte> signed, out UploadTicket? ticket) => UploadTicket.TryVerify(signed, Trustee.PublicKey, out ticket))
    {
        Malformations =
        [
            new("another cloud", 15, Owner.PublicKey.Bytes.ToArray()), new("size above 2^63", 15 + 64 + 16, [0xff]), new("after the year 9999", 15 + 64 + 24, TooLate),
        ],
    };

    private static SignedCase<HardeningTicket> HardeningPass() => new(nameof(HardeningTicket), Domains.SignHardeningTicket, Trustee,
        HardeningTicket.Create(Trustee, Owner.PublicKey, Parts.Now), ticket => ticket.Signed, ticket => $"{ticket.Cloud} {ticket.Account} {ticket.IssuedAt:o}",
        (ReadOnlySpan<byte> signed, out HardeningTicket? ticket) => HardeningTicket.TryVerify(signed, Trustee.PublicKey, out ticket))
    {
        Malformations = [new("another cloud", 25, Owner.PublicKey.Bytes.ToArray()), new("after the year 9999", 25 + 64, TooLate)],
    };

    private static SignedCase<PossessionTicket> PossessionPass() => new(nameof(PossessionTicket), Domains.SignPossessionTicket, Trustee,
        PossessionTicket.Create(Trustee, Owner.PublicKey, 7, Parts.Now), ticket => ticket.Signed, ticket => $"{ticket.Cloud} {ticket.Store} {ticket.Claim} {ticket.Until:o}",
        (ReadOnlySpan<byte> signed, out PossessionTicket? ticket) => PossessionTicket.TryVerify(signed, Trustee.PublicKey, out ticket))
    {
        Malformations = [new("another cloud", 26, Owner.PublicKey.Bytes.ToArray()), new("after the year 9999", 26 + 80, TooLate)],
    };

    private static SignedCase<PossessionProof> Possession() => new(nameof(PossessionProof), Domains.SignPossession, Trustee,
        PossessionProof.Create(Trustee, 7, NotReduced, Parts.Now), proof => proof.Signed, proof => $"{proof.Store} {proof.Claim} {Hex(proof.Commitment)} {proof.At:o}", PossessionProof.TryVerify)
    {
        Malformations = [new("another store", 19, Owner.PublicKey.Bytes.ToArray()), new("after the year 9999", 19 + 80, TooLate)],
    };

    private static SignedCase<StoreReceipt> Stored() => new(nameof(StoreReceipt), Domains.SignStored, Trustee,
        StoreReceipt.Create(Trustee, NotReduced, 70000, Identity, Parts.Now), receipt => receipt.Signed,
        receipt => $"{receipt.Store} {Hex(receipt.Address)} {receipt.Bytes} {Hex(receipt.Hash)} {receipt.At:o}",
        (ReadOnlySpan<byte> signed, out StoreReceipt? receipt) => StoreReceipt.TryVerify(signed, Trustee.PublicKey, out receipt))
    {
        Malformations =
        [
            new("another store", 15, Owner.PublicKey.Bytes.ToArray()), new("size above 2^63", 15 + 64, [0xff]), new("after the year 9999", 15 + 64 + 40, TooLate),
        ],
    };

    private static SignedCase<IndexUpdate> Index()
    {
        var made = IndexUpdate.Create(Owner, Owner.PublicKey.Account, Parts.Partition, new IndexHead(6, Parts.Seed(1, 32)), Parts.Now,
            [Parts.Segment(1, Owner), Parts.Segment(2, Owner)],
            new IndexBase([new(Trustee.PublicKey, new IndexHead(3, Parts.Seed(2, 32))), new(Delegatee.PublicKey, new IndexHead(4, Parts.Seed(3, 32)))], [Parts.Segment(3, Trustee)]));
        const int Added = 14 + 32 + 32 + 8 + 32 + 8 + 4, Base = Added + (2 * SegmentInfo.Size), Watermarks = Base + 1 + 4, Kept = Watermarks + (2 * 72) + 4;
        return new(nameof(IndexUpdate), Domains.SignIndex, Owner, made, update => update.Signed,
            update => $"{update.Owner} {update.Partition} {update.Source} {update.Sequence} {Hex(update.Previous!.Hash)} {update.At:o} {string.Join('|', update.Added.Select(Describe))} "
                + $"{string.Join('|', update.Base!.Watermarks.Select(mark => $"{mark.Source} {mark.Head.Sequence} {Hex(mark.Head.Hash)}"))} "
                + $"{string.Join('|', update.Base.Kept.Select(Describe))} {Hex(update.Hash)}",
            IndexUpdate.TryVerify)
        {
            Counts = [Added - 4, Watermarks - 4, Kept - 4],
            Malformations =
            [
                new("a base of another owner's index", 14, [0xff]), new("sequence 0", 14 + 64, new byte[8]), new("sequence above 2^63", 14 + 64, [0x80]),
                new("the first after another", 14 + 64, [0, 0, 0, 0, 0, 0, 0, 1]), new("after the year 9999", Added - 12, TooLate),
                new("65 segments", Added - 4, [0, 0, 0, 65]), new("base 2", Base, [2]), new("base 0 and yet one", Base, [0]),
                new("one segment twice", Added + SegmentInfo.Size, made.Signed[Added..(Added + SegmentInfo.Size)]),
                new("a segment added and kept", Kept, made.Signed[Added..(Added + SegmentInfo.Size)]),
                new("adding a segment of another source", Added + 16, Delegatee.PublicKey.Bytes.ToArray()),
                new("epoch 0", Added + 48, new byte[4]), new("capsule with the identity point", Added + 52, Identity),
                new("a dictionary too long", Added + 52 + 96 + 80, [0, 0, 0, 0, 0x10, 0, 0, 0]), new("a dictionary shorter than its prefix", Added + 52 + 96 + 80, [0, 0, 0, 0, 0, 0, 0, 71]),
                new("too many blocks", Added + SegmentInfo.Size - 4, [1, 0, 0, 1]), new("one source twice", Watermarks + 72, Trustee.PublicKey.Bytes.ToArray()),
                new("a watermark of the signer", Watermarks, Owner.PublicKey.Bytes.ToArray()), new("a watermark at 0", Watermarks + 32, new byte[8]),
            ],
        };
    }

    private static string Describe(SegmentInfo segment) => $"{segment.Id} {segment.Source} {segment.Epoch} {Hex(segment.Capsule.Bytes)} {Hex(segment.Key.Bytes)} "
        + $"{segment.DictionaryLength} {Hex(segment.DictionaryHash)} {segment.Blocks}";

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private static string Describe(GrantEntry entry) => $"{entry.Partition} {entry.Epoch} {entry.DelegatingKey} "
        + string.Join(',', entry.Shares.Select(share => $"{share.Trustee} {Hex(share.Share.Bytes)}"));

    private static string Describe(RecordHeader header) => $"{header.Context} {header.Version} {header.Author} {header.SealedAt:o} {Hex(header.Capsule.Bytes)} "
        + $"{Hex(header.ContentKey.Bytes)} {header.RestoreFrom} {header.BodyLength} {header.Fragments} {Hex(header.BodyPrefix)} "
        + $"{string.Join(',', header.FragmentCommitments.Select(commitment => Hex(commitment)))} {Hex(header.MetadataHash)}";
}
