using System.CommandLine;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Profiles;

namespace Salus.Cli;

/// <summary>One call of a verb: what was typed, and where to speak.</summary>
internal sealed class Call(ParseResult parsed, CancellationToken cancel) : IDisposable
{
    private const string DefaultData = ".salus";

    private Account? _account;

    public static readonly Option<string> ProfileOption = new("--profile")
    {
        Description = "whose account, of those on this machine", HelpName = "NAME", Recursive = true, DefaultValueFactory = _ => "default",
    };

    public static readonly Option<string> DataOption = new("--data")
    {
        Description = "the data folder (else SALUS_DATA, else .salus)", HelpName = "DIR", Recursive = true,
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("SALUS_DATA") is { Length: > 0 } given ? given : DefaultData,
    };

    public static readonly Option<bool> JsonOption = new("--json") { Description = "one JSON document on stdout, all else on stderr", Recursive = true };

    static Call()
    {
        ProfileOption.Validators.Add(result =>
        {
            var name = result.GetValueOrDefault<string>();
            if (name is null or "" || name.Length > 64 || name[0] == '.' || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
                result.AddError("--profile takes up to 64 letters, digits, '-', '_' and '.'");
        });
        DataOption.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>()))
                result.AddError("--data takes a folder");
        });
    }

    public Terminal Terminal { get; } = new(parsed.GetValue(JsonOption));

    /// <summary>Ends when the user presses Ctrl-C or the process is asked to stop.</summary>
    public CancellationToken Cancel => cancel;

    /// <summary>The data folder, absolute.</summary>
    public string Data { get; } = Path.GetFullPath(parsed.GetRequiredValue(DataOption));

    public string Profile => parsed.GetRequiredValue(ProfileOption);

    /// <summary>Where the profile of this call lives.</summary>
    public string ProfileFolder => Path.Combine(Data, "profiles", Profile);

    public T? Value<T>(Option<T> option) => parsed.GetValue(option);

    public T? Value<T>(Argument<T> argument) => parsed.GetValue(argument);

    public bool IsHolding => _account is not null;

    /// <summary>The account that the verb has unlocked, held until the call is over.</summary>
    public Account Holding(Account account)
    {
        _account?.Dispose();
        _account = account;
        return account.Hold();
    }

    /// <summary>Keeps an alarm where `salus alarms` shows it. Whatever stands in the way of that, the alarm itself is told.</summary>
    public async Task KeepAsync(AlarmException alarm, string verb)
    {
        try
        {
            if (_account is not null)
                await new AlarmLog(_account).KeepAsync(alarm, verb);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Terminal.Say($"The alarm could not be written down: {failure.Message}");
        }
    }

    /// <summary>Alarms that were raised while the verb went on.</summary>
    public IReadOnlyList<AlarmException> TakeRaised() => _account?.TakeRaised() ?? [];

    public void Dispose() => _account?.Dispose();
}
