using Salus.Client.Records;
using Salus.Client.Repair;
using Salus.Crypto.Dispersal;
using Salus.EndToEnd.Tests;
using Salus.Protocol;
using Salus.Protocol.Dispersal;

namespace Salus.Fault.Tests.Trials;

/// <summary>
/// Three fragments of a record are gone and two more are rotten, each in another stripe, so that every stripe has just as many good units as it takes: the rotten ones are needed for one
/// another until both are replaced, and go only then.
/// </summary>
internal sealed class RotTrial(Ground ground) : Trial(ground)
{
    private const int Gone = 3;

    private readonly byte[] _bytes = Extensions.RandomBytes(300_000);
    private RecordId _record;
    private (string Store, string File)[] _fragments = [];
    private byte[][] _sound = [];

    private IEnumerable<int> Rotten => [Gone, Gone + 1];

    public override async Task PrepareAsync()
    {
        var path = Ground.File($"{Guid.NewGuid():n}.bin", _bytes);
        _record = (await Owner.Records.PutAsync(path, new PutOptions("rotten", [], new DispersalChoice()), null, None)).Record;
        var all = await Ground.Patient.FragmentsAsync(_record);
        _fragments = [.. all.Skip(Number % all.Count), .. all.Take(Number % all.Count)];
        _sound = [.. _fragments.Select(fragment => File.ReadAllBytes(fragment.File))];
        foreach (var (_, file) in _fragments.Take(Gone))
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        foreach (var (i, stripe) in Rotten.Select((i, stripe) => (i, stripe)))
            await File.WriteAllBytesAsync(_fragments[i].File, _sound[i].Flipped((int)FragmentLayout.UnitOffset(stripe) + 77));
    }

    public override async Task LookAsync()
    {
        Extensions.AssertSame(_bytes, await Owner.GetAsync(_record), "a record of which each stripe has just enough");
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

    /// <summary>Each where it belongs, or at the same store beside where it was rotten; and nothing rotten is left.</summary>
    private void AreThere()
    {
        for (var i = 0; i < _fragments.Length; i++)
        {
            var (store, file) = _fragments[i];
            var beside = Beside(store, file);
            Assert.True(new[] { file, beside }.Any(path => File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(_sound[i])), $"fragment {i} at {store}");
            Assert.True(!Rotten.Contains(i) || !File.Exists(file) || !File.Exists(beside), $"rotten bytes of fragment {i} at {store}");
        }
    }

    private string Beside(string store, string file)
    {
        var address = Convert.FromHexString(Path.GetFileName(Path.GetDirectoryName(file)!));
        var moved = Convert.ToHexStringLower(MovedAddress.Of(address, Owner.Account.Stores.Single(one => one.Name == store).Key.Bytes));
        return Ground.Salus.In(store, "fragments", moved[..2], moved, "data");
    }
}
