using System.CommandLine;
using Salus.Client;

namespace Salus.Cli;

/// <summary>
/// A verb of the command line: one file of its own under Verbs/. Arguments and options are members added in the constructor; <see cref="RunAsync"/>
/// reads them from the <see cref="Call"/>, prints by its terminal, throws to refuse, and answers the exit code. An alarm that ends it is kept by the account.
/// </summary>
internal abstract class Verb : Command
{
    protected Verb(string name, string description) : base(name, description) => SetAction(async (parsed, cancel) =>
    {
        using var call = new Call(parsed, cancel);
        var (code, ended) = (ExitCode.Done, (Exception?)null);
        try
        {
            code = await RunAsync(call);
        }
        catch (Exception failure)
        {
            ended = failure;
        }
        // An alarm that held nothing up is told all the same, whatever became of the rest.
        foreach (var alarm in call.TakeRaised().Where(alarm => alarm.Message != ended?.Message))
            code = await TellAsync(alarm);
        return ended is null ? code : Math.Max(code, await TellAsync(ended));

        async Task<int> TellAsync(Exception failure)
        {
            if (failure is AlarmException alarm)
                await call.KeepAsync(alarm, name);
            return call.Terminal.Fail(failure);
        }
    });

    protected abstract Task<int> RunAsync(Call call);
}
