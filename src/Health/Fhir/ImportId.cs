using System.Security.Cryptography;

namespace Salus.Health.Fhir;

/// <summary>Names one import: 16 random bytes that its slices have in common.</summary>
public readonly record struct ImportId(Guid Value)
{
    public const int Size = 16;

    internal static ImportId Random() => new(new Guid(RandomNumberGenerator.GetBytes(Size), bigEndian: true));

    public override string ToString() => Value.ToString("N");
}
