using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Salus.Cloud.Accounts;

/// <summary>
/// A mail address in the one form under which an account is found: trimmed, lower case, ASCII. Its syntax is that of RFC 5321 without quoted local
/// parts and address literals, which nobody has; so it carries nothing that could end a header line.
/// </summary>
internal sealed class MailAddress
{
    public const int MaxLength = 254;

    public const string Syntax =
        "Write the mail address as name@example.org: letters, digits and .!#$%&'*+/=?^_`{|}~- before the @, at most 254 characters in all.";

    private static readonly SearchValues<char> LocalCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.!#$%&'*+/=?^_`{|}~-");
    private static readonly SearchValues<char> DomainCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private MailAddress(string value) => Value = value;

    public string Value { get; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out MailAddress? address)
    {
        address = null;
        if (text is null || text.Length > 2 * MaxLength)
            return false;
        var value = text.Trim().ToLowerInvariant();
        var at = value.LastIndexOf('@');
        if (value.Length > MaxLength || at < 1 || !IsLocal(value.AsSpan(0, at)) || !IsDomain(value[(at + 1)..]))
            return false;
        address = new MailAddress(value);
        return true;
    }

    /// <summary>Never the address: this may end up in a log.</summary>
    public override string ToString() => "[redacted]";

    private static bool IsLocal(ReadOnlySpan<char> local) =>
        local.Length <= 64 && !local.ContainsAnyExcept(LocalCharacters) && local[0] != '.' && local[^1] != '.' && local.IndexOf("..") < 0;

    private static bool IsDomain(string domain) => domain.Split('.').All(label =>
        label.Length is >= 1 and <= 63 && !label.AsSpan().ContainsAnyExcept(DomainCharacters) && label[0] != '-' && label[^1] != '-');
}
