using Salus.Client.Audit;
using Salus.Protocol;
using Salus.Protocol.Log;
using Salus.Trustee.Tests;

namespace Salus.Client.Tests.Audit;

public sealed class AuditSeedsTests
{
    private static readonly TimeSpan Old = Limits.MaxCosignatureAge + TimeSpan.FromSeconds(10);

    private readonly TestLog _log = new();

    [Fact]
    public async Task OfOneCheckpointNoTwoSeedsAreAlike()
    {
        Fill(5);
        var (one, other) = (await SeedAsync(() => Checkpoint(TimeSpan.Zero)), await SeedAsync(() => Checkpoint(TimeSpan.Zero)));
        Assert.Equal((5, 5), (one.TreeSize!.Value, other.TreeSize!.Value));
        Assert.Equal(one.Root, other.Root);
        Assert.NotEqual(one.Own, other.Own);
        var store = SigningKey.Generate().PublicKey;
        Assert.NotEqual(Draws(one), Draws(other with { Epoch = one.Epoch }));

        long[] Draws(AuditSeed seed) => [.. Enumerable.Range(0, 20).Select(j => seed.Leaf(store, j, 1_000_000))];
    }

    [Fact]
    public async Task TheNextCheckpointIsWaitedFor()
    {
        Fill(5);
        var looks = 0;
        var seed = await SeedAsync(() =>
        {
            Fill(++looks == 2 ? 1 : 0);
            return Checkpoint(TimeSpan.Zero);
        });
        Assert.Equal((6, 2), (seed.TreeSize!.Value, looks));
    }

    /// <summary>Of all checkpoints that there ever were the cloud could show the one by which a store's lost leaves are not drawn.</summary>
    [Fact]
    public async Task ACheckpointOfEarlierOrOfNobodysIsNotTaken()
    {
        Fill(5);
        Func<SignedCheckpoint?>[] none = [() => Checkpoint(Old), () => Checkpoint(-Old), () => Checkpoint(TimeSpan.Zero, 1), () => null];
        foreach (var seed in await Task.WhenAll(none.Select(SeedAsync)))
        {
            Assert.Null(seed.Root);
            Assert.Null(seed.TreeSize);
            Assert.Equal(32, seed.Own.Length);
        }
        // The cloud's log is refreshed while it is looked at.
        var looks = 0;
        Assert.Equal(5, (await SeedAsync(() => Checkpoint(++looks == 1 ? Old : TimeSpan.Zero))).TreeSize);
    }

    private static Task<AuditSeed> SeedAsync(Func<SignedCheckpoint?> read) => AuditSeeds.NextAsync(() => Task.FromResult(read()), TimeProvider.System, CancellationToken.None);

    private SignedCheckpoint Checkpoint(TimeSpan age, int witnesses = 2)
    {
        Assert.True(SignedCheckpoint.TryRead(_log.Note(TimeProvider.System.GetUtcNow() - age, _log.Witnesses[..witnesses]), _log.Keys, out var checkpoint));
        return checkpoint;
    }

    private void Fill(int count)
    {
        for (var i = 0; i < count; i++)
            _log.Append(LogEntry.Of(LogKind.Roots, Guid.NewGuid().ToByteArray()));
    }
}
