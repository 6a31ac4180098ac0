using System.Text.Json;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Client.Sharing;
using Salus.Crypto;
using Salus.Crypto.Dispersal;
using Salus.Protocol.Http;

namespace Salus.Cli;

/// <summary>What the client's verbs have in common: the profile, the account behind it, and the servers of the installation.</summary>
internal static class Unlocked
{
    public static Profile ProfileOf(Call call) => new(call.ProfileFolder);

    /// <summary>What this device is called in the list of devices: nothing that names the machine or its user.</summary>
    public static string Device => "command line on " + (OperatingSystem.IsWindows() ? "Windows" : OperatingSystem.IsMacOS() ? "macOS" : "Linux");

    /// <summary>
    /// Unlocks the account with the passphrase, and first makes good what an earlier command could not finish: shares and revocations that a trustee has not heard of. What
    /// still cannot be finished is said and stops nothing.
    /// </summary>
    public static async Task<Account> OpenAsync(Call call)
    {
        var profile = ProfileOf(call);
        profile.Load();
        using var passphrase = Prompt.Passphrase();
        var account = call.Holding(await Account.UnlockAsync(profile, passphrase, TimeProvider.System));
        try
        {
            var granting = new Granting(account);
            await granting.FinishAsync(call.Cancel);
            foreach (var complaint in granting.Complaints)
                Terminal.Say(complaint);
            return account;
        }
        catch
        {
            account.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Begins a session, of an account that the call holds from when it is open. An alarm on the way there is kept where `salus alarms` shows it, too, once this device has the account: it is
    /// unlocked with what the device knows of it. With a passphrase that does not open that the alarm is told, and no more.
    /// </summary>
    public static async Task<Account> ArriveAsync(Call call, Secret passphrase, Func<Task<Account>> arrive)
    {
        try
        {
            return await arrive();
        }
        catch (AlarmException) when (!call.IsHolding && ProfileOf(call).Exists)
        {
            try
            {
                call.Holding(await Account.UnlockAsync(ProfileOf(call), passphrase, TimeProvider.System)).Dispose();
            }
            catch (Exception failure) when (failure is AlarmException or CannotException)
            {
                // The alarm itself is what matters.
            }
            throw;
        }
    }

    /// <summary>Says what could not be made sure of.</summary>
    public static void Warn(Account account)
    {
        foreach (var warning in account.Warnings)
            Terminal.Say(warning.Message);
    }

    /// <summary>The servers: of the cloud that was named, else of the installation in the data folder.</summary>
    public static async Task<PartyDirectory> PartiesAsync(Call call, string? cloud)
    {
        if (cloud is not null)
            return Uri.TryCreate(cloud, UriKind.Absolute, out var url)
                ? await Enrolment.DiscoverAsync(url, null, call.Cancel)
                : throw new CannotException($"--cloud {cloud}: give an address like https://salus.example.org");
        var path = Path.Combine(call.Data, "parties.json");
        if (!File.Exists(path))
            throw new CannotException($"There is no installation in {call.Data}. Start one with `salus up`, or name a cloud with --cloud URL.");
        try
        {
            return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(path, call.Cancel), CliJson.Default.PartyDirectory) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new CannotException($"{path} is damaged. `salus up` writes it anew.");
        }
    }

    /// <summary>An owner-held sequence key, from SALUS_SEQUENCE_KEY or a prompt: each broken rule has its own message.</summary>
    public static SequenceKey SequenceKey() => Salus.Crypto.Dispersal.SequenceKey.TryParse(Prompt.SequenceKey(), out var key) switch
    {
        SequenceKeyFault.None => key!,
        SequenceKeyFault.WhiteSpace => throw new CannotException("The sequence key has white space in it. Use characters without any space between them."),
        SequenceKeyFault.RepeatedCharacter => throw new CannotException("A character occurs twice in the sequence key. Use each character once."),
        SequenceKeyFault.TooShort =>
            throw new CannotException($"The sequence key is too short. Use at least {Salus.Crypto.Dispersal.SequenceKey.MinLength} characters, each once."),
        SequenceKeyFault.TooLong =>
            throw new CannotException($"The sequence key is too long. Use at most {Salus.Crypto.Dispersal.SequenceKey.MaxLength} characters."),
        SequenceKeyFault.Ambiguous =>
            throw new CannotException("The sequence key holds a character that can be written in several ways (a letter with a separate accent, say). Use another one."),
        _ => throw new CannotException("The sequence key holds something that is no visible character."),
    };

    public static T Id<T>(string? text, string what) where T : struct, Salus.Protocol.IIdentifier<T> => Salus.Protocol.Identifier.TryParse<T>(text, out var id)
        ? id
        : throw new StoppedException($"'{text}' is no {what}: one has 32 hexadecimal digits, as the lists show it.", ExitCode.Usage);
}
