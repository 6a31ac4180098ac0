using Salus.Protocol.Wire;

namespace Salus.Protocol.Tests;

/// <summary>
/// One signed message type under the contract of <see cref="SignedContractTests"/>: how to make one, who signs it under which label, how the verifier reads it.
/// </summary>
public abstract class SignedCase(string name, string label)
{
    public string Name { get; } = name;

    public string Label { get; } = label;

    /// <summary>The encoding of one message, signature included.</summary>
    public abstract byte[] Signed { get; }

    /// <summary>The fields of the message as it was made.</summary>
    public abstract string Made { get; }

    /// <summary>Where four-byte counts and lengths are in the encoding.</summary>
    public IReadOnlyList<int> Counts { get; init; } = [];

    /// <summary>Changes of the payload after which it is no message any more, whoever signs it.</summary>
    public IReadOnlyList<Malformation> Malformations { get; init; } = [];

    /// <summary>The fields that the verifier reads and the bytes that it forwards, or null when it refuses.</summary>
    public abstract (string Fields, byte[] Signed)? Read(byte[] signed);

    public byte[] Payload => Signed[..^SigningKey.SignatureSize];

    /// <summary>Any payload under the right key and any label.</summary>
    public byte[] Resign(byte[] payload, string label) => SignedMessage.Sign(label, Signer, payload);

    protected abstract SigningKey Signer { get; }

    public override string ToString() => Name;
}

/// <summary>Overwrites the bytes at an offset.</summary>
public sealed record Malformation(string Name, int Offset, byte[] Bytes)
{
    public byte[] Apply(byte[] payload)
    {
        var changed = (byte[])payload.Clone();
        Bytes.CopyTo(changed, Offset);
        return changed;
    }
}

public delegate bool TryRead<T>(ReadOnlySpan<byte> signed, out T? message) where T : class;

public sealed class SignedCase<T>(string name, string label, SigningKey signer, T made, Func<T, byte[]> encoded, Func<T, string> fields, TryRead<T> read)
    : SignedCase(name, label) where T : class
{
    public override byte[] Signed { get; } = encoded(made);

    public override string Made => fields(made);

    protected override SigningKey Signer => signer;

    public override (string Fields, byte[] Signed)? Read(byte[] signed) => read(signed, out var message) ? (fields(message!), encoded(message!)) : null;
}
