using System.Text;
using Salus.Client.Sanitised;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Crypto.Reencryption;
using Salus.Protocol;
using Salus.Protocol.Log;

namespace Salus.Client.Keys;

/// <summary>
/// All keys of an account, derived from its secret <c>s</c> (protocol.md, section 1): one key, one purpose.
/// <code>
/// identity   HKDF(s, "identity")        Ed25519 seed
/// receiving  HKDF(s, "receiving")       64 bytes, reduced: b, the delegatee's key
/// box        HKDF(s, "box")             X25519 seed
/// delegating HKDF(s, "delegate"|p|e)    64 bytes, reduced: a[p,e]
/// opening    HKDF(s, "state"|counter)   32 bytes: of the tag of a state in the log
/// partition  HKDF(s, "partition"|name)  the partition's pseudonym
/// attestation HKDF(s, "attestation")    Ed25519 seed: copies of records that others can verify
/// </code>
/// </summary>
public sealed class Keyring : IDisposable
{
    /// <summary>Bytes of an account secret.</summary>
    public const int SecretSize = 32;

    private const int WideScalarSize = 64;

    private readonly Secret _secret;

    /// <summary>Takes the account secret over.</summary>
    /// <param name="accountSecret">32 bytes.</param>
    /// <param name="organisation">The name on the card; null for a person.</param>
    public Keyring(Secret accountSecret, string? organisation = null)
    {
        if (accountSecret.Length != SecretSize)
            throw new ArgumentException("An account secret has 32 bytes.", nameof(accountSecret));
        _secret = accountSecret;
        using var identity = Derive(Domains.KeyIdentity, Ed25519.SeedSize);
        using var receiving = Derive(Domains.KeyReceiving, WideScalarSize);
        using var box = Derive(Domains.KeyBox, Ed25519.SeedSize);
        Identity = new SigningKey(identity.Bytes);
        Receiving = ReceivingKey.FromSeed(receiving.Bytes);
        Box = new UnboxingKey(box.Bytes);
        Local = Derive(Domains.KeyLocal, Aead.KeySize);
        Label = Derive(Domains.KeyLabel, Aead.KeySize);
        Directory = Derive(Domains.KeyDirectory, Aead.KeySize);
        Domain = Derive(Domains.KeyDomain, Aead.KeySize);
        Card = organisation is null
            ? AccountCard.Create(Identity, Receiving.PublicKey, Box.PublicKey, CardVersion)
            : AccountCard.CreateOrganisation(Identity, Receiving.PublicKey, Box.PublicKey, organisation, CardVersion);
    }

    /// <summary>The version of the cards that this client makes.</summary>
    public const uint CardVersion = 1;

    public SigningKey Identity { get; }

    public ReceivingKey Receiving { get; }

    public UnboxingKey Box { get; }

    /// <summary>Seals what the client keeps on its own disk.</summary>
    public Secret Local { get; }

    /// <summary>Seals the names of partitions in their epoch headers.</summary>
    public Secret Label { get; }

    /// <summary>Seals the account's own copy of its directory entry.</summary>
    public Secret Directory { get; }

    /// <summary>Secret of the domain within which the account stores equal contents once.</summary>
    public Secret Domain { get; }

    public AccountCard Card { get; }

    /// <summary>The account secret itself: for wrapping it anew, and for nothing else.</summary>
    internal Secret AccountSecret => _secret;

    /// <summary>A fresh account: a person's, or an organisation's of that name.</summary>
    public static Keyring Generate(string? organisation = null) => new(Secret.Random(SecretSize), organisation);

    /// <summary>a[p,e]: the caller disposes it.</summary>
    public DelegatingKey Delegating(PartitionId partition, EpochNumber epoch)
    {
        Span<byte> info = stackalloc byte[Identifier.Size + sizeof(uint)];
        Identifier.Write(partition, info);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(info[Identifier.Size..], epoch.Value);
        using var seed = Derive(Domains.KeyDelegating, WideScalarSize, info);
        return DelegatingKey.FromSeed(seed.Bytes);
    }

    /// <summary>The pseudonym under which servers know a partition. The same name gives the same one on every device of the owner.</summary>
    public PartitionId Partition(string name)
    {
        using var pseudonym = Derive(Domains.KeyPartition, Identifier.Size, Encoding.UTF8.GetBytes(name));
        return Identifier.Read<PartitionId>(pseudonym.Bytes);
    }

    /// <summary>
    /// The number of the locked grant that answers a request: the same however often the request is approved. To everybody but its owner it is as random as any.
    /// </summary>
    public GrantId LockedGrant(string request)
    {
        Span<byte> id = stackalloc byte[Identifier.Size];
        using var first = Derive(Domains.KeyLockedGrant, Identifier.Size / 2, Encoding.UTF8.GetBytes(request));
        first.Bytes.CopyTo(id);
        Mark(first.Bytes, id[(Identifier.Size / 2)..]);
        return Identifier.Read<GrantId>(id);
    }

    /// <summary>Whether a grant of this account is a locked one, by its number alone: so every device of the owner knows.</summary>
    public bool IsLocked(GrantId grant)
    {
        var id = grant.ToBytes();
        Span<byte> mark = stackalloc byte[Identifier.Size / 2];
        Mark(id.AsSpan(0, mark.Length), mark);
        return mark.SequenceEqual(id.AsSpan(mark.Length));
    }

    /// <summary>What the code that releases a locked grant is written from.</summary>
    public Secret ReleaseCode(GrantId grant, int size) => Derive(Domains.KeyReleaseCode, size, grant.ToBytes());

    /// <summary>32 bytes, from which the tag of one state of the account in the log is made: without the account's secret no two tags belong together.</summary>
    public byte[] StateOpening(ulong counter)
    {
        Span<byte> info = stackalloc byte[sizeof(ulong)];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(info, counter);
        using var opening = Derive(Domains.KeyStateOpening, LogEntry.TagSize, info);
        return opening.Bytes.ToArray();
    }

    /// <summary>The key under which the account signs copies of records: the caller disposes it.</summary>
    internal AttestationKey Attestation() => new(Derive(Domains.KeyAttestation, Ed25519.SeedSize), Identity, Card);

    public void Dispose()
    {
        Identity.Dispose();
        Receiving.Dispose();
        Box.Dispose();
        Local.Dispose();
        Label.Dispose();
        Directory.Dispose();
        Domain.Dispose();
        _secret.Dispose();
    }

    public override string ToString() => "[redacted]";

    private void Mark(ReadOnlySpan<byte> first, Span<byte> second)
    {
        using var mark = Derive(Domains.KeyLockMark, second.Length, first);
        mark.Bytes.CopyTo(second);
    }

    private Secret Derive(string label, int size, ReadOnlySpan<byte> info = default) => Kdf.Derive(_secret.Bytes, label, size, info);
}
