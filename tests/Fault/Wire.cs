namespace Salus.Fault.Tests;

/// <summary>
/// A client's way to the servers. Each request is two steps: it leaves, and its answer is there. At a step the client can be killed: nothing of it goes on from there, no answer is
/// taken, no failure handled, and what has left meanwhile arrives or does not.
/// </summary>
internal sealed class Wire() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false })
{
    private readonly TaskCompletionSource _killed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _steps;
    private int _underWay;

    /// <summary>Steps so far.</summary>
    public int Steps => Volatile.Read(ref _steps);

    /// <summary>The step at which it ends, counted from the first; null for never.</summary>
    public int? KillAt { get; set; }

    /// <summary>Sees every answer, before the client does.</summary>
    public Action<HttpRequestMessage, HttpResponseMessage> Answered { get; set; } = (_, _) => { };

    /// <summary>May hold a request up.</summary>
    public Func<HttpRequestMessage, Task> Leaving { get; set; } = _ => Task.CompletedTask;

    /// <summary>What it was doing when it was killed.</summary>
    public string LastStep { get; private set; } = "";

    /// <summary>Counts from here on.</summary>
    public void Restart(int? killAt) => (_steps, KillAt) = (0, killAt);

    /// <summary>Runs until the end or the kill; true when it was killed. Then no request is under way any more.</summary>
    public async Task<bool> IsKilledAsync(Task operation)
    {
        if (await Task.WhenAny(operation, _killed.Task) == operation && !_killed.Task.IsCompleted)
        {
            await operation;
            return false;
        }
        for (var quiet = 0; quiet < 3; quiet = Volatile.Read(ref _underWay) == 0 ? quiet + 1 : 0)
            await Task.Delay(5);
        return true;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Leaving(request);
        await StepAsync(request, "before");
        HttpResponseMessage answer;
        Interlocked.Increment(ref _underWay);
        try
        {
            answer = await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
        Answered(request, answer);
        await StepAsync(request, "after");
        return answer;
    }

    private Task StepAsync(HttpRequestMessage request, string when)
    {
        var step = Interlocked.Increment(ref _steps);
        if (step < KillAt || KillAt is null)
            return Task.CompletedTask;
        if (step == KillAt)
        {
            LastStep = $"{when} {request.Method} {request.RequestUri!.AbsolutePath}";
            _killed.TrySetResult();
        }
        return new TaskCompletionSource().Task;
    }
}
