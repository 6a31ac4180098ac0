using Salus.Client.Sealing;

namespace Salus.Client.Tests.Sealing;

public sealed class HostileSourceTests
{
    private static readonly OpenSettings Impatient = new() { ReadDeadline = TimeSpan.FromMilliseconds(200) };

    [Fact]
    public async Task AStalledSourceIsGivenUpAndNamed()
    {
        using var body = await Sealed.OfAsync(2_000_000, 3, 5);
        var sources = body.Sources();
        sources[0] = new Misbehaving(sources[0]!, (_, _, _) => new ValueTask<int>(new TaskCompletionSource<int>().Task));
        var report = await body.OpensAsync(sources, Impatient);
        Assert.Equal([new BadFragment(0, "store-0", FragmentFault.Slow)], report.Bad);
    }

    [Fact]
    public async Task ASourceThatStallsInTheMiddleIsGivenUpAndNamed()
    {
        using var body = await Sealed.OfAsync(4_000_000, 3, 5);
        var sources = body.Sources();
        foreach (var i in new[] { 1, 2 })
            sources[i] = new Misbehaving(sources[i]!, (offset, buffer, inner) =>
                offset is > 500_000 and < 1_000_000 ? new ValueTask<int>(new TaskCompletionSource<int>().Task) : inner(offset, buffer));
        var report = await body.OpensAsync(sources, Impatient);
        Assert.Equal([FragmentFault.Slow, FragmentFault.Slow], report.Bad.Select(bad => bad.Fault));
    }

    [Fact]
    public async Task TooManyStalledSourcesAreRefusedAndNamed()
    {
        using var body = await Sealed.OfAsync(100_000, 3, 5);
        var sources = body.Sources();
        for (var i = 0; i < 3; i++)
            sources[i] = new Misbehaving(sources[i]!, (_, _, _) => new ValueTask<int>(new TaskCompletionSource<int>().Task));
        var failure = await body.RefusesAsync(sources, Impatient);
        Assert.Equal([FragmentFault.Slow, FragmentFault.Slow, FragmentFault.Slow], failure.Bad.Select(bad => bad.Fault));
    }

    [Fact]
    public async Task ALateAnswerNeverReachesTheOutput()
    {
        // The source answers long after it was given up, with other bytes, into the buffer that it was given.
        using var body = await Sealed.OfAsync(4_000_000, 3, 5);
        var late = new List<Memory<byte>>();
        var sources = body.Sources();
        sources[0] = new Misbehaving(sources[0]!, (offset, buffer, inner) =>
        {
            if (offset < 400_000)
                return inner(offset, buffer);
            lock (late)
                late.Add(buffer);
            return new ValueTask<int>(new TaskCompletionSource<int>().Task);
        });
        using var scribbling = new CancellationTokenSource();
        var scribbler = Task.Run(async () =>
        {
            while (!scribbling.IsCancellationRequested)
            {
                lock (late)
                    late.ForEach(buffer => buffer.Span.Fill(0xEE));
                await Task.Delay(1);
            }
        });
        await body.OpensAsync(sources, Impatient);
        await scribbling.CancelAsync();
        await scribbler;
        Assert.NotEmpty(late);
    }

    [Fact]
    public async Task ASourceThatChangesItsMindIsNotBelieved()
    {
        // Honest leaf hashes at first, then units with other bytes.
        using var body = await Sealed.OfAsync(4_000_000, 3, 5);
        var asked = 0;
        var sources = body.Sources();
        sources[1] = new Misbehaving(sources[1]!, async (offset, buffer, inner) =>
        {
            var read = await inner(offset, buffer);
            if (Interlocked.Increment(ref asked) > 4)
                buffer.Span[..read].Reverse();
            return read;
        });
        var report = await body.OpensAsync(sources);
        Assert.Equal([new BadFragment(1, "store-1", FragmentFault.Damaged)], report.Bad);
    }

    [Fact]
    public async Task ErrorsAndImpossibleLengthsAreUnreadable()
    {
        using var body = await Sealed.OfAsync(500_000, 2, 5);
        var sources = body.Sources();
        sources[0] = new Misbehaving(sources[0]!, (_, _, _) => throw new IOException("broken"));
        sources[1] = new Misbehaving(sources[1]!, (_, buffer, _) => ValueTask.FromResult(buffer.Length + 1));
        sources[2] = new Misbehaving(sources[2]!, (_, _, _) => ValueTask.FromException<int>(new FileNotFoundException()));
        var report = await body.OpensAsync(sources);
        Assert.Equal([FragmentFault.Unreadable, FragmentFault.Unreadable, FragmentFault.Missing], report.Bad.Select(bad => bad.Fault));
    }

    [Fact]
    public async Task SmallReadsAreEnough()
    {
        using var body = await Sealed.OfAsync(300_000, 2, 4);
        var sources = body.Sources().Select(source => (FragmentSource?)new Misbehaving(source!, async (offset, buffer, inner) =>
        {
            await Task.Yield();
            return await inner(offset, buffer[..Math.Min(buffer.Length, 1000)]);
        })).ToArray();
        Assert.Empty((await body.OpensAsync(sources)).Bad);
    }

    [Fact]
    public async Task CancellationEndsAWaitForAStalledSource()
    {
        using var body = await Sealed.OfAsync(300_000, 2, 4);
        var sources = body.Sources();
        sources[0] = new Misbehaving(sources[0]!, (_, _, _) => new ValueTask<int>(new TaskCompletionSource<int>().Task));
        using var opener = body.Opener(sources);
        using var stop = new CancellationTokenSource(100);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opener.OpenAsync(new MemoryStream(), null, stop.Token));
    }

    private delegate ValueTask<int> Read(long offset, Memory<byte> buffer);

    private sealed class Misbehaving(FragmentSource source, Func<long, Memory<byte>, Read, ValueTask<int>> read) : FragmentSource
    {
        public override string Name => source.Name;

        public override ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation) =>
            read(offset, buffer, (at, into) => source.ReadAsync(at, into, cancellation));
    }
}
