using System.CommandLine;

namespace Salus.Cli.Verbs;

/// <summary>A mail address: `MAIL`, or `--mail MAIL`.</summary>
internal sealed class MailArgument
{
    private readonly Argument<string?> _argument = new("MAIL") { Description = "the account's mail address", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _option = new("--mail") { Description = "the same, as an option", HelpName = "MAIL", Hidden = true };

    public void AddTo(Command verb)
    {
        verb.Add(_argument);
        verb.Add(_option);
    }

    public string Of(Call call) => (call.Value(_argument) ?? call.Value(_option)) is { Length: > 0 } mail
        ? mail.Trim()
        : throw new StoppedException("Whose account? Give the mail address.", ExitCode.Usage);
}
