using System.Text;
using Salus.Client.Records;
using Salus.EndToEnd.Tests;
using Salus.Protocol;

namespace Salus.Fault.Tests.Trials;

/// <summary>A file is put. However often it is interrupted, there is one record of it in the end, and none that does not open.</summary>
internal sealed class PutTrial(Ground ground) : Trial(ground)
{
    private string _path = "";
    private byte[] _bytes = [];

    private string FileName => $"put-{Number}.txt";

    private string Word => $"zzput{Number}";

    public override Task PrepareAsync()
    {
        _bytes = Encoding.UTF8.GetBytes($"{Word} {Convert.ToHexString(Extensions.RandomBytes(1500))}");
        _path = Ground.File(FileName, _bytes);
        return Task.CompletedTask;
    }

    public override async Task LookAsync()
    {
        var seen = await SeenAsync();
        Assert.InRange(seen.Count, IsAcknowledged ? 1 : 0, 1);
        foreach (var record in seen)
            Extensions.AssertSame(_bytes, await Owner.GetAsync(record), FileName);
    }

    public override async Task FinishAsync()
    {
        // Repeated, or gone on with: what is visible already would rightly be put once more.
        if (Number % 2 == 0 || (await SeenAsync()).Count > 0)
            Assert.Empty((await Owner.Records.ResumeAsync(null, None)).Failures);
        if ((await SeenAsync()).Count == 0)
            await ActAsync();
    }

    public override async Task CheckAsync()
    {
        var record = Assert.Single(await SeenAsync());
        Extensions.AssertSame(_bytes, await Owner.GetAsync(record), FileName);
        Assert.Equal(0, Owner.Records.Unfinished);
        Assert.Equal(record, Assert.Single(await Owner.FindAsync(Word)).Record);
        Ground.IsStored(record, _bytes);
    }

    protected override Task ActAsync() => Owner.Records.PutAsync(_path, new PutOptions(null, [], new DispersalChoice()), null, None);

    private async Task<IReadOnlyList<RecordId>> SeenAsync() =>
        [.. (await Owner.Records.ListAsync(None)).Where(record => record.Name == FileName).Select(record => record.Record)];
}
