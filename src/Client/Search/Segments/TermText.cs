using System.Text;

namespace Salus.Client.Search.Segments;

/// <summary>Terms as a dictionary has them: UTF-8, in the order of their bytes.</summary>
public static class TermText
{
    /// <summary>Bytes of a term, at most; there is at least one.</summary>
    public const int MaximumSize = 128;

    public static byte[] ToUtf8(string term) => Encoding.UTF8.GetBytes(term);
}
