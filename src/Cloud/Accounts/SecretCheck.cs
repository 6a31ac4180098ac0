using Salus.Crypto.Primitives;
using Salus.Hosting;
using Salus.Protocol.Http;

namespace Salus.Cloud.Accounts;

/// <summary>What the cloud can see of a wrapped account secret.</summary>
internal static class SecretCheck
{
    private const int SaltSize = 16;
    private const int MinCiphertext = 48;
    private const int MaxCiphertext = 512;

    /// <summary>Refuses a wrapping that could be guessed or that no client of ours makes.</summary>
    public static void Check(this WrappedSecret secret)
    {
        var fault = secret.Kind switch
        {
            SecretKinds.Passphrase when secret.Salt.Length != SaltSize => $"a passphrase has a salt of {SaltSize} bytes",
            SecretKinds.Passphrase when !IsAcceptable(secret.MemoryKiB, secret.Passes) =>
                $"Argon2id needs at least {Argon2Parameters.Floor.MemoryKiB} KiB and {Argon2Parameters.Floor.Passes} passes, at most "
                + $"{Argon2Parameters.Ceiling.MemoryKiB} KiB and {Argon2Parameters.Ceiling.Passes} passes",
            not (SecretKinds.Passphrase or SecretKinds.Recovery) when !SecretKinds.TryReadPasskey(secret.Kind, out _) =>
                "the kind is \"passphrase\", \"recovery\" or \"passkey:\" and a credential's identifier",
            not SecretKinds.Passphrase when (secret.Salt.Length, secret.MemoryKiB, secret.Passes) != (0, 0, 0) => "a recovery kit or passkey has no salt and no parameters",
            _ when secret.Ciphertext.Length is < MinCiphertext or > MaxCiphertext => $"the ciphertext has {MinCiphertext} to {MaxCiphertext} bytes",
            _ => null,
        };
        if (fault is not null)
            throw ProblemException.BadRequest($"secret: {fault}.");
    }

    private static bool IsAcceptable(int memoryKiB, int passes) =>
        memoryKiB > 0 && passes > 0 && new Argon2Parameters((uint)memoryKiB, (uint)passes).IsAcceptable;
}
