using Salus.Crypto.Primitives;

namespace Salus.Crypto.Search;

/// <summary>Sizes of the blocks of a segment, in bytes.</summary>
public static class BlockSize
{
    public const int Plain = 240;

    public const int Sealed = Plain + Aead.TagSize;

    public const int Address = 16;

    /// <summary>Address and sealed block, as they are uploaded.</summary>
    public const int Entry = Address + Sealed;
}
