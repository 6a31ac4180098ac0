using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Oprf;
using Salus.Crypto.Primitives;
using Salus.Protocol;
using Salus.Protocol.Log;

namespace Salus.Hosting;

/// <summary>
/// A server's identity, which clients pin: an Ed25519 seed (RFC 8032) of 32 bytes in `identity.key`, made at the first start and never again.
/// `identity.pub` beside it holds the public key in hexadecimal: by it a damaged, exchanged or lost seed is noticed instead of replaced, for a server
/// that comes back with another key is a stranger to all its clients.
/// </summary>
public sealed class ServerIdentity : IDisposable
{
    private const string SeedFile = "identity.key";
    private const string PublicFile = "identity.pub";

    private readonly Secret _seed;

    private ServerIdentity(ReadOnlySpan<byte> seed)
    {
        _seed = Secret.CopyOf(seed);
        Signing = new SigningKey(seed);
        using var box = Kdf.Derive(seed, Domains.ServerBox, Ed25519.SeedSize);
        Unboxing = new UnboxingKey(box.Bytes);
    }

    public SigningKey Signing { get; }

    /// <summary>Opens what is sealed to this server's box key; derived from the seed by HKDF.</summary>
    public UnboxingKey Unboxing { get; }

    /// <summary>The public identity, as pinned by clients.</summary>
    public VerifyingKey Key => Signing.PublicKey;

    /// <summary>Reads the identity in the folder; makes it, and the folder, when neither of its files is there.</summary>
    /// <exception cref="StartupException">The files are damaged, readable by others, or one of them is lost: says what to do.</exception>
    public static ServerIdentity OpenOrCreate(string folder)
    {
        var seedPath = Path.Combine(folder, SeedFile);
        var publicPath = Path.Combine(folder, PublicFile);
        try
        {
            DurableFiles.CreatePrivateFolder(folder);
            if (!File.Exists(seedPath))
                Create(seedPath, publicPath);
            var identity = Read(seedPath);
            DurableFiles.TryCreate(publicPath, System.Text.Encoding.ASCII.GetBytes(identity.Key + "\n"));
            var expected = File.ReadAllText(publicPath).Trim();
            if (expected == identity.Key.ToString())
                return identity;
            identity.Dispose();
            throw new StartupException($"{seedPath} is damaged: it does not match {publicPath}. Restore it from a backup; clients trust no other key.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The identity in {folder} cannot be read or written: {error.Message}", error);
        }
    }

    /// <summary>A key of this server alone, for a purpose that has a label of its own: what lies in its database, for example.</summary>
    public Secret Derive(string label, int size) => Kdf.Derive(_seed.Bytes, label, size);

    /// <summary>The key by which a cloud makes the tags of mail addresses in its log.</summary>
    public OprfKey DirectoryKey()
    {
        using var seed = Derive(Domains.CloudDirectory, OprfKey.SeedSize);
        return OprfKey.Derive(seed.Bytes, "salus card tags"u8);
    }

    /// <summary>The key under which the cloud signs the checkpoints of its log.</summary>
    public NoteSigner LogKey() => NoteSigner.Log(Derive(Domains.LogKey, Ed25519.SeedSize));

    /// <summary>The key under which a trustee cosigns them.</summary>
    public NoteSigner WitnessKey() => NoteSigner.Witness(Derive(Domains.WitnessKey, Ed25519.SeedSize));

    public void Dispose()
    {
        _seed.Dispose();
        Signing.Dispose();
        Unboxing.Dispose();
    }

    public override string ToString() => Key.ToString();

    private static void Create(string seedPath, string publicPath)
    {
        if (File.Exists(publicPath))
            throw new StartupException(
                $"{seedPath} is lost, though {publicPath} says that this server had an identity. Restore it from a backup; to begin anew as a server "
                + $"that no client knows, delete {publicPath}.");
        using var seed = Secret.Random(Ed25519.SeedSize);
        DurableFiles.TryCreate(seedPath, seed.Bytes); // another process may have been first: then its seed holds
    }

    private static ServerIdentity Read(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != 0)
            throw new StartupException($"{path} can be read by others: chmod 600 {path}, and think about who may have copied it.");
        var bytes = File.ReadAllBytes(path);
        try
        {
            return bytes.Length == Ed25519.SeedSize
                ? new ServerIdentity(bytes)
                : throw new StartupException($"{path} is damaged: {bytes.Length} bytes instead of {Ed25519.SeedSize}. Restore it from a backup; clients trust no other key.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
