namespace Salus.Protocol.Studies;

/// <summary>The sizes that a sealed copy can have: 16 KiB, 64 KiB, 256 KiB, 1 MiB, 4 MiB and 16 MiB.</summary>
public static class CopySize
{
    public const int Smallest = 16 * 1024;

    private const int Step = 4;

    public static bool IsClass(long size) => size is >= Smallest and <= Limits.MaxSealedCopy && For((int)size) == size;

    /// <summary>The smallest class that holds so many bytes; 0 when none does.</summary>
    public static int For(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (bytes > Limits.MaxSealedCopy)
            return 0;
        var size = Smallest;
        while (size < bytes)
            size *= Step;
        return size;
    }
}
