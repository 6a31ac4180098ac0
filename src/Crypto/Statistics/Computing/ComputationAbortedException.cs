namespace Salus.Crypto.Statistics.Computing;

/// <summary>A computation has ended without a result: nothing was opened that noise does not protect.</summary>
public sealed class ComputationAbortedException(AbortReason reason) : Exception($"The computation on shares was aborted: {reason}.")
{
    public AbortReason Reason { get; } = reason;
}
