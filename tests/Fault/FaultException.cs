namespace Salus.Fault.Tests;

/// <summary>A promise that did not hold after a fault: which, and how to see it again.</summary>
internal sealed class FaultException(string what, Exception failure)
    : Exception($"{what}. SALUS_FAULT_SEED={Points.Seed} plays it again. {failure.GetType().Name}: {failure.Message}", failure);
