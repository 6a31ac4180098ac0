using System.Buffers.Binary;
using System.Text;
using Salus.Crypto.Primitives;
using Salus.Crypto.Sealing;

namespace Salus.Crypto.Dispersal;

/// <summary>Where a record's sequence key is.</summary>
public enum SequenceKeyCustody
{
    /// <summary>In the sealed metadata: whoever opens the record finds it there.</summary>
    Carried = 1,

    /// <summary>With the owner alone: it is typed in, and stretched by Argon2id since people choose it.</summary>
    OwnerHeld = 2,

    /// <summary>Derived from the content, as the content key is: a body that several records share. Its identifier stands in the record's place.</summary>
    Shared = 3,
}

/// <summary>
/// All that a version of a record needs of its content key and sequence key: the key of the body, and address, label, owner's
/// capability, blind and store of each fragment. docs/spec/dispersal.md has the formulas and why both keys enter the body key.
/// </summary>
/// <remarks>
/// Root L = HKDF(DEK | stretch(Q)), stretch = Argon2id (64 MiB, 3 passes, the record's identifier as salt) when the owner holds Q, Q's UTF-8
/// when it is carried. Values of fragment i are HMAC-SHA256(L, length-prefixed label | character i); 0 &lt;= i &lt; n. Outputs are 32 bytes.
/// </remarks>
public sealed class FragmentKeys : IDisposable
{
    /// <summary>Bytes of every value.</summary>
    public const int ValueSize = 32;

    /// <summary>Bytes of a record's identifier.</summary>
    public const int RecordIdSize = 16;

    private readonly Secret _root;
    private readonly byte[][] _characters;
    private readonly int[] _ranks;

    private FragmentKeys(Secret root, SequenceKey q)
    {
        _root = root;
        _characters = new byte[q.Count][];
        for (var i = 0; i < q.Count; i++)
            _characters[i] = Encoding.UTF8.GetBytes(q[i]);
        BodyKey = Kdf.Derive(root.Bytes, Domains.FragmentBodyKey, Aead.KeySize);
        _ranks = Ranks();
    }

    /// <summary>n.</summary>
    public int Count => _characters.Length;

    /// <summary>Input key of the chunked encryption of the body.</summary>
    public Secret BodyKey { get; }

    /// <summary>Derives the keys. With an owner-held key this takes 64 MiB and a few tenths of a second.</summary>
    public static FragmentKeys Derive(Secret dek, SequenceKey q, SequenceKeyCustody custody, ReadOnlySpan<byte> recordId16)
    {
        ArgumentNullException.ThrowIfNull(dek);
        ArgumentNullException.ThrowIfNull(q);
        ArgumentOutOfRangeException.ThrowIfNotEqual(dek.Length, Aead.KeySize, nameof(dek));
        ArgumentOutOfRangeException.ThrowIfNotEqual(recordId16.Length, RecordIdSize, nameof(recordId16));
        if (custody is not (SequenceKeyCustody.Carried or SequenceKeyCustody.OwnerHeld or SequenceKeyCustody.Shared))
            throw new ArgumentOutOfRangeException(nameof(custody));

        var text = q.Reveal();
        using var typed = new Secret(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, typed.Writable);
        using var stretched = custody == SequenceKeyCustody.OwnerHeld ? new Secret(Aead.KeySize) : Secret.CopyOf(typed.Bytes);
        if (custody == SequenceKeyCustody.OwnerHeld)
            Argon2id.Derive(typed.Bytes, recordId16, Argon2Parameters.Floor, stretched.Writable);

        using var both = new Secret(dek.Length + stretched.Length);
        dek.Bytes.CopyTo(both.Writable);
        stretched.Bytes.CopyTo(both.Writable[dek.Length..]);
        Span<byte> info = stackalloc byte[1 + RecordIdSize];
        info[0] = (byte)custody;
        recordId16.CopyTo(info[1..]);
        return new FragmentKeys(Kdf.Derive(both.Bytes, Domains.FragmentRoot, Aead.KeySize, info), q);
    }

