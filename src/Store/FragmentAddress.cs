using System.Diagnostics.CodeAnalysis;

namespace Salus.Store;

/// <summary>
/// Where a fragment is: 32 bytes that only those who hold the record's key and sequence key can compute, so that knowing it is the right to read. Written as
/// 64 lower-case hexadecimal digits and nothing else: no other text becomes part of a path.
/// </summary>
internal sealed class FragmentAddress : IEquatable<FragmentAddress>
{
    public const int Size = 32;

    private FragmentAddress(string text) => Text = text;

    public string Text { get; }

    public byte[] Bytes => Convert.FromHexString(Text);

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out FragmentAddress? address)
    {
        address = text is { Length: 2 * Size } && text.All(char.IsAsciiHexDigitLower) ? new FragmentAddress(text) : null;
        return address is not null;
    }

    public static FragmentAddress Read(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Size, nameof(bytes));
        return new FragmentAddress(Convert.ToHexStringLower(bytes));
    }

    public bool Equals(FragmentAddress? other) => other is not null && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as FragmentAddress);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <summary>A capability does not belong in logs.</summary>
    public override string ToString() => "[address]";
}
