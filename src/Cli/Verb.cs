using System.CommandLine;

namespace Salus.Cli;

/// <summary>
/// A verb of the command line: one file of its own under Verbs/. Arguments and options are members added in the constructor; <see cref="RunAsync"/>
/// reads them from the <see cref="Call"/>, prints by its terminal, throws to refuse, and answers the exit code.
/// </summary>
internal abstract class Verb : Command
{
    protected Verb(string name, string description) : base(name, description) => SetAction(async (parsed, cancel) =>
    {
        var call = new Call(parsed, cancel);
        try
        {
            return await RunAsync(call);
        }
        catch (Exception error)
        {
            return call.Terminal.Fail(error);
        }
    });

    protected abstract Task<int> RunAsync(Call call);
}
