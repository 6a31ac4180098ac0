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
        try
        {
            var code = await RunAsync(call);
            // What held nothing up is told all the same, and is the outcome.
            foreach (var alarm in call.TakeRaised())
            {
                await call.KeepAsync(alarm, name);
                code = call.Terminal.Fail(alarm);
            }
            return code;
        }
        catch (AlarmException alarm)
        {
            await call.KeepAsync(alarm, name);
            return call.Terminal.Fail(alarm);
        }
        catch (Exception error)
        {
            return call.Terminal.Fail(error);
        }
    });

    protected abstract Task<int> RunAsync(Call call);
}
