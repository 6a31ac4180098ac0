using System.Collections;

// As much of xUnit's attributes as the linked tests use: its runner is not for a browser. Its assertions are the package's own.
namespace Xunit;

[AttributeUsage(AttributeTargets.Method)]
public class FactAttribute : Attribute
{
    /// <summary>Run only when asked for by name: not here.</summary>
    public bool Explicit { get; init; }
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class TheoryAttribute : FactAttribute;

[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class InlineDataAttribute(params object?[]? data) : Attribute
{
    public object?[] Data => data ?? [null];
}

/// <summary>A static property or method that gives the rows.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class MemberDataAttribute(string member, params object?[]? arguments) : Attribute
{
    public string Member => member;

    public object?[] Arguments => arguments ?? [null];
}

#pragma warning disable CA1010, CA1710 // Collection expressions fill these with values that are not the rows: the shape is xUnit's.
public abstract class TheoryRows : IEnumerable
{
    protected List<object?[]> Rows { get; } = [];

    public IEnumerator GetEnumerator() => Rows.GetEnumerator();
}

public sealed class TheoryData<T> : TheoryRows
{
    public void Add(T value) => Rows.Add([value]);
}

public sealed class TheoryData<T1, T2> : TheoryRows
{
    public void Add(T1 first, T2 second) => Rows.Add([first, second]);
}

public sealed class TheoryData<T1, T2, T3> : TheoryRows
{
    public void Add(T1 first, T2 second, T3 third) => Rows.Add([first, second, third]);
}
