using Salus.Protocol;

namespace Salus.Client.Transport;

/// <summary>Reads the keys of a party directory.</summary>
internal static class PartyKeys
{
    public static VerifyingKey Verifying(string party, string hex) =>
        TryBytes(hex, out var bytes) && VerifyingKey.TryParse(bytes, out var key) ? key : throw Damaged(party);

    public static BoxKey Box(string party, string hex) => TryBytes(hex, out var bytes) && BoxKey.TryParse(bytes, out var key) ? key : throw Damaged(party);

    private static bool TryBytes(string hex, out byte[] bytes)
    {
        bytes = new byte[32];
        return hex is { Length: 64 } && Convert.FromHexString(hex, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
    }

    private static CannotException Damaged(string party) => new($"The party directory is damaged: the key of {party} is not 64 hexadecimal digits.");
}
