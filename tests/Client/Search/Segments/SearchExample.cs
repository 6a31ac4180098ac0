using System.Security.Cryptography;
using System.Text;
using Salus.Client.Search.Segments;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Crypto.Search;
using Salus.Protocol;
using Salus.Testing;

namespace Salus.Client.Tests.Search.Segments;

/// <summary>
/// Makes the example of docs/spec/search.md, "Segments", anew. Run it (`-explicit only -method '*SearchExample*'`) after a change of the format, and put the
/// bytes that `SearchVectorTests` misses into the document.
/// </summary>
public class SearchExample
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero);

    private readonly StringBuilder _text = new("""
        # The example of docs/spec/search.md, made by this software; addresses, blocks and the dictionary were made again from the document alone with python cryptography.
        # Seeds and keys are the first bytes of SHA-512("Salus example: NAME"). context: owner | segment. postings: document/frequency/length.
        # terms of a dictionary: term/documents/blocks, or term/documents/bytes of an inline one.

        """);

    [Fact(Explicit = true)]
    public async Task Write()
    {
        using var owner = new SigningKey(Seed("owner", 32));
        using var delegating = DelegatingKey.FromSeed(Seed("delegating", 64));
        using var secret = Secret.CopyOf(Seed("segment", 32));
        var (account, partition, segment) = (owner.PublicKey.Account, new PartitionId(0x1111), new SegmentId(0x5555));
        byte[] context = [.. account.ToBytes(), .. segment.ToBytes()];
        using var key = new SegmentKey(secret, context);

        await BlocksAsync(key, secret, context);
        Postings();
        var salt = Seed("salt", ChunkedEncryption.SaltSize);
        var message = await DictionaryAsync(account, segment, secret, context, salt);
        Dictionaries();
        await UpdatesAsync(owner, account, partition, segment, secret, delegating, message);
        await File.WriteAllTextAsync(Path.Combine(Places.Vectors, "search.txt"), _text.ToString());
    }

    private async Task BlocksAsync(SegmentKey key, Secret secret, byte[] context)
    {
        byte[] first = [2, 0, 2, 9, 1, 1, 6, .. new byte[BlockSize.Plain - 7]];
        using var diabetes = key.Term("w:diabet");
        var block = await SealAsync(diabetes, 0, first);
        Block("block", ("secret", secret.Bytes.ToArray()), ("context", context), ("term", "\"w:diabet\""), ("number", 0), ("address", At(diabetes, 0)),
            ("plaintext", Padded(first)), ("sealed", block), ("expect", "ok"));
        Block("block", ("secret", secret.Bytes.ToArray()), ("context", context), ("term", "\"w:diabet\""), ("number", 1), ("address", At(diabetes, 1)),
            ("plaintext", "00*240"), ("sealed", await SealAsync(diabetes, 1, new byte[BlockSize.Plain])), ("expect", "ok"));

        void Refused(string why, byte[] context, string term, int number, byte[] made) =>
            Block("block", ("secret", secret.Bytes.ToArray()), ("context", context), ("term", $"\"{term}\""), ("number", number), ("sealed", made), ("expect", why));
        Refused("altered block", context, "w:diabet", 0, Changed(block, 100));
        Refused("altered tag", context, "w:diabet", 0, Changed(block, 255));
        Refused("wrong address", context, "w:diabet", 1, block);
        Refused("wrong term", context, "w:diabetes", 0, block);
        Refused("wrong segment", Changed(context, 31), "w:diabet", 0, block);
        Refused("wrong owner", Changed(context, 0), "w:diabet", 0, block);
        Refused("too short", context, "w:diabet", 0, block[..255]);
    }

    private void Postings()
    {
        One("ok", "0/2/9 1/1/6", [2, 0, 2, 9, 1, 1, 6]);
        One("ok", "5/1/300 205/128/0 4294967294/4294967295/4294967295",
            [3, 5, 1, 0xac, 2, 0xc8, 1, 0x80, 1, 0, 0xb1, 0xfe, 0xff, 0xff, 0xf,
                0xff, 0xff, 0xff, 0xff, 0xf, 0xff, 0xff, 0xff, 0xff, 0xf]);
        One("ok", "", [0]);
        One("non-zero padding", null, [2, 0, 2, 9, 1, 1, 6, 0, 1]);
        One("padding of an empty block not zero", null, [0, 1]);
        One("a document twice", null, [2, 0, 2, 9, 0, 1, 6]);
        One("frequency 0", null, [2, 0, 2, 9, 1, 0, 6]);
        One("not the shortest form", null, [2, 0, 2, 9, 0x81, 0, 1, 6]);
        One("a number of 33 bits", null, [2, 0, 2, 9, 1, 1, 0xff, 0xff, 0xff, 0xff, 0x1f]);
        One("a document that does not exist", null, [2, 0, 2, 9, 0xff, 0xff, 0xff, 0xff, 0xf, 1, 6]);

        void One(string expect, string? postings, byte[] block)
        {
            var plaintext = (name: "plaintext", value: (object)Padded([.. block, .. new byte[BlockSize.Plain - block.Length]]));
            if (postings is null)
                Block("postings", ("documents", uint.MaxValue), plaintext, ("expect", expect));
            else
                Block("postings", ("documents", uint.MaxValue), plaintext, ("postings", postings), ("expect", expect));
        }
    }

    private static readonly IndexedDocument[] Documents = [new(new RecordId(0x3333), 4), new(new RecordId(0x4444), IndexedDocument.WholeRecord)];

    private async Task<byte[]> DictionaryAsync(AccountId account, SegmentId segment, Secret secret, byte[] context, byte[] salt)
    {
        var builder = new SegmentBuilder();
        builder.Add(Documents[0], [new("w:diabet", 2), new("w:diet", 1), new("c:4548-4", 1), new("d:2020", 1)], 9);
        builder.Add(Documents[1], [new("w:diabet", 1), new("d:2020-03", 1)], 6);
        using var folder = new Sealing.TemporaryFolder();
        await using var writer = new SegmentWriter(account, segment, secret, Path.GetDirectoryName(folder["x"])!, salt);
        var built = await builder.WriteAsync(writer, CancellationToken.None);
        var message = await File.ReadAllBytesAsync(built.DictionaryPath);
        using var key = new SegmentKey(secret, context);
        using var encryption = new ChunkedEncryption(key.DictionaryKey, salt, context);
        var plaintext = new byte[message.Length - ChunkedEncryption.PrefixSize - ChunkedEncryption.TagSize];
        Assert.True(await encryption.OpenFinalAsync(0, message.AsMemory(ChunkedEncryption.PrefixSize), plaintext));
        Block("sealed-dictionary", ("secret", secret.Bytes.ToArray()), ("context", context), ("salt", salt), ("plaintext", plaintext), ("message", message), ("expect", "ok"));
        Block("dictionary", ("plaintext", plaintext), ("blocks", 0), ("terms", "c:4548-4/1/3 d:2020/1/3 d:2020-03/1/3 w:diabet/2/6 w:diet/1/3"), ("expect", "ok"));
        return message;
    }

    private void Dictionaries()
    {
        byte[] good = [.. HostileSegment.Header(300, 2, totalLength: 5000), .. Term(0, "w:diabet", 200, 3), .. Term(5, "et", 7, 1), .. HostileSegment.Table(300)];
        Block("dictionary", ("plaintext", Padded(good)), ("blocks", 4 + 1), ("terms", "w:diabet/200/3 w:diaet/7/1"), ("expect", "ok"));
        Refused("fewer blocks than signed", good, 4 + 1 + 1);
        Refused("more blocks than signed", good, 3 + 1);
        Refused("dictionary not sorted", [.. HostileSegment.Header(300, 2), .. Term(0, "w:diet", 7, 1), .. Term(4, "abet", 7, 1), .. HostileSegment.Table(300)], 2);
        Refused("one term twice", [.. HostileSegment.Header(300, 2), .. Term(0, "w:diet", 7, 1), .. Term(0, "w:diet", 7, 1), .. HostileSegment.Table(300)], 2);
        Refused("less shared than could be", [.. HostileSegment.Header(300, 2), .. Term(0, "w:diabet", 7, 1), .. Term(4, "aet", 7, 1), .. HostileSegment.Table(300)], 2);
        Refused("a term of 129 bytes", [.. HostileSegment.Header(300, 1), 0, 0x81, 1, .. Encoding.ASCII.GetBytes(new string('w', 129)), 7, 1, .. HostileSegment.Table(300)], 1);
        Refused("more documents than there are", [.. HostileSegment.Header(6, 1), .. Term(0, "w:diet", 7, 1), .. HostileSegment.Table(6)], 1);
        Refused("more postings than blocks can have", [.. HostileSegment.Header(300, 1), .. Term(0, "w:diet", 80, 1), .. HostileSegment.Table(300)], 1);
        Refused("more terms than bytes", [.. HostileSegment.Header(300, uint.MaxValue), .. HostileSegment.Table(300)], 0);
        Refused("another magic", [.. "salus dict 2\n"u8, .. good[13..]], 5);
        Refused("unknown flag", [.. good[..13], 2, .. good[14..]], 5);
        Refused("a byte too many", [.. good, 0], 5);
        Refused("not UTF-8", [.. HostileSegment.Header(300, 1), 0, 3, (byte)'w', (byte)':', 0xff, 7, 1, .. HostileSegment.Table(300)], 1);

        static byte[] Term(byte shared, string suffix, uint documents, byte size)
        {
            Span<byte> number = stackalloc byte[5];
            return [shared, (byte)suffix.Length, .. Encoding.ASCII.GetBytes(suffix), .. number[..Varint.Write(documents, number)], size];
        }

        void Refused(string why, byte[] plaintext, int blocks) => Block("dictionary", ("plaintext", Padded(plaintext)), ("blocks", blocks), ("expect", why));
    }

    private async Task UpdatesAsync(
        SigningKey owner, AccountId account, PartitionId partition, SegmentId segment, Secret secret, DelegatingKey delegating, byte[] dictionary)
    {
        using var hospital = new SigningKey(Seed("hospital", 32));
        var context = new RecordContext(account, partition, EpochNumber.First, new RecordId(segment.Value)).ToBytes();
        var capsule = Capsule.Encapsulate(delegating.PublicKey, context, out var wrapping);
        var wrapped = await WrappedKey.WrapAsync(wrapping, secret, context);
        wrapping.Dispose();
        var added = new SegmentInfo(segment, owner.PublicKey, EpochNumber.First, capsule, wrapped, dictionary.Length, SHA256.HashData(dictionary), 0);
        var first = IndexUpdate.Create(owner, account, partition, null, Now, [added]);
        var others = IndexUpdate.Create(hospital, account, partition, null, Now, [added with { Source = hospital.PublicKey }]);
        var second = IndexUpdate.Create(owner, account, partition, first.Head, Now.AddDays(1), [], new IndexBase([new(hospital.PublicKey, others.Head)], [added]));
        Block("keys", ("owner", Seed("owner", 32)), ("hospital", Seed("hospital", 32)), ("delegating", Seed("delegating", 64)), ("segment", secret.Bytes.ToArray()), ("expect", "ok"));
        Block("index-update", ("bytes", first.Signed), ("expect", "ok"));
        Block("index-base", ("bytes", second.Signed), ("expect", "ok"));
        Refused("a bit of the dictionary's hash flipped", Changed(first.Signed, first.Signed.Length - 64 - 1 - 4 - 1));
        Refused("signed under the label of a record", Resign(owner, first.Signed[..^64], Domains.SignRecord));
        Refused("signed by the hospital instead", Resign(hospital, first.Signed[..^64], Domains.SignIndex));
        Refused("the first with a hash of one before", Resign(owner, Changed(first.Signed[..^64], 86), Domains.SignIndex));
        Refused("a base by a source that is not the owner", Resign(hospital, [.. others.Signed[..^65], 1, 0, 0, 0, 0, 0, 0, 0, 0], Domains.SignIndex));
        Refused("nothing added and no base", Resign(owner, [.. first.Signed.AsSpan(0, 126), 0, 0, 0, 0, 0], Domains.SignIndex));

        void Refused(string why, byte[] bytes) => Block("index-update", ("bytes", bytes), ("expect", why));
    }

    private static byte[] Resign(SigningKey key, byte[] payload, string label)
    {
        var signature = new byte[SigningKey.SignatureSize];
        key.Sign(label, payload, signature);
        return [.. payload, .. signature];
    }

    private static byte[] Seed(string of, int size) => SHA512.HashData(Encoding.ASCII.GetBytes($"Salus example: {of}"))[..size];

    private static byte[] Changed(byte[] bytes, int at)
    {
        var changed = (byte[])bytes.Clone();
        changed[at] ^= 1;
        return changed;
    }

    private static byte[] At(TermToken token, uint number)
    {
        var address = new byte[BlockSize.Address];
        token.Address(number, address);
        return address;
    }

    private static async Task<byte[]> SealAsync(TermToken token, uint number, byte[] plaintext)
    {
        var made = new byte[BlockSize.Sealed];
        await token.SealAsync(number, plaintext, made);
        return made;
    }

    private static byte[] Encoded(IndexedDocument document)
    {
        var bytes = new byte[IndexedDocument.Size];
        document.Write(bytes);
        return bytes;
    }

    private static string Padded(byte[] block)
    {
        var used = block.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        return $"{Convert.ToHexStringLower(block.AsSpan(0, used))} 00*{block.Length - used}".Trim();
    }

    private void Block(string type, params (string Name, object Value)[] pairs)
    {
        _text.Append("\ntype: ").Append(type).Append('\n');
        foreach (var (name, value) in pairs)
            _text.Append(name).Append(": ").Append(value is byte[] bytes ? Convert.ToHexStringLower(bytes) : value).Append('\n');
    }
}
