using System.Buffers.Binary;
using System.Security.Cryptography;
using Salus.Crypto.Statistics.Sharing;

namespace Salus.Crypto.Statistics.Computing;

/// <summary>
/// A party in one computation: its channel, the keys with both neighbours, and running hashes of what must be the same on both sides. Once something was wrong, nothing more is sent.
/// </summary>
internal sealed class PartyLink : IDisposable
{
    private readonly IPeerChannel _channel;
    private bool _ended;

    private PartyLink(int party, IPeerChannel channel, Secret own, Secret next)
    {
        (Party, _channel, OwnKey, NextKey) = (party, channel, new PairKey(own), new PairKey(next));
        WithPrevious.Add(own.Bytes);
        WithNext.Add(next.Bytes);
    }

    public int Party { get; }

    /// <summary>k_i, with the previous party.</summary>
    public PairKey OwnKey { get; }

    /// <summary>k_(i+1), with the next party.</summary>
    public PairKey NextKey { get; }

    public RunningHash WithPrevious { get; } = new(Domains.ComputationPair);

    public RunningHash WithNext { get; } = new(Domains.ComputationPair);

    /// <summary>Makes k_i for this computation alone, sends it to the previous party, and takes k_(i+1) from the next one.</summary>
    public static async ValueTask<PartyLink> StartAsync(IPeerChannel channel, int party, CancellationToken cancel)
    {
        var own = Secret.Random(FieldStream.SeedSize);
        var next = new Secret(FieldStream.SeedSize);
        await channel.ExchangeAsync(own.Memory, default, default, next.Memory, cancel);
        return new PartyLink(party, channel, own, next);
    }

    /// <summary>What all three know must be the same for all.</summary>
    public void AddPublic(ReadOnlySpan<byte> bytes)
    {
        WithPrevious.Add(bytes);
        WithNext.Add(bytes);
    }

    public async ValueTask ExchangeAsync(
        ReadOnlyMemory<byte> toPrevious, ReadOnlyMemory<byte> toNext, Memory<byte> fromPrevious, Memory<byte> fromNext, CancellationToken cancel)
    {
        if (_ended)
            throw new ComputationAbortedException(AbortReason.Ended);
        // Until it has come to its end: whatever is thrown meanwhile ends the computation.
        _ended = true;
        await _channel.ExchangeAsync(toPrevious, toNext, fromPrevious, fromNext, cancel);
        _ended = false;
    }

    /// <summary>Sends elements to the previous party and takes as many from the next one.</summary>
    public async ValueTask<ulong[]> PassBackAsync(ulong[] elements, CancellationToken cancel)
    {
        var received = new byte[Field61.Size * elements.Length];
        await ExchangeAsync(Bytes(elements), default, default, received, cancel);
        return Elements(received);
    }

    /// <summary>Sends elements to the next party and takes as many from the previous one.</summary>
    public async ValueTask<ulong[]> PassOnAsync(ulong[] elements, CancellationToken cancel)
    {
        var received = new byte[Field61.Size * elements.Length];
        await ExchangeAsync(default, Bytes(elements), received, default, cancel);
        return Elements(received);
    }

    /// <summary>Goes on only when both neighbours have the same keys, inputs and coins, and neither has ended.</summary>
    public async ValueTask ConfirmAsync(CancellationToken cancel)
    {
        byte[] fromPrevious = new byte[RunningHash.Size], fromNext = new byte[RunningHash.Size];
        await ExchangeAsync(WithPrevious.Read(Party), WithNext.Read(Party), fromPrevious, fromNext, cancel);
        Must(CryptographicOperations.FixedTimeEquals(fromPrevious, WithPrevious.Read(Parties.Previous(Party)))
            & CryptographicOperations.FixedTimeEquals(fromNext, WithNext.Read(Parties.Next(Party))), AbortReason.Confirmation);
    }

    public void Must(bool holds, AbortReason reason)
    {
        if (holds)
            return;
        _ended = true;
        throw new ComputationAbortedException(reason);
    }

    public ulong[] Elements(ReadOnlySpan<byte> bytes)
    {
        var elements = new ulong[bytes.Length / Field61.Size];
        Must(FieldVector.TryRead(bytes, elements), AbortReason.Malformed);
        return elements;
    }

    public static byte[] Bytes(ReadOnlySpan<ulong> elements)
    {
        var bytes = new byte[Field61.Size * elements.Length];
        FieldVector.Write(elements, bytes);
        return bytes;
    }

    public static byte[] Bytes(ulong element)
    {
        var bytes = new byte[Field61.Size];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, element);
        return bytes;
    }

    public void Dispose()
    {
        _ended = true;
        OwnKey.Dispose();
        NextKey.Dispose();
    }
}
