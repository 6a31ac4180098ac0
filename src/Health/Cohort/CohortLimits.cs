namespace Salus.Health.Cohort;

/// <summary>What a table, a hierarchy and a lattice may ask for.</summary>
public static class CohortLimits
{
    public const int MaxColumns = 512;

    /// <summary>UTF-16 units of one field.</summary>
    public const int MaxField = 16 * 1024;

    /// <summary>UTF-16 units of one row, all its fields together.</summary>
    public const int MaxRow = 1024 * 1024;

    public const int MaxRows = 4_000_000;

    /// <summary>UTF-16 units of all different values that a table keeps.</summary>
    public const int MaxText = 256 * 1024 * 1024;

    public const int MaxQuasiIdentifiers = 16;

    /// <summary>Levels of one hierarchy, the value itself being the first.</summary>
    public const int MaxLevels = 32;

    public const int MaxHierarchyValues = 1_000_000;

    /// <summary>Nodes of the lattice: the product of the levels of all quasi-identifiers.</summary>
    public const int MaxNodes = 1_000_000;
}
