using Salus.Client.Log;
using Salus.Crypto;
using Salus.Crypto.Merkle;
using Salus.Protocol;
using Salus.Protocol.Inventory;
using Salus.Protocol.Log;
using Salus.Protocol.Tests;
using Salus.Protocol.Tests.Log;

namespace Salus.Bench.Fuzz.Targets;

/// <summary>The log: notes, checkpoints, proofs, entries, tiles, what the cloud pushes to witnesses; and the pages of an inventory.</summary>
internal static class LogTargets
{
    private const int Leaves = 13;

    private static readonly NoteSigner Log = LogParts.Log();
    private static readonly NoteSigner Witness = LogParts.Witness(1);
    private static readonly LogKeys Keys = new(Log.Key, [Witness.Key]);
    private static readonly LogEntry[] Entries = [.. Enumerable.Range(0, Leaves).Select(i => LogEntry.Of(LogKind.Grant, [(byte)i]))];

    public static IReadOnlyList<Target> All { get; } =
    [
        new("log/entry", () => [Entries[0].Bytes.ToArray(), LogEntry.Tagged(LogKind.State, Parts.Seed(1, 32), 77, [1]).Bytes.ToArray(), Access()],
            bytes => LogEntry.TryParse(bytes, out var entry) ? Verdict.Canonical(entry.Bytes.Span, entry.Kind.ToString()) : Verdict.Refused),
        new("log/access", () => [Access()], bytes =>
        {
            if (!LogEntry.TryParse(bytes, out var entry) || entry.Kind != LogKind.Access)
                return Verdict.Refused;
            var owner = Parts.Signing(1).PublicKey.Account;
            return Verdict.When(AccessEntry.OpenAsync(entry, Parts.Box(1), owner).AsTask().GetAwaiter().GetResult() is not null);
        }),
        new("log/note", () => [Note()], bytes => SignedNote.TryParse(bytes, out var note) ? Verdict.Canonical(note.ToBytes(), $"{note.Signatures.Count}") : Verdict.Refused) { Shape = Shape.Text },
        Target.OfText("log/checkpoint", text => Checkpoint.TryParse(text, out var checkpoint) ? checkpoint.Text : null, LogParts.Checkpoint(Log.Key, 7).Text),
        new("log/cosigned checkpoint", () => [Note()], bytes => Verdict.When(SignedCheckpoint.TryRead(bytes, Keys, out var read), $"{read?.Cosignatures.Count}")) { Shape = Shape.Text },
        Target.OfText("log/key", text => NoteKey.TryParse(text, NoteAlgorithm.Ed25519, out var key) ? key.ToString() : null, Log.Key.ToString()),
        new("log/proof", () => [Proof()], bytes => Verdict.When(LogProof.TryRead(bytes, Keys, out var proof), $"{proof?.Includes(Entries[5])}")) { Shape = Shape.Text },
        new("log/push", () => [WitnessPush.Encode(3, Note(), [.. Entries.Select(entry => entry.Bytes)])],
            bytes =>
            {
                if (!WitnessPush.TryParse(bytes, out var push))
                    return Verdict.Refused;
                return WitnessPush.TryReadNote(bytes, out var note) && note.SequenceEqual(push.Note)
                    ? Verdict.Canonical(WitnessPush.Encode(push.OldSize, push.Note, [.. push.Entries.Select(entry => entry.Bytes)]), $"{push.Entries.Count}")
                    : throw new InvalidDataException("its note is not the one that is read alone");
            }),
        new("log/bundle", () => [Bundle()], bytes => Verdict.Taken($"{LogView.ReadBundle(bytes).Count(entry => entry is not null)}")),
        Target.OfText("log/signature", text => NoteSignature.TryParse(text, out var signature) ? signature.ToLine() : null,
            Cosignature.Sign(Witness, LogParts.Checkpoint(Log.Key, 7), Parts.Now).ToLine()),
        Target.OfText("log/base 64", text => StrictBase64.TryDecode(text, out var bytes) ? Convert.ToBase64String(bytes) : null, "AAECAwQFBgcICQ==", ""),
        Target.OfText("log/size of a witness", text => WitnessPush.TryParseSize(text, out var size) ? WitnessPush.EncodeSize(size) : null, "12345\n"),
        Target.OfText("log/tile", text => TreeTile.TryParse(0, text, out var tile) ? tile.Path()["tile/0/".Length..] : null, "x001/x234/067", "000.p/17"),
        new("log/inventory page", () => [Page()], bytes => InventoryPage.TryParse(bytes, out var page)
            ? Verdict.Canonical(InventoryPage.Create(page.Items).Bytes, $"{page.Items.Count}") : Verdict.Refused),
    ];

    private static byte[] Note() => LogParts.Note(LogParts.Checkpoint(Log.Key, Leaves), Log, Parts.Now, Witness);

    private static byte[] Access()
    {
        var subject = new AccessSubject(AccessKind.Open, Parts.Signing(1).PublicKey.Account, Parts.GrantNumber, Parts.Partition, EpochNumber.First, [Parts.RecordNumber]);
        using var seed = Secret.CopyOf(Parts.Seed(9, AccessEntry.SeedSize));
        return AccessEntry.SealAsync(AccessStatement.Create(Parts.Signing(2), subject, Parts.Now), Parts.Box(1).PublicKey, seed).AsTask().GetAwaiter().GetResult().Bytes.ToArray();
    }

    private static byte[] Bundle() => [.. Entries.SelectMany(entry => (byte[])[(byte)(entry.Bytes.Length >> 8), (byte)(entry.Bytes.Length & 0xff), .. entry.Bytes.Span])];

    private static byte[] Proof()
    {
        byte[] leaves = [.. Entries.SelectMany(entry => entry.LeafHash)];
        var root = new byte[32];
        MerkleTree.Root(leaves, root);
        return LogProof.Encode(5, MerkleTree.Prove(leaves, 5), LogParts.Note(new Checkpoint(Log.Key.Name, Leaves, root), Log, Parts.Now, Witness));
    }

    private static byte[] Page() => InventoryPage.Create(Enumerable.Range(1, 5)
        .Select(i => new InventoryItem(ItemKind.Record, new ItemId((UInt128)i), Parts.Seed((byte)i, InventoryItem.DigestSize), ItemState.Live, 1))).Bytes;
}
