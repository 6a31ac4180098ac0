using System.Diagnostics.CodeAnalysis;
using Salus.Crypto.Oprf;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Transport;

/// <summary>Reads the keys of a party directory.</summary>
internal static class PartyKeys
{
    public static VerifyingKey Verifying(string party, string hex) => TryVerifying(hex, out var key) ? key : throw Damaged(party);

    public static bool TryVerifying(string hex, [NotNullWhen(true)] out VerifyingKey? key)
    {
        key = null;
        return TryBytes(hex, out var bytes) && VerifyingKey.TryParse(bytes, out key);
    }

    public static BoxKey Box(string party, string hex) => TryBytes(hex, out var bytes) && BoxKey.TryParse(bytes, out var key) ? key : throw Damaged(party);

    /// <summary>Whether a directory from a file that anybody may have written names all of its servers, each store once.</summary>
    public static bool AreThere(PartyDirectory parties) =>
        parties.Stores.All(store => store is not null && TryBytes(store.Key, out _) && VisibleName.IsPrintable(store.Name))
        && parties.Trustees.All(trustee => trustee is not null && VisibleName.IsPrintable(trustee.Name)) && TryBytes(parties.Cloud.Key, out _) && VisibleName.IsPrintable(parties.Cloud.Name)
        && parties.Stores.Select(store => store.Key).Distinct(StringComparer.OrdinalIgnoreCase).Count() == parties.Stores.Count;

    public static OprfElement Element(string party, string hex) => TryBytes(hex, out var bytes) && OprfElement.TryParse(bytes, out var element) ? element : throw Damaged(party);

    private static bool TryBytes(string hex, out byte[] bytes)
    {
        bytes = new byte[32];
        return hex is { Length: 64 } && Convert.FromHexString(hex, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
    }

    private static CannotException Damaged(string party) => new($"The party directory is damaged: the key of {party} is not 64 hexadecimal digits.");
}
