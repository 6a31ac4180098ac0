namespace Salus.Health.Cohort;

/// <summary>Why a table, a hierarchy or a question about them was refused.</summary>
public enum CohortFault
{
    Empty,
    NotUtf8,

    /// <summary>A quote where none may stand, or one that is never closed.</summary>
    Quote,

    /// <summary>A row with more or fewer fields than the header, or with none.</summary>
    RowLength,
    TooLarge,
    DuplicateColumn,
    NoSuchColumn,

    /// <summary>A hierarchy that is none: a value twice, rows of different length, or two values that part again after they met.</summary>
    Hierarchy,

    /// <summary>A value of the table that its hierarchy does not know.</summary>
    NotInHierarchy,

    /// <summary>No question at all, or one that nobody can answer: no quasi-identifiers, too many, one named twice.</summary>
    Question,
}