    /// <summary>Where the fragment is found at its store.</summary>
    public void Address(int i, Span<byte> address) => Value(Domains.FragmentAddress, i, address);

    /// <summary>The label in the fragment's header.</summary>
    public void Label(int i, Span<byte> label) => Value(Domains.FragmentLabel, i, label);

    /// <summary>
    /// The label of fragment i + 1 (after the last: an end mark), masked with a pad of fragment i, so that nobody who holds
    /// two fragments sees one value in both.
    /// </summary>
    public void NextLabel(int i, Span<byte> masked)
    {
        if (i + 1 < Count)
            Value(Domains.FragmentLabel, i + 1, masked);
        else
            Value(Domains.FragmentChainEnd, [], masked);
        Span<byte> pad = stackalloc byte[ValueSize];
        Value(Domains.FragmentLabelPad, i, pad);
        for (var at = 0; at < ValueSize; at++)
            masked[at] ^= pad[at];
    }

    /// <summary>
    /// The salt of the encryption of a shared body, 24 bytes. It may be derived: the body key is that of one content alone, and whoever seals it anew makes the very same bytes.
    /// </summary>
    public byte[] BodySalt()
    {
        var salt = new byte[ChunkedEncryption.SaltSize];
        Kdf.Derive(_root.Bytes, Domains.FragmentBodySalt, salt);
        return salt;
    }

    /// <summary>The capability to overwrite and delete; the store keeps its hash only. A shared body's is its domain's instead: <see cref="SharedContent"/>.</summary>
    public void Owner(int i, Span<byte> capability) => Value(Domains.FragmentOwner, i, capability);

    /// <summary>Blinds the fragment's root wherever the cloud sees a value made from it, which could otherwise be matched with the store's.</summary>
    public void RootBlind(int i, Span<byte> blind) => Value(Domains.FragmentRootBlind, i, blind);

    /// <summary>
    /// The store of fragment i, 0 &lt;= store &lt; <paramref name="stores"/>: a keyed permutation of the characters, then round robin from a keyed start.
    /// No two stores differ by more than one fragment.
    /// </summary>
    public int Store(int i, int stores)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stores);
        Span<byte> start = stackalloc byte[ValueSize];
        Value(Domains.FragmentPlacementStart, [], start);
        var first = (int)(BinaryPrimitives.ReadUInt64BigEndian(start) % (ulong)stores);
        return (int)(((long)first + _ranks[i]) % stores);
    }

    public void Dispose()
    {
        _root.Dispose();
        BodyKey.Dispose();
        foreach (var character in _characters)
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(character);
    }

    public override string ToString() => "[redacted]";

    private int[] Ranks()
    {
        var places = new byte[Count][];
        for (var i = 0; i < Count; i++)
            Value(Domains.FragmentPlacement, i, places[i] = new byte[ValueSize]);
        var ranks = new int[Count];
        for (var i = 0; i < Count; i++)
            foreach (var other in places)
                if (other.AsSpan().SequenceCompareTo(places[i]) < 0)
                    ranks[i]++;
        return ranks;
    }

    private void Value(string domain, int i, Span<byte> value)
    {
        if (i < 0 || i >= Count)
            throw new ArgumentOutOfRangeException(nameof(i), i, $"Not a fragment of {Count}.");
        Value(domain, _characters[i], value);
    }

    private void Value(string domain, ReadOnlySpan<byte> character, Span<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(value.Length, ValueSize);
        var message = new byte[sizeof(ulong) + domain.Length + character.Length];
        BinaryPrimitives.WriteUInt64BigEndian(message, (ulong)domain.Length);
        Encoding.ASCII.GetBytes(domain, message.AsSpan(sizeof(ulong)));
        character.CopyTo(message.AsSpan(sizeof(ulong) + domain.Length));
        Mac.HmacSha256(_root.Bytes, message, value);
    }
}
