namespace Salus.Client.Accounts;

/// <summary>What could not be made sure of, and accuses nobody.</summary>
/// <param name="Code">One of those below, or empty when nobody has other words for it.</param>
/// <param name="Message">For the user, in English.</param>
public sealed record Warning(string Code, string Message)
{
    /// <summary>Fewer than two trustees said which version of the account is the newest.</summary>
    public const string NotProvenNewest = "not-proven-newest";

    /// <summary>Which keys others are given for the account's address is not known.</summary>
    public const string CardNotChecked = "card-not-checked";

    /// <summary>The recovery kit does not say how often the account has changed.</summary>
    public const string KitWithoutCounter = "kit-without-counter";

    /// <summary>The cloud alone says which address this is.</summary>
    public const string MailNotTyped = "mail-not-typed";
}
