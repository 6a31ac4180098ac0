using System.Security.Cryptography;

namespace Salus.Health.Fhir;

/// <summary>Names one attachment of one import: 16 random bytes; prints as <c>urn:uuid:…</c>.</summary>
public readonly record struct AttachmentId(Guid Value)
{
    public const int Size = 16;

    internal static AttachmentId Random() => new(new Guid(RandomNumberGenerator.GetBytes(Size), bigEndian: true));

    public override string ToString() => $"urn:uuid:{Value:D}";
}
