using Salus.Client.Records;
using Salus.Client.Repair;
using Salus.EndToEnd.Tests;
using Salus.Protocol;

namespace Salus.Fault.Tests.Trials;

/// <summary>Two fragments of a record are gone and rebuilt: in the end all of them are there.</summary>
internal sealed class RepairTrial(Ground ground) : Trial(ground)
{
    private const int Lost = 2;

    private readonly byte[] _bytes = Extensions.RandomBytes(800);
    private RecordId _record;
    private IReadOnlyList<(string Store, string File)> _fragments = [];

    public override async Task PrepareAsync()
    {
        var path = Ground.File($"{Guid.NewGuid():n}.bin", _bytes);
        _record = (await Owner.Records.PutAsync(path, new PutOptions("repaired", [], new DispersalChoice()), null, None)).Record;
        _fragments = await Ground.Patient.FragmentsAsync(_record);
        foreach (var (_, file) in _fragments.Skip(Number % _fragments.Count).Concat(_fragments).Take(Lost))
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    public override async Task LookAsync()
    {
        Extensions.AssertSame(_bytes, await Owner.GetAsync(_record), "a record without two of its fragments");
        if (IsAcknowledged)
            AreThere();
    }

    public override Task FinishAsync() => ActAsync();

    public override async Task CheckAsync()
    {
        AreThere();
        Extensions.AssertSame(_bytes, await Owner.GetAsync(_record), "a repaired record");
        Ground.IsStored(_record, _bytes);
    }

    public override Task<string[]> CommandAsync() => Task.FromResult<string[]>(["repair", _record.ToString()]);

    protected override async Task ActAsync()
    {
        var report = await new Repairing(Owner.Account).RunAsync(new RepairOptions([], [_record]), null, null, None);
        Assert.Empty(report.Lost);
        if (!report.IsWhole)
            throw new Client.CannotException(string.Join(' ', report.Waiting));
    }

    private void AreThere() => Assert.All(_fragments, fragment => Assert.True(File.Exists(fragment.File), fragment.Store));
}
