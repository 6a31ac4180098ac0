using System.Text;
using Salus.Client.Records;
using Salus.EndToEnd.Tests;
using Salus.Protocol;

namespace Salus.Fault.Tests.Trials;

/// <summary>A bundle of several partitions is imported: in the end all of it is there, once, byte for byte.</summary>
internal sealed class ImportTrial(Ground ground) : Trial(ground)
{
    private string _path = "";
    private byte[] _bytes = [];
    private HashSet<string?> _before = [];

    private string FileName => $"import-{Number}.json";

    private string Word => $"zzimport{Number}";

    public override async Task PrepareAsync()
    {
        _before = [.. (await Owner.Records.ListAsync(None)).Select(record => record.Import)];
        _bytes = Encoding.UTF8.GetBytes($$$"""
            {"resourceType":"Bundle","type":"collection","entry":[
            {"fullUrl":"urn:uuid:p","resource":{"resourceType":"Patient","id":"p","name":[{"family":"Example"}] } },
            {"fullUrl":"urn:uuid:o","resource":{"resourceType":"Observation","id":"o","status":"final","code":{"text":"{{{Word}}}"},"subject":{"reference":"urn:uuid:p"} } },
            {"fullUrl":"urn:uuid:c","resource":{"resourceType":"Coverage","id":"c","status":"active","subscriberId":"{{{Convert.ToHexString(Extensions.RandomBytes(40))}}}"} }]}
            """);
        _path = Ground.File(FileName, _bytes);
    }

    public override async Task LookAsync()
    {
        Assert.InRange((await ImportsAsync()).Count, IsAcknowledged ? 1 : 0, 1);
        foreach (var record in await SlicesAsync())
            Assert.NotEmpty(await Owner.GetAsync(record));
    }

    public override async Task FinishAsync()
    {
        if (Number % 2 == 0 || (await SlicesAsync()).Count > 0)
            Assert.Empty((await Owner.Records.ResumeAsync(null, None)).Failures);
        if ((await SlicesAsync()).Count == 0)
            await ActAsync();
    }

    public override async Task CheckAsync()
    {
        var import = Assert.Single(await ImportsAsync());
        var slices = await SlicesAsync();
        Assert.Equal(3, slices.Count);
        var path = Ground.Patient.Out($"export-{Number}.json");
        Assert.True((await Owner.Imports.ExportAsync(import, path, Person.NoKey, null, None)).Exact);
        Extensions.AssertSame(_bytes, await File.ReadAllBytesAsync(path), FileName);
        File.Delete(path);
        Assert.Equal(0, Owner.Records.Unfinished);
        Assert.NotEmpty(await Owner.FindAsync(Word));
        foreach (var slice in slices)
            Ground.IsStored(slice, await Owner.GetAsync(slice));
    }

    protected override Task ActAsync() => Owner.Imports.ImportAsync(_path, new ImportOptions(null, new DispersalChoice()), null, None);

    private async Task<IReadOnlyList<string>> ImportsAsync() => [.. (await MineAsync()).Select(record => record.Import!).Distinct()];

    private async Task<IReadOnlyList<RecordId>> SlicesAsync() => [.. (await MineAsync()).Select(record => record.Record)];

    // The file's name is in no record.
    private async Task<IReadOnlyList<RecordSummary>> MineAsync() =>
        [.. (await Owner.Records.ListAsync(None)).Where(record => record.Import is not null && !_before.Contains(record.Import))];
}
