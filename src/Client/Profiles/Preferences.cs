using System.Text;
using System.Text.Json;
using Salus.Client.Accounts;

namespace Salus.Client.Profiles;

/// <summary>Settings of the page, a small JSON text that is sealed with what this device remembers. Nothing here reads what is in it.</summary>
public sealed class Preferences(Account account)
{
    /// <summary>Bytes in UTF-8, at most.</summary>
    public const int MaxBytes = 64 * 1024;

    private const string None = "{}";

    public string Json => account.State.Content.Preferences ?? None;

    public Task SetAsync(string json)
    {
        if (Encoding.UTF8.GetByteCount(json) > MaxBytes || !IsJson(json))
            throw new CannotException($"Settings are a JSON text of at most {MaxBytes} bytes. They stay as they were.", Reasons.BadPreferences);
        account.State.Content.Preferences = json;
        return account.State.SaveAsync();
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
