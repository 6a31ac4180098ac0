namespace Salus.Fault.Tests.Trials;

/// <summary>
/// One operation of a patient on fresh ground, in the middle of which something dies. 1 prepared undisturbed, 2 run, 3 looked at when all live again and before anything is repeated,
/// 4 finished as a person would, 5 checked.
/// </summary>
internal abstract class Trial(Ground ground)
{
    public static IReadOnlyList<string> All { get; } = ["put", "import", "share", "revoke", "compact", "repair", "rot", "duplicate", "delete"];

    protected static CancellationToken None => CancellationToken.None;

    protected Ground Ground => ground;

    protected Device Owner => ground.Owner;

    protected int Number { get; } = ground.NextNumber();

    /// <summary>Whether the operation has said that it is done.</summary>
    protected bool IsAcknowledged { get; private set; }

    public static Trial Of(string operation, Ground ground) => operation switch
    {
        "put" => new PutTrial(ground),
        "import" => new ImportTrial(ground),
        "share" => new ShareTrial(ground),
        "revoke" => new RevokeTrial(ground),
        "compact" => new CompactTrial(ground),
        "repair" => new RepairTrial(ground),
        "rot" => new RotTrial(ground),
        "duplicate" => new DuplicateTrial(ground),
        "delete" => new DeleteTrial(ground),
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };

    public virtual Task PrepareAsync() => Task.CompletedTask;

    public async Task RunAsync()
    {
        await ActAsync();
        Acknowledge();
    }

    /// <summary>The same as a command, for whoever runs that instead.</summary>
    public virtual Task<string[]> CommandAsync() => throw new NotSupportedException("Nobody runs it as a command.");

    /// <summary>Somebody has run it to its end.</summary>
    public void Acknowledge() => IsAcknowledged = true;

    public virtual Task LookAsync() => Task.CompletedTask;

    public abstract Task FinishAsync();

    public abstract Task CheckAsync();

    protected abstract Task ActAsync();
}
