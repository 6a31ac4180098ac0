using System.Text.RegularExpressions;

namespace Salus.Cloud.Tests;

/// <summary>The folder into which the cloud puts its letters.</summary>
internal sealed partial class LetterBox(string folder)
{
    /// <summary>The letters to an address, oldest first, once there are so many.</summary>
    public async Task<IReadOnlyList<string>> ToAsync(string mail, int count = 1)
    {
        for (var tries = 0; tries < 400; tries++)
        {
            var letters = To(mail);
            if (letters.Count >= count)
                return letters;
            await Task.Delay(25);
        }
        throw new TimeoutException($"No {count} letters to {mail} within ten seconds.");
    }

    public IReadOnlyList<string> To(string mail) => !Directory.Exists(folder) ? [] :
        [.. Directory.GetFiles(folder, "*.eml").Select(path => (Path: path, Text: File.ReadAllText(path)))
            .Where(letter => letter.Text.Contains($"\r\nTo: {mail}\r\n", StringComparison.Ordinal))
            .OrderBy(letter => File.GetLastWriteTimeUtc(letter.Path)).Select(letter => letter.Text)];

    /// <summary>The code of the newest of so many letters.</summary>
    public async Task<string> CodeAsync(string mail, int count = 1) =>
        CodeIn((await ToAsync(mail, count))[^1]) ?? throw new InvalidOperationException("The letter has no code.");

    public static string? CodeIn(string letter) => Code().Match(letter) is { Success: true } match ? match.Value.Trim() : null;

    [GeneratedRegex(@"(?m)^ +\d{4} \d{4}(?=\r?$)")]
    private static partial Regex Code();
}
