using Salus.Bench.Fuzz;
using Salus.Testing;

namespace Salus.Fuzz.Tests;

/// <summary>The kept corpus once more, and a few alterations of every valid input, always the same: the long run is <c>./salus bench fuzz</c>.</summary>
public class CorpusTests
{
    private const int Seed = 20261121, Alterations = 40;

    private static string Folder => Corpus.Folder(Places.Root);

    public static TheoryData<string> Names => [.. AllTargets.All.Select(target => target.Name)];

    [Theory, MemberData(nameof(Names))]
    public void AReaderDoesNothingButWhatItSays(string name)
    {
        var target = AllTargets.Named(name);
        var seeds = target.Seeds();
        var kept = Corpus.Read(Folder, target);
        foreach (var input in seeds.Concat(kept).Concat(seeds))
            Examiner.Examine(target, input);

        foreach (var input in seeds)
            Assert.True(target.Read((byte[])input.Clone()).Accepted, "a valid input is refused");
        foreach (var input in seeds.Concat(kept))
            Hold(target, input);
        var mutator = new Mutator(Seed);
        for (var i = 0; i < Alterations; i++)
            Hold(target, mutator.Alter(target, mutator.Pick(seeds), [.. seeds, .. kept]));
    }

    [Theory, MemberData(nameof(Names))]
    public void TheCorpusHasInputsForEveryReader(string name) => Assert.NotEmpty(Corpus.Read(Folder, AllTargets.Named(name)));

    [Fact]
    public void TheCorpusHasNoFileOfAReaderThatIsGone() =>
        Assert.Empty(Directory.EnumerateFiles(Folder).Except(AllTargets.All.Select(target => Corpus.PathOf(Folder, target))));

    [Fact]
    public void TheCorpusIsSmall() => Assert.InRange(Directory.EnumerateFiles(Folder).Sum(file => new FileInfo(file).Length), 1, 2 * 1024 * 1024);

    private static void Hold(Target target, byte[] input)
    {
        var fault = Examiner.Examine(target, input).Fault;
        Assert.True(fault is null, $"{fault}\n{Convert.ToBase64String(input)}");
    }
}
