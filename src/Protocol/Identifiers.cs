using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace Salus.Protocol;

/// <summary>A 16-byte identifier. Written as 32 lower-case hexadecimal digits; on the wire 16 bytes, big endian.</summary>
public interface IIdentifier<TSelf> where TSelf : struct, IIdentifier<TSelf>
{
    UInt128 Value { get; }

    static abstract TSelf From(UInt128 value);
}

/// <summary>An account: the first 16 bytes of a hash of its identity key, so that a card proves that it belongs to it.</summary>
public readonly record struct AccountId(UInt128 Value) : IIdentifier<AccountId>
{
    public static AccountId From(UInt128 value) => new(value);

    public override string ToString() => Identifier.ToHex(Value);
}

/// <summary>A record; random, and the same for all its versions.</summary>
public readonly record struct RecordId(UInt128 Value) : IIdentifier<RecordId>
{
    public static RecordId From(UInt128 value) => new(value);

    public override string ToString() => Identifier.ToHex(Value);
}

/// <summary>A body that records of one domain share; drawn by the cloud, another one each time that a content is stored anew.</summary>
public readonly record struct BodyId(UInt128 Value) : IIdentifier<BodyId>
{
    public static BodyId From(UInt128 value) => new(value);

    public override string ToString() => Identifier.ToHex(Value);
}

/// <summary>A grant; random, and the same for all its versions.</summary>
public readonly record struct GrantId(UInt128 Value) : IIdentifier<GrantId>
{
    public static GrantId From(UInt128 value) => new(value);

    public override string ToString() => Identifier.ToHex(Value);
}

/// <summary>The pseudonym of one owner's partition: servers see it, never the partition's name.</summary>
public readonly record struct PartitionId(UInt128 Value) : IIdentifier<PartitionId>
{
    public static PartitionId From(UInt128 value) => new(value);

    public override string ToString() => Identifier.ToHex(Value);
}

/// <summary>A segment of a search index; random.</summary>
public readonly record struct SegmentId(UInt128 Value) : IIdentifier<SegmentId>
{
    public static SegmentId From(UInt128 value) => new(value);

    public override string ToString() => Identifier.ToHex(Value);
}

/// <summary>Where the cloud keeps a block of a segment; means nothing without the segment's key.</summary>
public readonly record struct BlockAddress(UInt128 Value) : IIdentifier<BlockAddress>
{
    public static BlockAddress From(UInt128 value) => new(value);

    public override string ToString() => Identifier.ToHex(Value);
}

/// <summary>A study; random.</summary>
public readonly record struct StudyId(UInt128 Value) : IIdentifier<StudyId>
{
    public static StudyId From(UInt128 value) => new(value);

    public override string ToString() => Identifier.ToHex(Value);
}

/// <summary>A contribution to a study: the first 16 bytes of a hash of its withdrawal key. It says nothing about whose it is.</summary>
public readonly record struct ContributionId(UInt128 Value) : IIdentifier<ContributionId>
{
    public static ContributionId From(UInt128 value) => new(value);

    public override string ToString() => Identifier.ToHex(Value);
}

/// <summary>A series of readings; random.</summary>
public readonly record struct SeriesId(UInt128 Value) : IIdentifier<SeriesId>
{
    public static SeriesId From(UInt128 value) => new(value);

    public override string ToString() => Identifier.ToHex(Value);
}

/// <summary>What one device adds to a series, in the order of time; random.</summary>
public readonly record struct FeedId(UInt128 Value) : IIdentifier<FeedId>
{
    public static FeedId From(UInt128 value) => new(value);

    public override string ToString() => Identifier.ToHex(Value);
}

/// <summary>The epoch of a partition: 1, 2, 3 …; it moves on when someone loses access.</summary>
public readonly record struct EpochNumber(uint Value) : IComparable<EpochNumber>
{
    public static readonly EpochNumber First = new(1);

    public EpochNumber Next() => new(Value + 1);

    /// <summary>Whether this is the epoch after <paramref name="previous"/>, which may be the last of all.</summary>
    public bool Follows(EpochNumber previous) => Value > previous.Value && Value - 1 == previous.Value;

    public int CompareTo(EpochNumber other) => Value.CompareTo(other.Value);

    public static bool operator <(EpochNumber left, EpochNumber right) => left.Value < right.Value;

    public static bool operator >(EpochNumber left, EpochNumber right) => left.Value > right.Value;

    public static bool operator <=(EpochNumber left, EpochNumber right) => left.Value <= right.Value;

    public static bool operator >=(EpochNumber left, EpochNumber right) => left.Value >= right.Value;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What all 16-byte identifiers share.</summary>
public static class Identifier
{
    /// <summary>Bytes of an identifier on the wire.</summary>
    public const int Size = 16;

    public static T Random<T>() where T : struct, IIdentifier<T>
    {
        Span<byte> bytes = stackalloc byte[Size];
        RandomNumberGenerator.Fill(bytes);
        return Read<T>(bytes);
    }

    /// <summary>Reads 32 lower-case hexadecimal digits: upper case would be a second name for one thing.</summary>
    public static bool TryParse<T>([NotNullWhen(true)] string? text, out T id) where T : struct, IIdentifier<T>
    {
        id = default;
        // Digit by digit: number parsers put up with more than digits (trailing U+0000, for example).
        if (text is not { Length: 2 * Size } || !text.All(char.IsAsciiHexDigitLower)
            || !UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            return false;
        id = T.From(value);
        return true;
    }

    public static T Read<T>(ReadOnlySpan<byte> bytes) where T : struct, IIdentifier<T> => T.From(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    public static void Write<T>(T id, Span<byte> output) where T : struct, IIdentifier<T> => BinaryPrimitives.WriteUInt128BigEndian(output, id.Value);

    public static byte[] ToBytes<T>(this T id) where T : struct, IIdentifier<T>
    {
        var bytes = new byte[Size];
        Write(id, bytes);
        return bytes;
    }

    internal static string ToHex(UInt128 value) => value.ToString("x32", CultureInfo.InvariantCulture);
}
