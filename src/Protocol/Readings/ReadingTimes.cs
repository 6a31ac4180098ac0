using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Salus.Protocol.Readings;

/// <summary>
/// The times of a batch of readings in milliseconds since 1970, never going back: the first as u64, then for each other u32 since the one before.
/// </summary>
public sealed class ReadingTimes
{
    /// <summary>The longest pause within a batch: a little more than 49 days.</summary>
    public const long MaxPause = uint.MaxValue;

    private readonly long[] _times;

    private ReadingTimes(byte[] bytes, long[] times) => (Bytes, _times) = (bytes, times);

    public byte[] Bytes { get; }

    public ReadOnlySpan<long> Milliseconds => _times;

    public int Count => _times.Length;

    public DateTimeOffset First => DateTimeOffset.FromUnixTimeMilliseconds(_times[0]);

    public DateTimeOffset Last => DateTimeOffset.FromUnixTimeMilliseconds(_times[^1]);

    /// <summary>1 to <see cref="Limits.MaxReadings"/> times in order, no pause above <see cref="MaxPause"/>; throws for others.</summary>
    public static ReadingTimes Of(ReadOnlySpan<long> milliseconds)
    {
        if (milliseconds.Length is 0 or > Limits.MaxReadings || milliseconds[0] is < 0 or > (long)Limits.LatestTimeMilliseconds)
            throw new ArgumentOutOfRangeException(nameof(milliseconds), milliseconds.Length, $"1 to {Limits.MaxReadings} times since 1970");
        var bytes = new byte[sizeof(ulong) + sizeof(uint) * (milliseconds.Length - 1)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, milliseconds[0]);
        for (var i = 1; i < milliseconds.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(sizeof(ulong) + sizeof(uint) * (i - 1)), (uint)(milliseconds[i] - milliseconds[i - 1]));
        return TryParse(bytes, out var times) ? times : throw new ArgumentOutOfRangeException(nameof(milliseconds), "after the year 9999");
    }

    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ReadingTimes? times)
    {
        times = null;
        var rest = bytes.Length - sizeof(ulong);
        if (rest < 0 || rest % sizeof(uint) != 0 || rest / sizeof(uint) >= Limits.MaxReadings || BinaryPrimitives.ReadUInt64BigEndian(bytes) > Limits.LatestTimeMilliseconds)
            return false;
        var read = new long[1 + rest / sizeof(uint)];
        read[0] = BinaryPrimitives.ReadInt64BigEndian(bytes);
        for (var i = 1; i < read.Length; i++)
            read[i] = read[i - 1] + BinaryPrimitives.ReadUInt32BigEndian(bytes[(sizeof(ulong) + sizeof(uint) * (i - 1))..]);
        if (read[^1] > (long)Limits.LatestTimeMilliseconds)
            return false;
        times = new ReadingTimes(bytes.ToArray(), read);
        return true;
    }
}
