using Salus.Client.Records;
using Salus.EndToEnd.Tests;
using Salus.Protocol;

namespace Salus.Fault.Tests.Trials;

/// <summary>
/// Two records of one content are deleted, one after the other. The body stays as long as one of them is there, whatever ends between the count and the deletion, and in the end nothing
/// of it is left at any store.
/// </summary>
internal sealed class DeleteTrial(Ground ground) : Trial(ground)
{
    private readonly byte[] _bytes = Extensions.RandomBytes((int)SharedBodies.MinLength + 1000);
    private readonly List<RecordId> _records = [];
    private string[] _fragments = [];

    public override async Task PrepareAsync()
    {
        foreach (var name in new[] { "one", "two" })
        {
            var file = Ground.File($"{name}-{Number}.bin", _bytes);
            _records.Add((await Owner.Records.PutAsync(file, new PutOptions(null, [], new DispersalChoice()), null, None)).Record);
            _fragments = [.. _fragments, .. (await Ground.Patient.FragmentsAsync(_records[^1])).Select(fragment => fragment.File)];
        }
    }

    public override async Task LookAsync()
    {
        var seen = await SeenAsync();
        if (IsAcknowledged)
            Assert.Empty(seen);
        foreach (var record in seen)
            Extensions.AssertSame(_bytes, await Owner.GetAsync(record), $"{record}");
    }

    public override async Task FinishAsync()
    {
        await ActAsync();
        Assert.Empty((await Owner.Records.ResumeAsync(null, None)).Failures);
    }

    public override async Task CheckAsync()
    {
        Assert.Empty(await SeenAsync());
        Assert.Empty(await Owner.Account.Cloud.UnusedBodiesAsync(None));
        Assert.All(_fragments, file => Assert.False(File.Exists(file), file));
    }

    protected override async Task ActAsync()
    {
        foreach (var record in await SeenAsync())
            Assert.Empty((await Owner.Records.DeleteAsync(record, Person.NoKey, None)).Unreached);
    }

    private async Task<IReadOnlyList<RecordId>> SeenAsync() =>
        [.. (await Owner.Records.ListAsync(None)).Select(record => record.Record).Where(_records.Contains)];
}
