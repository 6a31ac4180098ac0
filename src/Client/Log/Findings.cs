namespace Salus.Client.Log;

/// <summary>
/// What comes out of a check of several steps. None of them keeps the others from being done, and what one has found stays found: a cloud that was caught does not get rid of the alarm by refusing
/// what comes next.
/// </summary>
internal sealed class Findings
{
    public List<AlarmException> Alarms { get; } = [];

    public List<string> Complaints { get; } = [];

    /// <summary>What first kept a step from being done, other than an alarm; null when all were.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The step's outcome; null when it did not come to its end.</summary>
    public async Task<T?> TryAsync<T>(Func<Task<T>> step) where T : class
    {
        try
        {
            return await step();
        }
        catch (AlarmException alarm)
        {
            Alarms.Add(alarm);
        }
        catch (Exception failure) when (failure is RefusedException or UnreachableException or CannotException)
        {
            Failure ??= failure;
            var complaint = $"Not all could be looked at: {failure.Message}";
            if (!Complaints.Contains(complaint))
                Complaints.Add(complaint);
        }
        return null;
    }

    /// <summary>Whether the step came to its end.</summary>
    public async Task<bool> TryAsync(Func<Task> step) => await TryAsync(async () =>
    {
        await step();
        return this;
    }) is not null;
}
