using Salus.Crypto.Statistics.Computing;
using Salus.Testing;

namespace Salus.Crypto.Tests.Statistics.Computing;

/// <summary>docs/spec/statistics.md says what is so: its example, and what a computation sends.</summary>
public sealed class DocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Places.Root, "docs", "spec", "statistics.md"));

    [Fact]
    public void TheExampleIsThatOfTheVectors()
    {
        var vector = Vectors.Read("sharing")[1];
        foreach (var part in $"{vector["seeds"]} {vector["blind"]} {vector["commitments"]}".Split(' '))
            Assert.Contains($"\n{part} ", Document, StringComparison.Ordinal);
        Assert.Contains($"\n{vector["parcel2"].Split(' ')[0][vector["blind"].Length..]} ", Document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SumsAndDotProductsSendWhatTheTableSays()
    {
        var columns = Ring.Share(new long[1_000_000]);
        Assert.Equal(504, await SentAsync(computation =>
            Task.FromResult(SecretVector.Concat([.. Enumerable.Repeat(columns[computation.Party].Sum(), 5)]))));
        Assert.Equal(3480, await SentAsync(async computation =>
            (await computation.MultiplyAsync([Product.Dot(columns[computation.Party], columns[computation.Party])], default))[0]));
        Assert.Contains("are 504 bytes of all three, a verified dot product 3,480.", Document, StringComparison.Ordinal);
    }

    private static async Task<int> SentAsync(Func<Computation, Task<SecretVector>> steps)
    {
        var ring = new Ring();
        Assert.All(await ring.RunAsync(async computation => await computation.OpenAsync(await steps(computation), default)), outcome => Assert.Null(outcome.Reason));
        return ring.Received.Sum(message => message.Message.Length);
    }
}
