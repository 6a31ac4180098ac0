using System.Text;
using Salus.Bench.Fuzz;

namespace Salus.Fuzz.Tests;

/// <summary>A reader that does what it must not is found out: else a run that finds nothing says nothing.</summary>
public class OracleTests
{
    private static readonly byte[] Seed = Encoding.UTF8.GetBytes("length 00 abcdefgh");

    [Fact]
    public void AnExceptionThatIsNotDocumentedIsFound() =>
        Assert.StartsWith("System.IndexOutOfRangeException", Fault(bytes => bytes[bytes.Length] == 0 ? Verdict.Taken() : Verdict.Refused), StringComparison.Ordinal);

    [Fact]
    public void ADocumentedExceptionIsNone() =>
        Assert.Null(Examiner.Examine(Made(_ => throw new FormatException("no")) with { Documented = failure => failure is FormatException }, Seed).Fault);

    [Fact]
    public void MemoryBeyondAMultipleOfTheInputIsFound() => Assert.Contains("were allocated", Fault(bytes => Verdict.When(new byte[8 << 20].Length > bytes.Length)), StringComparison.Ordinal);

    [Fact]
    public void WhatTakesTooLongIsFound() => Assert.Contains("it took", Fault(_ =>
    {
        Thread.Sleep(Examiner.Moment + TimeSpan.FromMilliseconds(50));
        return Verdict.Refused;
    }), StringComparison.Ordinal);

    [Fact]
    public void TwoSpellingsOfOneValueAreFound() => Assert.Contains("written otherwise", Fault(_ => Verdict.Canonical("other"u8)), StringComparison.Ordinal);

    [Fact]
    public void AReaderThatFallsOverALengthIsFoundWithinAMoment()
    {
        // Takes the byte behind the magic for the length of what follows, unchecked.
        var target = Made(bytes => bytes.Length > 4 && bytes[0] == 'a' && bytes.AsSpan(5, bytes[4]).Length >= 0 ? Verdict.Taken() : Verdict.Refused)
            with { Seeds = static () => ["abcd\u0003xyz"u8.ToArray()] };
        var found = new Fuzzer(target, 1, _ => { }).Run([], TimeSpan.FromSeconds(20));
        Assert.NotNull(found);
        Assert.StartsWith("System.ArgumentOutOfRangeException", found.Fault, StringComparison.Ordinal);
        Assert.InRange(found.Input.Length, 5, 64);
    }

    [Fact]
    public void OneSeedGivesOneSequence()
    {
        var target = Made(_ => Verdict.Refused);
        Assert.Equal(Sequence(7), Sequence(7));
        Assert.NotEqual(Sequence(7), Sequence(8));

        string[] Sequence(int seed)
        {
            var mutator = new Mutator(seed);
            return [.. Enumerable.Range(0, 50).Select(_ => Convert.ToHexString(mutator.Alter(target, Seed, [Seed])))];
        }
    }

    private static Target Made(Func<byte[], Verdict> read) => new("test/one", () => [Seed], read);

    private static string? Fault(Func<byte[], Verdict> read) => Examiner.Examine(Made(read), Seed).Fault;
}
