using System.Text;
using System.Text.Json.Nodes;
using Salus.Client.Records;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Protocol;

namespace Salus.Client.Tests.Records;

/// <summary>Whoever may add records seals what is said of them, and no server can look: what does not fit its record is none.</summary>
public class RecordMetadataTests
{
    private const string Key = "5555555555555555555555555555555555555555555555555555555555555555";

    private const string Whole = $$"""
        {"name":"letter","mediaType":"text/plain","kind":"file","partition":"medical","contentLength":90,"tailLength":10,"resources":0,
         "sequenceKey":"abcdefgh","stores":["{{Key}}"],"keywords":["word"]}
        """;

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"sequenceKey":null}""")]
    [InlineData("""{"kind":"fhir","import":"1"}""")]
    [InlineData("""{"kind":"attachment","import":"1","attachment":"2"}""")]
    [InlineData("""{"contentLength":100,"tailLength":0}""")]
    public void WhatFitsIsRead(string changed) => Assert.NotNull(Read(With(changed), Header(8, null)));

    [Theory]
    [InlineData("""{"name":null}""")]
    [InlineData("""{"mediaType":null}""")]
    [InlineData("""{"partition":null}""")]
    [InlineData("""{"kind":"none"}""")]
    [InlineData("""{"kind":null}""")]
    [InlineData("""{"kind":"fhir"}""")]
    [InlineData("""{"kind":"attachment","import":"1"}""")]
    [InlineData("""{"resources":-1}""")]
    [InlineData("""{"contentLength":-1,"tailLength":101}""")]
    [InlineData("""{"contentLength":101,"tailLength":-1}""")]
    [InlineData("""{"tailLength":9}""")]
    [InlineData("""{"tailLength":9223372036854775807}""")]
    [InlineData("""{"contentLength":9223372036854775807,"tailLength":9223372036854775807}""")]
    [InlineData("""{"sequenceKey":"abc"}""")]
    [InlineData("""{"sequenceKey":"abcdefga"}""")]
    [InlineData("""{"sequenceKey":"abcdefghi"}""")]
    [InlineData("""{"sequenceKey":""}""")]
    [InlineData("""{"stores":[]}""")]
    [InlineData("""{"stores":["x"]}""")]
    [InlineData("""{"stores":[null]}""")]
    [InlineData("""{"stores":null}""")]
    [InlineData("""{"keywords":[null]}""")]
    [InlineData("""{"keywords":null}""")]
    [InlineData("""{"bodyKey":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}""")]
    public void WhatDoesNotFitIsNone(string changed) => Assert.Null(Read(With(changed), Header(8, null)));

    [Fact]
    public void WhatIsNoJsonIsNone()
    {
        foreach (var text in new[] { "", "null", "[]", "no metadata", Whole[..40], Whole.Replace("letter", "\\ud800", StringComparison.Ordinal) })
            Assert.Null(Read(text, Header(8, null)));
        // Fragments that the carried key does not name would be audited, repaired and deleted by nobody.
        Assert.Null(Read(Whole, Header(9, null)));
        Assert.Null(Read(Whole, Header(7, null)));
    }

    [Fact]
    public void ASharedBodyHasItsKeyAndTheHashesOfItsFragments()
    {
        var header = Header(8, Identifier.Random<BodyId>());
        var shared = JsonNode.Parse(Whole)!.AsObject();
        shared["bodyKey"] = Convert.ToBase64String(new byte[32]);
        shared["ownerHashes"] = new JsonArray([.. Enumerable.Range(0, 8).Select(_ => (JsonNode)Convert.ToBase64String(new byte[32]))]);
        Assert.NotNull(Read(shared.ToJsonString(), header));
        Assert.Null(Read(shared.ToJsonString(), Header(8, null)));
        Assert.Null(Read(Whole, header));
        foreach (var change in new Action<JsonObject>[]
        {
            json => json.Remove("sequenceKey"), json => json.Remove("bodyKey"), json => json["bodyKey"] = Convert.ToBase64String(new byte[31]), json => json.Remove("ownerHashes"),
            json => json["ownerHashes"]!.AsArray().RemoveAt(7), json => json["ownerHashes"]![3] = null, json => json["ownerHashes"]![3] = Convert.ToBase64String(new byte[33]),
        })
        {
            var changed = shared.DeepClone().AsObject();
            change(changed);
            Assert.Null(Read(changed.ToJsonString(), header));
        }
    }

    private static RecordMetadata? Read(string json, RecordHeader header) => RecordMetadata.TryRead(Encoding.UTF8.GetBytes(json), header);

    private static string With(string changes)
    {
        var json = JsonNode.Parse(Whole)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(changes)!.AsObject())
            json[name] = value?.DeepClone();
        return json.ToJsonString();
    }

    private static RecordHeader Header(int fragments, BodyId? body)
    {
        var author = SigningKey.Generate();
        using var partition = DelegatingKey.FromSeed(Enumerable.Repeat((byte)5, 64).ToArray());
        var context = new RecordContext(author.PublicKey.Account, Identifier.Random<PartitionId>(), EpochNumber.First, Identifier.Random<RecordId>());
        var capsule = Capsule.Encapsulate(partition.PublicKey, context.ToBytes(), out var key);
        key.Dispose();
        Assert.True(WrappedKey.TryParse(new byte[WrappedKey.Size], out var wrapped));
        return new RecordHeader(context, 1, author.PublicKey, TimeProvider.System.GetUtcNow(), capsule, wrapped, 4, ChunkedEncryption.CiphertextLength(100) - ChunkedEncryption.PrefixSize,
            new byte[ChunkedEncryption.PrefixSize], [.. Enumerable.Range(0, fragments).Select(_ => new byte[SealedRecord.CommitmentSize])], new byte[32], body);
    }
}
