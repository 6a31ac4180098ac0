using Salus.Bench.Harness;

namespace Salus.Bench;

/// <summary>A bench by its name: what it does, in a line, and the work.</summary>
internal sealed record Benchmark(string Name, string About, Action<Workbench> Run);
