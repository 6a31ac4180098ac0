using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Salus.Client.Inventory;
using Salus.Client.Readings;
using Salus.Client.Records;
using Salus.Client.Requests;
using Salus.Crypto.Dispersal;
using Salus.Crypto.Primitives;
using Salus.Crypto.Sealing;
using Salus.Crypto.Statistics.Sharing;
using Salus.Protocol;
using Salus.Protocol.Inventory;
using Salus.Protocol.Log;
using Salus.Protocol.Statistics;
using Salus.Protocol.Studies;
using Salus.Protocol.Tests;
using Salus.Protocol.Tests.Studies;

namespace Salus.Bench.Fuzz.Targets;

/// <summary>
/// What comes out of a seal. It is no better than who may seal: depositors, askers and participants are let write, and are not trusted with what they write. An input is the plaintext.
/// </summary>
internal static class SealedTargets
{
    private static readonly UnboxingKey Box = Parts.Box(3);
    private static readonly RecordHeader Header = Parts.Header(Parts.Signing(1), []) with { FragmentCommitments = [.. Enumerable.Range(1, 8).Select(i => Parts.Seed((byte)i, 32))] };
    private static readonly StudyId Study = StudyCases.Study.Id;
    private static readonly ContributionId Contribution = new(7);

    public static IReadOnlyList<Target> All { get; } =
    [
        new("sealed/metadata of a record", Metadata, bytes => RecordMetadata.TryRead(bytes, Header) switch
        {
            null => Verdict.Refused,
            var read when JsonTargets.Lacking(read, "metadata") is { } lacking => throw new InvalidDataException($"{lacking} is null"),
            var read => Verdict.Taken($"{read.Kind} {read.CarriedKey() is null} {read.Stores.Length} {read.Keywords.Length}"),
        }) { Shape = Shape.Text },
        new("sealed/description of a series", () => [JsonSerializer.SerializeToUtf8Bytes(new SeriesDescription("Heart rate", "8867-4", "/min", 1), ReadingJson.Default.SeriesDescription)],
            bytes => SeriesDescription.Read(bytes) is { } read ? Verdict.Taken($"{read.Decimals} {read.Code is null}") : Verdict.Refused) { Shape = Shape.Text },
        new("sealed/statement of an access", () => [Lengthy(Case(nameof(AccessStatement)))], bytes =>
        {
            // The sizes that there are, as the bytes of an entry are refused before with another.
            if (bytes.Length > 1280)
                return Verdict.Refused;
            var padded = new byte[bytes.Length > 512 ? 1280 : 512];
            bytes.CopyTo(padded, 0);
            return Verdict.When(AccessEntry.TryUnpad(padded, out _));
        }),
        new("sealed/handles of a keyword", () => [Handles()], bytes => HardenedNumber.ReadHandles(bytes) is { } handles ? Verdict.Taken($"{handles.Count}") : Verdict.Refused),
        new("sealed/request for access", () => [Lengthy(Case(nameof(AccessRequest)))], bytes => Verdict.When(HardenedNumber.ReadRequest(bytes) is not null)),
        new("sealed/places of a body", () => [Places()], bytes => SharedBodies.ReadPlaces(bytes) is { } places
            ? Verdict.Canonical([.. places.SelectMany(place => (byte[])[.. place.Store.Bytes, .. place.Address])], $"{places.Count}") : Verdict.Refused),
        new("sealed/kept inventory", () => [Inventory()], bytes =>
        {
            var kept = KeptInventory.Parse(bytes);
            return Verdict.Taken($"{kept.Pages.Count} {kept.Names.Count} {kept.Read(Parts.Signing(1).PublicKey) is null}");
        }) { Shape = Shape.Text },
        new("sealed/row", () => [Row()], bytes => RowDelivery.TryUnseal(Box, Box.PublicKey.Seal(bytes), out var row) ? Verdict.Taken($"{row.Fits(StudyCases.Study)}") : Verdict.Refused),
        new("sealed/copy", () => [Copy()], bytes =>
        {
            if (bytes.Length > CopySize.Smallest - SealedBox.Overhead)
                return Verdict.Refused;
            var padded = new byte[CopySize.Smallest - SealedBox.Overhead];
            bytes.CopyTo(padded, 0);
            return Verdict.When(SealedCopy.TryUnseal(Box, Study, Contribution, Box.PublicKey.Seal(padded), out _));
        }),
    ];

