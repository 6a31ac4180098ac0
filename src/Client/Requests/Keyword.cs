using System.Text;
using Salus.Health.Keywords;
using Salus.Protocol;

namespace Salus.Client.Requests;

/// <summary>A keyword as the directory knows it: its words in lower case, without accents, one blank between them. Whoever types it otherwise means the same.</summary>
internal static class Keyword
{
    /// <summary>Folded; null for a keyword without letters and digits, or one that is too long.</summary>
    public static string? Fold(string typed)
    {
        var folded = string.Join(' ', Words.Tokenise(typed).Select(token => Words.Fold(token.Word)).Where(word => word.Length > 0));
        return folded.Length > 0 && Encoding.UTF8.GetByteCount(folded) <= AccessRequest.MaxKeyword ? folded : null;
    }
}
