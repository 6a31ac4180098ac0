using Salus.Protocol;

namespace Salus.Client.Sharing;

/// <summary>What a role sees unless the owner says otherwise: shown to the owner before anything is shared.</summary>
public static class RoleDefaults
{
    /// <summary>Family and friends, whom the owner knows in person; the others act by profession.</summary>
    public static bool IsPrivate(GrantRole role) => role is GrantRole.Family or GrantRole.Friend;

    public static IReadOnlyList<string> Partitions(GrantRole role) => role switch
    {
        GrantRole.Family => ["personal", "medical", "prescription"],
        GrantRole.Friend => ["personal"],
        GrantRole.Doctor => ["medical", "prescription"],
        GrantRole.Pharmacist => ["prescription"],
        GrantRole.Insurer => ["insurance"],
        GrantRole.Researcher => ["medical"],
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "unknown role"),
    };

    public static Purpose Purpose(GrantRole role) => role switch
    {
        GrantRole.Family or GrantRole.Friend => Protocol.Purpose.Family,
        GrantRole.Doctor => Protocol.Purpose.Treatment,
        GrantRole.Pharmacist => Protocol.Purpose.Treatment,
        GrantRole.Insurer => Protocol.Purpose.Payment,
        GrantRole.Researcher => Protocol.Purpose.Research,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "unknown role"),
    };

    public static string Words(Purpose purpose) => purpose switch
    {
        Protocol.Purpose.Treatment => "for treatment",
        Protocol.Purpose.Payment => "for payment",
        Protocol.Purpose.Family => "as family or friend",
        Protocol.Purpose.Research => "for research",
        Protocol.Purpose.Emergency => "for emergency treatment",
        Protocol.Purpose.CoordinationOfCare => "to coordinate care",
        _ => "for another purpose",
    };
}
