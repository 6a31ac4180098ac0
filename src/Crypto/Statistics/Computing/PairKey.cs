namespace Salus.Crypto.Statistics.Computing;

/// <summary>What the streams of a key are for; each draw has a stream of its own.</summary>
internal enum StreamPurpose : byte
{
    /// <summary>What makes the parts of products uniform and adds up to zero.</summary>
    ProductMask,

    /// <summary>Two of the three shares of an input.</summary>
    Input,

    /// <summary>The right verifier's share of a message of a proof.</summary>
    ProofPad,

    /// <summary>Challenges of the two verifiers of a proof.</summary>
    Challenge,

    /// <summary>What hides the left verifier's last element.</summary>
    LeftMask,

    /// <summary>What hides the right verifier's last element.</summary>
    RightMask,
}

/// <summary>
/// A key that two parties made for one computation. Both draw the same streams in the same order, so each stream is known to these two and is used once.
/// </summary>
internal sealed class PairKey(Secret key) : IDisposable
{
    private const int PurposeShift = 56;

    private readonly ulong[] _drawn = new ulong[Enum.GetValues<StreamPurpose>().Length];

    public ReadOnlySpan<byte> Bytes => key.Bytes;

    /// <summary>The number of the next stream, which <see cref="Fill"/> gives any number of times.</summary>
    public ulong Reserve(StreamPurpose purpose) => (ulong)purpose << PurposeShift | _drawn[(int)purpose]++;

    public void Fill(ulong stream, Span<ulong> elements) => FieldStream.Fill(key.Bytes, stream, elements);

    public ulong[] Draw(StreamPurpose purpose, int count)
    {
        var elements = new ulong[count];
        Fill(Reserve(purpose), elements);
        return elements;
    }

    public void Dispose() => key.Dispose();
}
