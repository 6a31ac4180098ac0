using Salus.Bench.Fuzz.Targets;

namespace Salus.Bench.Fuzz;

/// <summary>Every reader of bytes that come from a network or a file.</summary>
internal static class AllTargets
{
    public static IReadOnlyList<Target> All { get; } =
        [.. ProtocolTargets.All, .. LogTargets.All, .. AuditTargets.All, .. SealedTargets.All, .. CryptoTargets.All, .. HealthTargets.All, .. DeidentificationTargets.All, .. ClientTargets.All,
            .. SignedCopyTargets.All, .. JsonTargets.All, .. RequestTargets.All, .. ServerTargets.All];

    public static Target Named(string name) => All.Single(target => target.Name == name);
}