    /// <summary>A file whose key its owner holds, and a slice that carries it.</summary>
    private static IReadOnlyList<byte[]> Metadata()
    {
        if (!ChunkedEncryption.TryPlaintextLength(Header.BodyLength + ChunkedEncryption.PrefixSize, out var length))
            throw new InvalidOperationException("A body has a length.");
        string[] stores = [.. Enumerable.Range(1, 3).Select(i => Convert.ToHexStringLower(Parts.Signing((byte)i).PublicKey.Bytes))];
        var file = new RecordMetadata("letter.pdf", "application/pdf", RecordMetadata.FileKind, "medical", length, 0, 0, null, null, null, stores, ["asthma", "loinc|4548-4"], true);
        var slice = file with
        {
            Kind = RecordMetadata.SliceKind, ContentLength = length - 500, TailLength = 500, Resources = 7, Import = new string('a', 32), SequenceKey = SequenceKey.Generate(Header.Fragments).Reveal(),
        };
        return [.. new[] { file, slice }.Select(one => JsonSerializer.SerializeToUtf8Bytes(one, MetadataJson.Default.RecordMetadata))];
    }

    private static byte[] Case(string name) => SignedCases.All.Single(one => one.Name == name).Signed;

    private static byte[] Lengthy(byte[] bytes)
    {
        var written = new byte[sizeof(uint) + bytes.Length];
        BinaryPrimitives.WriteUInt32BigEndian(written, (uint)bytes.Length);
        bytes.CopyTo(written, sizeof(uint));
        return written;
    }

    /// <summary>Three, with room for four.</summary>
    private static byte[] Handles() => [0, 0, 0, 3, .. Parts.Seed(1, 4 * HardenedNumber.HandleSize)];

    private static byte[] Places() => [.. Parts.Signing(1).PublicKey.Bytes, .. Parts.Seed(1, 32), .. Parts.Signing(2).PublicKey.Bytes, .. Parts.Seed(2, 32)];

    private static byte[] Inventory() => JsonSerializer.SerializeToUtf8Bytes(new KeptInventory(Case(nameof(InventoryHead)),
        new() { [0] = InventoryPage.Create([new InventoryItem(ItemKind.Record, new ItemId(5), Parts.Seed(1, InventoryItem.DigestSize), ItemState.Live, 1)]).Bytes }, new() { ["a"] = "letter" }),
        InventoryJson.Default.KeptInventory);

    private static byte[] Row()
    {
        using var split = SplitVector.SplitElements(StudyCases.Terms.Layout().Encode([700, null], [2]));
        var commitments = split.Commit();
        var header = ContributionHeader.Create(Parts.Signing(9), Study, [], RowDelivery.Commit(StudyCases.Study, commitments));
        var receipts = StudyCases.Trustees.Take(2).Select(trustee => ContributionReceipt.Create(trustee, Study, header.Digest).Signed).ToArray();
        return Opened(RowDelivery.Seal(Box.PublicKey, header, receipts, commitments, split.Parcel(0)));
    }

    private static byte[] Copy()
    {
        var plain = Opened(SealedCopy.Seal(Box.PublicKey, Study, Contribution, Encoding.ASCII.GetBytes("content")));
        return plain[..(plain.AsSpan().LastIndexOfAnyExcept((byte)0) + 1)];
    }

    private static byte[] Opened(byte[] sealedBytes) => Box.TryOpen(sealedBytes, out var plain) ? plain : throw new InvalidOperationException("What was sealed opens.");
}
