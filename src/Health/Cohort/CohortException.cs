namespace Salus.Health.Cohort;

/// <summary>A table or hierarchy that was refused. The message names columns and rows, never a value.</summary>
public sealed class CohortException(CohortFault fault, string message) : FormatException(message)
{
    public CohortFault Fault { get; } = fault;
}
