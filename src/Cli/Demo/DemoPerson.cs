using System.Text;
using System.Text.RegularExpressions;
using Salus.Client.Accounts;
using Salus.Client.Partitions;
using Salus.Client.Profiles;
using Salus.Crypto;
using Salus.Protocol.Http;

namespace Salus.Cli.Demo;

/// <summary>Somebody of the demo: registers like anybody, with the code from the mail.</summary>
internal static partial class DemoPerson
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<Account> RegisterAsync(string mail, string folder, PartyDirectory parties, string outbox, CancellationToken cancel)
    {
        using var passphrase = Secret.CopyOf(Encoding.ASCII.GetBytes(Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16))));
        var profile = new Profile(folder);
        using var enrolment = new Enrolment(profile, parties);
        var pending = await enrolment.StartRegistrationAsync(mail, cancel);
        using var kit = await enrolment.CompleteRegistrationAsync(pending, await CodeAsync(outbox, mail, cancel), passphrase, null, cancel);
        var account = await Account.UnlockAsync(profile, passphrase, TimeProvider.System);
        await new PartitionKeys(account).EnsureStandardAsync(cancel);
        return account;
    }

    /// <summary>The code in the newest mail to somebody.</summary>
    private static async Task<string> CodeAsync(string outbox, string mail, CancellationToken cancel)
    {
        for (var waited = TimeSpan.Zero; waited < Patience; waited += TimeSpan.FromMilliseconds(50))
        {
            foreach (var file in new DirectoryInfo(outbox).EnumerateFiles("*.eml").OrderByDescending(file => file.LastWriteTimeUtc))
            {
                var text = await File.ReadAllTextAsync(file.FullName, cancel);
                if (text.Contains(mail, StringComparison.OrdinalIgnoreCase) && Code().Match(text) is { Success: true } code)
                    return code.Value;
            }
            await Task.Delay(50, cancel);
        }
        throw new StoppedException($"No mail to {mail} has come to {outbox} within {Patience.TotalSeconds:0} seconds.");
    }

    [GeneratedRegex(@"(?m)^\s*\d{4} \d{4}\s*$")]
    private static partial Regex Code();
}
