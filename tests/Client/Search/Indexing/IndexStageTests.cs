using System.Text;
using System.Text.Json;
using Salus.Client.Deposits;
using Salus.Client.Search.Indexing;
using Salus.Client.Search.Segments;
using Salus.Client.Uploads;
using Salus.Crypto.Reencryption;
using Salus.Health.Keywords;
using Salus.Protocol;
using Salus.Testing;

namespace Salus.Client.Tests.Search.Indexing;

/// <summary>What a put or an import stages for the search index, opened again as a reader does, from what the plan keeps of it.</summary>
public sealed class IndexStageTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private readonly SigningKey _owner = new(Encoding.ASCII.GetBytes("the owner of the index, 32 bytes"));
    private readonly SigningKey _source = new(Encoding.ASCII.GetBytes("the source of records, 32 bytes!"));
    private readonly DelegatingKey _key = DelegatingKey.FromSeed(Enumerable.Repeat((byte)9, 64).ToArray());
    private readonly PartitionId _partition = new(0x77);

    private WriteTarget Target => new(_owner.PublicKey.Account, "medical", EpochHeader.Create(_owner, _partition, EpochNumber.First, _key.PublicKey, null, []));

    [Fact]
    public async Task DocumentsAreFoundByTheirTermsAndTheirSource()
    {
        var (slice, text, nothing) = (new RecordId(1), new RecordId(2), new RecordId(3));
        var stage = new IndexStage(_source.PublicKey, Target, _folder.Path);
        await stage.AddAsync(slice, [Document(4, "w:asthma", "w:inhal"), Document(7, "w:asthma")], None);
        await stage.AddAsync(text, [Document(DocumentTerms.Whole, "w:letter")], None);
        await stage.AddAsync(nothing, [], None);
        var index = Assert.Single(await stage.FinishAsync(None));
        Assert.Equal((_owner.PublicKey.Account.ToString(), _partition.ToString(), null), (index.Owner, index.Partition, index.Update));

        using var segment = await OpenAsync(Assert.Single(index.Segments));
        Assert.Equal(4, segment.Documents);
        Assert.Equal([new(slice, 4), new(slice, 7)], await FindAsync(segment, "w:asthma"));
        Assert.Equal([new(text, IndexedDocument.WholeRecord)], await FindAsync(segment, "w:letter"));
        Assert.Equal([new(slice, 4), new(slice, 7), new(text, IndexedDocument.WholeRecord), new(nothing, IndexedDocument.WholeRecord)],
            await FindAsync(segment, $"f:{_source.PublicKey.Account}"));
    }

    [Fact]
    public async Task AFullSegmentIsFollowedByAnother()
    {
        var stage = new IndexStage(_source.PublicKey, Target, _folder.Path, memory: 64 * 1024);
        for (var i = 0; i < 2000; i++)
            await stage.AddAsync(new RecordId((UInt128)i + 1), [Document(DocumentTerms.Whole, $"w:{i}", "w:all")], None);
        var index = Assert.Single(await stage.FinishAsync(None));
        Assert.True(index.Segments.Count > 1);
        var found = new List<IndexedDocument>();
        foreach (var planned in index.Segments)
        {
            using var segment = await OpenAsync(planned);
            found.AddRange(await FindAsync(segment, "w:all"));
        }
        Assert.Equal(Enumerable.Range(1, 2000).Select(i => new IndexedDocument(new RecordId((UInt128)i), IndexedDocument.WholeRecord)), found);
    }

    [Fact]
    public async Task ManySegmentsAreOfSeveralUpdates()
    {
        var stage = new IndexStage(_source.PublicKey, Target, _folder.Path, memory: 1);
        for (var i = 0; i <= Limits.MaxAddedSegments; i++)
            await stage.AddAsync(new RecordId((UInt128)i + 1), [], None);
        Assert.Equal([Limits.MaxAddedSegments, 1], (await stage.FinishAsync(None)).Select(index => index.Segments.Count));
    }

    [Fact]
    public async Task NothingPutIsNothingStaged()
    {
        Assert.Empty(await new IndexStage(_source.PublicKey, Target, _folder.Path).FinishAsync(None));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task APlanKeepsAllThatIsToBeSigned()
    {
        var stage = new IndexStage(_source.PublicKey, Target, _folder.Path);
        await stage.AddAsync(new RecordId(1), [Document(0, "w:x")], None);
        var plan = new UploadPlan("r", "o", "p", [1], [2], 3, [], new PlanSource("/f", 4, DateTimeOffset.UnixEpoch), null, await stage.FinishAsync(None), false);
        var read = PlanJson.Parse(JsonSerializer.SerializeToUtf8Bytes(plan, PlanJson.Default.UploadPlan), PlanJson.Default.UploadPlan);
        Assert.NotNull(read);
        Assert.Null(read.Index[0].Update);
        var (made, kept) = (plan.Index[0].Segments[0].Info(_source.PublicKey), read.Index[0].Segments[0].Info(_source.PublicKey));
        // A signed update is of the same bytes: nothing that it says was lost.
        Assert.Equal(Update(made), Update(kept));
        Assert.Throws<AlarmException>(() => (read.Index[0].Segments[0] with { Capsule = [1] }).Info(_source.PublicKey));

        byte[] Update(SegmentInfo info) => IndexUpdate.Create(_source, _owner.PublicKey.Account, _partition, null, DateTimeOffset.UnixEpoch, [info]).Signed;
    }

    public void Dispose()
    {
        _folder.Dispose();
        _owner.Dispose();
        _source.Dispose();
        _key.Dispose();
    }

    private static DocumentTerms Document(int resource, params string[] terms) =>
        new(resource, [.. terms.Select(term => new KeyValuePair<string, int>(term, 1))], terms.Length);

    /// <summary>With the owner's key of the epoch, as the index update will name it.</summary>
    private async Task<OpenSegment> OpenAsync(PlannedSegment planned)
    {
        var info = planned.Info(_source.PublicKey);
        var context = info.Context(_owner.PublicKey.Account, _partition).ToBytes();
        Assert.True(info.Capsule.TryVerify(_key.PublicKey, context, out var capsule));
        using var wrapping = capsule.Open(_key);
        using var key = await info.Key.UnwrapAsync(wrapping, context);
        return await OpenSegment.OpenAsync(_owner.PublicKey.Account, info, key!, await File.ReadAllBytesAsync(System.IO.Path.Combine(_folder.Path, $"{info.Id}.dictionary")));
    }

    private static async Task<IReadOnlyList<IndexedDocument>> FindAsync(OpenSegment segment, string term)
    {
        Assert.True(segment.IsInline);
        return [.. (await segment.PostingsAsync(segment.Find(term)!, [])).Select(posting => segment.Document(posting.Document))];
    }
}
