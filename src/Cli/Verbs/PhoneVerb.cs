using System.CommandLine;
using Salus.Client.Requests;

namespace Salus.Cli.Verbs;

/// <summary>`phone [+NUMBER]`: the number by which others find the records that were put with `--findable`.</summary>
internal sealed class PhoneVerb : Verb
{
    private readonly Argument<string?> _number = new("+NUMBER")
    {
        Description = "with the code of the country: \"+41 79 000 00 00\"; without one, what can be found now", Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _remove = new("--remove") { Description = "let nothing be found any more" };

    public PhoneVerb() : base("phone", "your number, by which others find what you made findable")
    {
        Add(_number);
        Add(_remove);
        Validators.Add(result =>
        {
            if (result.GetValue(_remove) && result.GetValue(_number) is not null)
                result.AddError("--remove takes out the number that is there: give none");
        });
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var number = call.Value(_number) is { } typed ? PhoneNumber.Parse(typed) : null;
        using var account = await Unlocked.OpenAsync(call);
        var directory = new Salus.Client.Requests.Directory(account);
        if (call.Value(_remove))
        {
            await directory.RemoveAsync(call.Cancel);
            call.Terminal.Print("Nothing can be found by a number of yours any more.");
            call.Terminal.Answer(PhoneDocument.Of(null), CliJson.Default.PhoneDocument);
            return ExitCode.Done;
        }
        var found = number is null ? await directory.RefreshAsync(call.Cancel) : await directory.EnterAsync(number, call.Cancel);
        call.Terminal.Print(found is null
            ? "You have entered no number: nobody finds anything of yours by one. `salus phone +NUMBER` enters it."
            : $"By {found.Number} and a keyword others find {found.Records} of your records; they learn how many there are, and nothing of them until you approve.");
        if (found is { Keywords.Count: > 0 })
            call.Terminal.Print($"Keywords: {string.Join(", ", found.Keywords)}");
        if (number is not null)
            Terminal.Say("Nobody has checked that the number is yours, and nobody checks it for others: a request shows who asks by its fingerprint.");
        call.Terminal.Answer(PhoneDocument.Of(found), CliJson.Default.PhoneDocument);
        return ExitCode.Done;
    }
}
