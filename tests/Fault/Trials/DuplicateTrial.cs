using Salus.Client.Records;
using Salus.EndToEnd.Tests;
using Salus.Protocol;

namespace Salus.Fault.Tests.Trials;

/// <summary>
/// A content that is stored already is put once more. Between claim, proofs and entry anything may end: in the end there are two records of it, and both open.
/// </summary>
internal sealed class DuplicateTrial(Ground ground) : Trial(ground)
{
    private readonly byte[] _bytes = Extensions.RandomBytes((int)SharedBodies.MinLength + 1000);
    private string _path = "";
    private RecordId _first;

    private string FileName => $"duplicate-{Number}.bin";

    public override async Task PrepareAsync()
    {
        _first = (await Owner.Records.PutAsync(Ground.File($"first-{Number}.bin", _bytes), new PutOptions(null, [], new DispersalChoice()), null, None)).Record;
        _path = Ground.File(FileName, _bytes);
    }

    public override async Task LookAsync()
    {
        var seen = await SeenAsync();
        Assert.InRange(seen.Count, IsAcknowledged ? 1 : 0, 1);
        foreach (var record in seen.Append(_first))
            Extensions.AssertSame(_bytes, await Owner.GetAsync(record), FileName);
    }

    public override async Task FinishAsync()
    {
        if (Number % 2 == 0 || (await SeenAsync()).Count > 0)
            Assert.Empty((await Owner.Records.ResumeAsync(null, None)).Failures);
        if ((await SeenAsync()).Count == 0)
            await ActAsync();
    }

    public override async Task CheckAsync()
    {
        var second = Assert.Single(await SeenAsync());
        Assert.Equal(0, Owner.Records.Unfinished);
        foreach (var record in new[] { _first, second })
        {
            Extensions.AssertSame(_bytes, await Owner.GetAsync(record), FileName);
            Ground.IsStored(record, _bytes);
        }
    }

    protected override Task ActAsync() => Owner.Records.PutAsync(_path, new PutOptions(null, [], new DispersalChoice()), null, None);

    private async Task<IReadOnlyList<RecordId>> SeenAsync() =>
        [.. (await Owner.Records.ListAsync(None)).Where(record => record.Name == FileName).Select(record => record.Record)];
}
