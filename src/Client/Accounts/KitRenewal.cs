using System.Security.Cryptography;
using Salus.Protocol.Http;

namespace Salus.Client.Accounts;

/// <summary>
/// A recovery kit that is made and opens nothing yet: it is put on paper first, and then takes the place of the one before it. The other order could leave its owner with no kit at all, when an
/// answer is lost or the machine stops in between.
/// </summary>
public sealed class KitRenewal : IDisposable
{
    private readonly Account _account;
    private readonly WrappedSecret _wrapped;

    private KitRenewal(Account account, RecoveryKit kit, WrappedSecret wrapped) => (_account, Kit, _wrapped) = (account, kit, wrapped);

    public RecoveryKit Kit { get; }

    /// <summary>Makes a kit. No server is asked.</summary>
    public static async Task<KitRenewal> BeginAsync(Account account)
    {
        var kit = RecoveryKit.Generate(account.State.Content.Inventory?.Counter ?? 0);
        try
        {
            return new KitRenewal(account, kit, await SecretWrapping.UnderKitAsync(account.Keys, kit));
        }
        catch
        {
            kit.Dispose();
            throw;
        }
    }

    /// <summary>Puts the kit into force. When it fails either kit may be in force: it is done again, with the same bytes, until it succeeds.</summary>
    public Task AdoptAsync(CancellationToken cancel) => _account.ReplaceAsync(_wrapped, cancel);

    /// <summary>Whether that is the kit that was made.</summary>
    public bool Is(RecoveryKit kit) => CryptographicOperations.FixedTimeEquals(kit.Key.Bytes, Kit.Key.Bytes);

    public void Dispose() => Kit.Dispose();
}
