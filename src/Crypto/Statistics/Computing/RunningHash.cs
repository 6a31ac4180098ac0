namespace Salus.Crypto.Statistics.Computing;

/// <summary>A hash over all that was put in so far, in order; can be read at any time.</summary>
internal sealed class RunningHash(string label)
{
    public const int Size = 32;

    private readonly byte[] _state = new byte[Transcript.HashSize];

    public void Add(ReadOnlySpan<byte> part)
    {
        using var transcript = new Transcript(label);
        transcript.Append(_state).Append(part).ToHash(_state);
    }

    /// <summary>32 bytes of it, bound to which of two parties says them.</summary>
    public byte[] Read(int party)
    {
        var hash = new byte[Size];
        using var transcript = new Transcript(label);
        transcript.Append(_state).Append((uint)party).ToHash(hash);
        return hash;
    }
}
