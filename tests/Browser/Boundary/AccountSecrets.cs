using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using Salus.Browser.Tests.Browsing;
using Salus.Client.Accounts;
using Salus.Client.Keys;
using Salus.Client.Partitions;
using Salus.Client.Records;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.EndToEnd.Tests;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Browser.Tests.Boundary;

/// <summary>Every secret of an account, derived anew on a device on the command line: what must never leave the worker of its page.</summary>
internal static class AccountSecrets
{
    private const int SeedSize = 32;
    private const int WideSize = 64;

    /// <summary>Of ristretto255 (RFC 9496, section 4).</summary>
    private static readonly BigInteger GroupOrder = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", CultureInfo.InvariantCulture);

    public static async Task<Needles> OfAsync(Person device)
    {
        var needles = new Needles();
        var keys = device.Account.Keys;
        var secret = keys.AccountSecret.Bytes.ToArray();
        needles.Add("account secret", secret);
        foreach (var (name, label, size) in new[]
        {
            ("identity key", Domains.KeyIdentity, SeedSize), ("box key", Domains.KeyBox, SeedSize), ("local key", Domains.KeyLocal, SeedSize),
            ("label key", Domains.KeyLabel, SeedSize), ("directory key", Domains.KeyDirectory, SeedSize), ("receiving key", Domains.KeyReceiving, WideSize),
        })
            AddDerived(needles, name, secret, label, size, []);
        foreach (var partition in await new PartitionKeys(device.Account).AllAsync(CancellationToken.None))
            foreach (var epoch in partition.Chain)
                AddDerived(needles, $"partition key of {partition.Name}", secret, Domains.KeyDelegating, WideSize, [.. partition.Id.ToBytes(), .. BigEndian(epoch.Epoch.Value)]);
        AddPassphrase(needles, device);
        foreach (var record in await new Catalogue(device.Account).OwnAsync(CancellationToken.None))
            using (record)
            {
                needles.Add($"content key of {record.Metadata.Name}", record.ContentKey.Bytes);
                if (record.Metadata.SequenceKey is { } sequence)
                    needles.Add($"sequence key of {record.Metadata.Name}", sequence);
            }
        return needles;
    }

    /// <summary>The kit as it is printed, as it is typed, and the key that it stands for.</summary>
    public static Needles OfKit(string kit)
    {
        var needles = new Needles();
        using var parsed = RecoveryKit.Parse(kit);
        needles.Add("recovery kit", kit);
        needles.Add("recovery kit", kit.Replace("-", "", StringComparison.Ordinal));
        needles.Add("recovery kit", parsed.Key.Bytes);
        return needles;
    }

    private static void AddDerived(Needles needles, string name, byte[] secret, string label, int size, byte[] info)
    {
        using var derived = Kdf.Derive(secret, label, size, info);
        needles.Add(name, derived.Bytes);
        if (size != WideSize)
            return;
        var scalar = new byte[SeedSize];
        (new BigInteger(derived.Bytes, isUnsigned: true) % GroupOrder).TryWriteBytes(scalar, out _, isUnsigned: true);
        needles.Add(name, scalar);
    }

    private static void AddPassphrase(Needles needles, Person device)
    {
        needles.Add("passphrase", device.Passphrase);
        var wrapped = device.Profile.Load().Secrets.Single(secret => secret.Kind == SecretKinds.Passphrase);
        var key = new byte[Aead.KeySize];
        Argon2id.Derive(Encoding.UTF8.GetBytes(device.Passphrase), wrapped.Salt, new Argon2Parameters((uint)wrapped.MemoryKiB, (uint)wrapped.Passes), key);
        needles.Add("key from the passphrase", key);
    }

    private static byte[] BigEndian(uint value)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
