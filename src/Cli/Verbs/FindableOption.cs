using System.CommandLine;
using Salus.Client.Accounts;

namespace Salus.Cli.Verbs;

/// <summary>`--findable` of `put` and `import`: who knows the owner's number and the keywords learns that there is such a record, and can ask for it.</summary>
internal sealed class FindableOption
{
    private readonly Option<bool> _findable = new("--findable") { Description = "who knows your number and its keywords may learn that it is there, and ask you for it" };

    /// <summary>It says nothing without a keyword, and a patient's number is the patient's to answer for.</summary>
    public void AddTo(Command verb, Option<string[]> keyword, Option<string> forWhom)
    {
        verb.Add(_findable);
        verb.Validators.Add(result =>
        {
            if (result.GetValue(_findable) && result.GetValue(keyword) is not { Length: > 0 })
                result.AddError("--findable needs a --keyword to be found by");
            if (result.GetValue(_findable) && result.GetValue(forWhom) is not null)
                result.AddError("--findable is for your own records: only their owner makes records findable");
        });
    }

    public bool Of(Call call) => call.Value(_findable);

    /// <summary>Enters what was stored into the directory, where the account has a number there.</summary>
    public async Task EnterAsync(Call call, Account account)
    {
        if (!await new Salus.Client.Requests.Directory(account).RefreshDueAsync(call.Cancel) && Of(call))
            Terminal.Say("It can be found once you have entered your number: salus phone +NUMBER");
    }
}
