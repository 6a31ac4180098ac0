using System.Diagnostics;

namespace Salus.Bench.Fuzz;

/// <summary>An input that did what must not be.</summary>
internal sealed record Finding(byte[] Input, string Fault);

/// <summary>One run over one target: inputs that did something new are altered further.</summary>
internal sealed class Fuzzer(Target target, int seed, Action<byte[]> about)
{
    /// <summary>Inputs in memory; beyond that, one gives way.</summary>
    private const int MaxPool = 1000;

    private const int Shrinks = 400;

    private readonly Mutator _mutator = new(seed);
    private readonly List<byte[]> _pool = [];
    private readonly Dictionary<string, byte[]> _ways = [];

    /// <summary>Inputs that were read.</summary>
    public long Runs { get; private set; }

    /// <summary>For each way that was seen, the shortest input that takes it.</summary>
    public IReadOnlyDictionary<string, byte[]> Ways => _ways;

    /// <summary>Null when nothing was found within the time; seeds that are refused are a finding too.</summary>
    public Finding? Run(IReadOnlyList<byte[]> kept, TimeSpan time)
    {
        var seeds = target.Seeds();
        // What is made once, such as tables, is no input's.
        foreach (var input in seeds)
            Examiner.Examine(target, input);
        foreach (var input in seeds)
            if (Take(input) is { } fault)
                return new(input, "a seed: " + fault);
            else if (Refusal(input) is { } why)
                return new(input, $"a seed is refused: {why}");
        foreach (var input in kept)
            if (Take(input) is { } fault)
                return new(input, fault);
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            // The newest are the least known.
            var from = _mutator.Pick<int>([0, 0, 1]) == 0 ? _mutator.Pick(_pool) : _pool[^1];
            var input = _mutator.Alter(target, from, _pool);
            if (Take(input) is { } fault)
                return Shrunk(new(input, fault));
        }
        return null;
    }

    private string? Refusal(byte[] input)
    {
        try
        {
            var verdict = target.Read((byte[])input.Clone());
            return verdict.Accepted ? null : verdict.Detail;
        }
        catch (Exception exception) when (target.Documented(exception))
        {
            return exception.Message;
        }
    }

    private string? Take(byte[] input)
    {
        about(input);
        var seen = Examiner.Examine(target, input);
        Runs++;
        var isNew = !_ways.TryGetValue(seen.Behaviour, out var before);
        if (isNew || input.Length < before!.Length)
            _ways[seen.Behaviour] = input;
        if (isNew)
        {
            if (_pool.Count == MaxPool)
                _pool.RemoveAt(MaxPool / 2);
            _pool.Add(input);
        }
        return seen.Fault;
    }

    /// <summary>The same fault by less.</summary>
    private Finding Shrunk(Finding found)
    {
        var (input, tries) = (found.Input, 0);
        for (var piece = input.Length / 2; piece > 0 && tries < Shrinks; piece /= 2)
            for (var at = 0; at + piece <= input.Length && tries < Shrinks; tries++)
            {
                byte[] less = [.. input[..at], .. input[(at + piece)..]];
                if (target.Mend is not null)
                    less = target.Mend(less);
                about(less);
                if (less.Length < input.Length && Kind(Examiner.Examine(target, less).Fault) == Kind(found.Fault))
                    input = less;
                else
                    at += piece;
            }
        return new(input, Examiner.Examine(target, input).Fault ?? found.Fault);
    }

    private static string? Kind(string? fault) => fault?.Split(':', ' ')[0];
}
