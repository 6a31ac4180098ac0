using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
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

    /// <summary>Whether a name from a file that anybody may have written is no more than a name: whoever prints it prints neither another line nor in another direction.</summary>
    public static bool IsVisible(string name) => name.EnumerateRunes().All(rune => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned));

    /// <summary>Whether a directory from a file that anybody may have written names all of its servers, each store once.</summary>
    public static bool AreThere(PartyDirectory parties) =>
        parties.Stores.All(store => store is not null && TryBytes(store.Key, out _) && IsVisible(store.Name))
        && parties.Trustees.All(trustee => trustee is not null && IsVisible(trustee.Name)) && TryBytes(parties.Cloud.Key, out _) && IsVisible(parties.Cloud.Name)
        && parties.Stores.Select(store => store.Key).Distinct(StringComparer.OrdinalIgnoreCase).Count() == parties.Stores.Count;

    public static OprfElement Element(string party, string hex) => TryBytes(hex, out var bytes) && OprfElement.TryParse(bytes, out var element) ? element : throw Damaged(party);

    private static bool TryBytes(string hex, out byte[] bytes)
    {
        bytes = new byte[32];
        return hex is { Length: 64 } && Convert.FromHexString(hex, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
    }

    private static CannotException Damaged(string party) => new($"The party directory is damaged: the key of {party} is not 64 hexadecimal digits.");
}
