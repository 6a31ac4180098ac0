using System.ComponentModel.DataAnnotations;
using Salus.Hosting;
using Salus.Protocol;

namespace Salus.Store;

/// <summary>What a store is told.</summary>
public sealed class StoreOptions : ServerOptions
{
    /// <summary>A short name for people: "store-2".</summary>
    [StringLength(64, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>The cloud's identity, 64 hexadecimal digits: uploads need its ticket.</summary>
    public required string CloudKey { get; init; }

    /// <summary>Bytes of fragments, complete and on their way, at most.</summary>
    [Range(1, long.MaxValue)]
    public required long QuotaBytes { get; init; }

    /// <summary>An upload to which nothing was added for so many hours is thrown away.</summary>
    [Range(1, 24 * 365)]
    public int IdleUploadHours { get; init; } = 24;

    internal VerifyingKey Cloud => TryReadKey(CloudKey, out var key) ? key : throw new InvalidOperationException("The options were not checked.");

    public override IEnumerable<string> Faults()
    {
        foreach (var fault in base.Faults())
            yield return fault;
        if (!TryReadKey(CloudKey, out _))
            yield return "cloudKey: give the cloud's identity, 64 hexadecimal digits";
    }

    private static bool TryReadKey(string hex, out VerifyingKey key) =>
        VerifyingKey.TryParse(hex.Length == 2 * VerifyingKey.Size && hex.All(char.IsAsciiHexDigit) ? Convert.FromHexString(hex) : [], out key);
}
