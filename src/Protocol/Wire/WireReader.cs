using System.Buffers.Binary;
using Salus.Crypto.Reencryption;

namespace Salus.Protocol.Wire;

/// <summary>
/// Reads a message that a hostile machine may have written. Every method answers <c>false</c> when the bytes run out or are not canonical; nothing throws and
/// nothing is allocated beyond the bytes that are there. After the last field <see cref="AtEnd"/> must hold.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>Bytes that are left.</summary>
    public readonly int Rest => _rest.Length;

    public bool Bytes(int length, out ReadOnlySpan<byte> field)
    {
        field = default;
        if (_rest.Length < length)
            return false;
        field = _rest[..length];
        _rest = _rest[length..];
        return true;
    }

    public bool Magic(ReadOnlySpan<byte> expected) => Bytes(expected.Length, out var found) && found.SequenceEqual(expected);

    /// <summary>A variable field of at most <paramref name="limit"/> bytes.</summary>
    public bool Variable(int limit, out ReadOnlySpan<byte> field)
    {
        field = default;
        return UInt32(out var length) && length <= (uint)limit && Bytes((int)length, out field);
    }

    public bool Byte(out byte value)
    {
        value = 0;
        if (!Bytes(1, out var field))
            return false;
        value = field[0];
        return true;
    }

    public bool UInt32(out uint value)
    {
        value = 0;
        if (!Bytes(4, out var field))
            return false;
        value = BinaryPrimitives.ReadUInt32BigEndian(field);
        return true;
    }

    public bool UInt64(out ulong value)
    {
        value = 0;
        if (!Bytes(8, out var field))
            return false;
        value = BinaryPrimitives.ReadUInt64BigEndian(field);
        return true;
    }

    public bool Time(out DateTimeOffset value)
    {
        value = default;
        if (!UInt64(out var milliseconds) || milliseconds > Limits.LatestTimeMilliseconds)
            return false;
        value = DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);
        return true;
    }

    public bool Id<T>(out T id) where T : struct, IIdentifier<T>
    {
        id = default;
        if (!Bytes(Identifier.Size, out var field))
            return false;
        id = Identifier.Read<T>(field);
        return true;
    }

    public bool Epoch(out EpochNumber epoch)
    {
        var ok = UInt32(out var value) && value > 0;
        epoch = new EpochNumber(ok ? value : 1);
        return ok;
    }

    public bool Key(out VerifyingKey key)
    {
        key = VerifyingKey.None;
        return Bytes(VerifyingKey.Size, out var field) && VerifyingKey.TryParse(field, out key);
    }

    public bool Key(out PublicKey? key)
    {
        key = null;
        return Bytes(PublicKey.Size, out var field) && PublicKey.TryParse(field, out key);
    }

    public bool Key(out BoxKey key)
    {
        key = BoxKey.None;
        return Bytes(BoxKey.Size, out var field) && BoxKey.TryParse(field, out key);
    }
}
