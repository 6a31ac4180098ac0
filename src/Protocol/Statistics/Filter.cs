namespace Salus.Protocol.Statistics;

/// <summary>What a filter looks at.</summary>
public enum FilterKind : byte
{
    /// <summary>Categories of an attribute.</summary>
    Attribute = 1,

    /// <summary>Buckets of a variable's histogram.</summary>
    Variable = 2,
}

/// <summary>Rows in any of these categories or buckets.</summary>
/// <param name="Index">Of the attribute or variable, in the order of the study.</param>
/// <param name="Members">A bit for each category (after the declared ones: unknown) or bucket; the lowest is the first.</param>
public sealed record Filter(FilterKind Kind, byte Index, UInt128 Members);
