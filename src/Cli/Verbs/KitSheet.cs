using System.Globalization;
using Salus.Client.Accounts;

namespace Salus.Cli.Verbs;

/// <summary>The recovery kit on paper: to the terminal, and to a file when one is named. Never into a JSON document, which programs keep.</summary>
internal static class KitSheet
{
    public static void Show(Call call, Account account, RecoveryKit kit, string? file)
    {
        var sheet = string.Create(CultureInfo.InvariantCulture, $"""

            SALUS RECOVERY KIT
            Account      {account.Mail}
            Fingerprint  {account.Card.Fingerprint}
            Made         {TimeProvider.System.GetUtcNow():yyyy-MM-dd}

            {Lines(kit.Reveal())}

            This opens your account when the passphrase is lost: salus recovery restore {account.Mail}
            Print it, keep it where your papers are, and delete every copy on a computer. Nobody can make it again for you.

            """);
        if (file is null)
            Console.Error.WriteLine(sheet);
        else
        {
            using var writer = new StreamWriter(new FileStream(file, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = OperatingSystem.IsWindows() ? null : UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }));
            writer.WriteLine(sheet);
            Terminal.Say($"The recovery kit is in {file}. Print it, then delete the file.");
        }
    }

    private static string Lines(string groups) => string.Join("\n", groups.Split('-').Chunk(5).Select(line => "  " + string.Join('-', line)));
}
