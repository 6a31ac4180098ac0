using System.Text;
using Salus.Client.Records;
using Salus.Client.Search.Compacting;

namespace Salus.Fault.Tests.Trials;

/// <summary>The search index is merged: before, in between and after, what was found is found.</summary>
internal sealed class CompactTrial(Ground ground) : Trial(ground)
{
    private const string Partition = "compacted";
    private const string Word = "zzcompact";

    private int _findable;

    public override async Task PrepareAsync()
    {
        do
        {
            var file = Ground.File($"{Guid.NewGuid():n}.txt", Encoding.UTF8.GetBytes($"{Word} {Number}"));
            await Owner.Records.PutAsync(file, new PutOptions(Partition, [], new DispersalChoice()), null, None);
            _findable = (await Owner.Records.ListAsync(None)).Count(record => record.Partition == Partition);
        }
        while (_findable < 2);
    }

    public override async Task LookAsync() => Assert.Equal(_findable, (await Owner.FindAsync(Word)).Count);

    public override Task FinishAsync() => ActAsync();

    public override Task CheckAsync() => LookAsync();

    public override Task<string[]> CommandAsync() => Task.FromResult<string[]>(["compact", "--partition", Partition]);

    protected override Task ActAsync() => new Compaction(Owner.Account).RunAllAsync(Partition, null, None);
}
