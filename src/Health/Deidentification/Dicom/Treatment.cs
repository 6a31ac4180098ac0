namespace Salus.Health.Deidentification.Dicom;

/// <summary>What is done with a data element.</summary>
internal enum Treatment
{
    Remove,

    /// <summary>Kept; of a sequence, its elements are treated one by one.</summary>
    Keep,

    /// <summary>Kept without value.</summary>
    Empty,

    /// <summary>A value that says nothing takes the place of its own.</summary>
    Dummy,

    /// <summary>A unique identifier is replaced, the same by the same within a study.</summary>
    Uid,

    /// <summary>A date is moved by the patient's shift; a time of day stays.</summary>
    Shift,
}
