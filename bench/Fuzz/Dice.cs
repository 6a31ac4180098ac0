namespace Salus.Bench.Fuzz;

/// <summary>Numbers that look random and are the same for one seed on every machine (SplitMix64, Steele et al. 2014).</summary>
internal sealed class Dice(int seed)
{
    private ulong _state = (ulong)(uint)seed;

    /// <summary>0 to below <paramref name="end"/>.</summary>
    public int Next(int end) => (int)(Draw() % (ulong)end);

    public int Next(int from, int end) => from + Next(end - from);

    public byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = unchecked((byte)Draw());
        return bytes;
    }

    private ulong Draw()
    {
        unchecked
        {
            var z = _state += 0x9e3779b97f4a7c15;
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
            z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
            return z ^ (z >> 31);
        }
    }
}
