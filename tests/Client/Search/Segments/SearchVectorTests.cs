using System.Text;
using System.Text.RegularExpressions;
using Salus.Client.Search.Segments;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Crypto.Search;
using Salus.Protocol;
using Salus.Testing;

namespace Salus.Client.Tests.Search.Segments;

/// <summary>The example of docs/spec/search.md from the keys to the postings, what is to be refused of it, and the document's own bytes.</summary>
public partial class SearchVectorTests
{
    private static readonly IReadOnlyList<Vector> All = Vectors.Read("search");

    public static TheoryData<Vector> Blocks => [.. Of("block")];

    public static TheoryData<Vector> Postings => [.. Of("postings")];

    public static TheoryData<Vector> Dictionaries => [.. Of("dictionary")];

    public static TheoryData<Vector> Updates => [.. Of("index-update"), .. Of("index-base")];

    [Theory, MemberData(nameof(Blocks))]
    public async Task BlocksAreSealedAndOpened(Vector vector)
    {
        using var secret = Secret.CopyOf(vector.Bytes("secret"));
        using var key = new SegmentKey(secret, vector.Bytes("context"));
        using var token = key.Term(vector.Bytes("term"));
        var (number, plaintext) = ((uint)vector.Int("number"), new byte[BlockSize.Plain]);
        Assert.Equal(vector.Expect == "ok", await token.OpenAsync(number, vector.Bytes("sealed"), plaintext));
        if (vector.Expect != "ok")
            return;
        Assert.Equal(vector.Bytes("plaintext"), plaintext);
        var (address, made) = (new byte[BlockSize.Address], new byte[BlockSize.Sealed]);
        token.Address(number, address);
        await token.SealAsync(number, plaintext, made);
        Assert.Equal(vector.Bytes("address"), address);
        Assert.Equal(vector.Bytes("sealed"), made);
    }

    [Theory, MemberData(nameof(Postings))]
    public void PostingsAreRead(Vector vector)
    {
        var postings = new List<Posting>();
        Assert.Equal(vector.Expect == "ok", PostingRun.TryReadBlock(vector.Bytes("plaintext"), uint.Parse(vector["documents"], null), postings));
        if (vector.Expect == "ok")
            Assert.Equal(vector["postings"], string.Join(' ', postings.Select(posting => $"{posting.Document}/{posting.Frequency}/{posting.Length}")));
    }

    [Theory, MemberData(nameof(Dictionaries))]
    public void DictionariesAreRead(Vector vector)
    {
        Assert.Equal(vector.Expect == "ok", SegmentDictionary.TryRead(vector.Bytes("plaintext"), vector.Int("blocks"), out var dictionary));
        if (dictionary is not null)
            Assert.Equal(vector["terms"], string.Join(' ', dictionary.Range([], 99).Select(term => $"{term.Text}/{term.Documents}/{term.Blocks + term.RunLength}")));
    }

    [Theory, MemberData(nameof(Updates))]
    public void UpdatesAreVerified(Vector vector) => Assert.Equal(vector.Expect == "ok", IndexUpdate.TryVerify(vector.Bytes("bytes"), out _));

    [Fact]
    public async Task TheOwnerFindsADocumentByNothingButWhatIsStored()
    {
        var keys = One("keys");
        using var owner = new SigningKey(keys.Bytes("owner"));
        using var delegating = DelegatingKey.FromSeed(keys.Bytes("delegating"));
        Assert.True(IndexUpdate.TryVerify(One("index-update").Bytes("bytes"), out var update));
        Assert.True(update.Follows(null));
        Assert.Equal((owner.PublicKey, owner.PublicKey.Account), (update.Source, update.Owner));
        var info = Assert.Single(update.Added);
        var context = info.Context(update.Owner, update.Partition).ToBytes();
        Assert.True(info.Capsule.TryVerify(delegating.PublicKey, context, out var capsule));
        using var wrapping = capsule.Open(delegating);
        using var secret = await info.Key.UnwrapAsync(wrapping, context);
        Assert.Equal(keys.Bytes("segment"), secret!.Bytes.ToArray());
        using var segment = await OpenSegment.OpenAsync(update.Owner, info, secret, One("sealed-dictionary").Bytes("message"));
        Assert.Equal((2, 15, 5, true), (segment.Documents, segment.TotalLength, segment.Terms, segment.IsInline));
        Assert.Equal([new Posting(0, 2, 9), new(1, 1, 6)], await segment.PostingsAsync(segment.Find("w:diabet")!, []));
        Assert.Equal([new(new RecordId(0x3333), 4), new(new RecordId(0x4444), IndexedDocument.WholeRecord)], [segment.Document(0), segment.Document(1)]);
    }

    [Fact]
    public async Task TheSealedDictionaryIsMadeOfItsPlaintext()
    {
        var vector = One("sealed-dictionary");
        using var secret = Secret.CopyOf(vector.Bytes("secret"));
        using var key = new SegmentKey(secret, vector.Bytes("context"));
        using var encryption = new ChunkedEncryption(key.DictionaryKey, vector.Bytes("salt"), vector.Bytes("context"));
        var plaintext = vector.Bytes("plaintext");
        var message = new byte[ChunkedEncryption.CiphertextLength(plaintext.Length)];
        encryption.Prefix.CopyTo(message);
        await encryption.SealFinalAsync(0, plaintext, message.AsMemory(ChunkedEncryption.PrefixSize));
        Assert.Equal(vector.Bytes("message"), message);
    }

    [Fact]
    public void UpdatesMadeFromTheSameValuesAreTheSameBytes()
    {
        using var owner = new SigningKey(One("keys").Bytes("owner"));
        Assert.True(IndexUpdate.TryVerify(One("index-update").Bytes("bytes"), out var first));
        Assert.True(IndexUpdate.TryVerify(One("index-base").Bytes("bytes"), out var second));
        Assert.True(second.Follows(first.Head));
        foreach (var update in (IndexUpdate[])[first, second])
            Assert.Equal(update.Signed, IndexUpdate.Create(owner, update.Owner, update.Partition, update.Previous, update.At, update.Added, update.Base).Signed);
    }

    /// <summary>A block of the document begins with `example TYPE`; each line is hexadecimal and, after two blanks, what it is.</summary>
    [Fact]
    public void TheDocumentShowsTheseBytes()
    {
        var document = File.ReadAllText(Path.Combine(Places.Root, "docs", "spec", "search.md"));
        var shown = Example().Matches(document).ToDictionary(
            block => block.Groups["type"].Value,
            block => string.Concat(block.Groups["lines"].Value.Split('\n').Select(line => line.Split("  ", 2)[0].Trim())));
        Assert.Equal(Convert.ToHexStringLower(One("index-update").Bytes("bytes")), shown["index-update"]);
        Assert.Equal(Convert.ToHexStringLower(One("index-base").Bytes("bytes")), shown["index-base"]);
        Assert.Equal(Convert.ToHexStringLower(One("sealed-dictionary").Bytes("plaintext")), shown["dictionary"]);
        Assert.Equal(Convert.ToHexStringLower(Of("block").First().Bytes("plaintext")).TrimEnd('0'), shown["postings"]);
    }

    private static IEnumerable<Vector> Of(string type) => All.Where(vector => vector["type"] == type);

    private static Vector One(string type) => Of(type).Single(vector => vector.Expect == "ok");

    [GeneratedRegex("```text\nexample (?<type>[a-z0-9-]+)\n(?<lines>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
