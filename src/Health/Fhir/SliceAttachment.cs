namespace Salus.Health.Fhir;

/// <summary>
/// A place in a slice from which base64 was taken out into a record of its own. In the slice stands <c>"_data": { "extension": [ data-absent-reason,
/// the attachment's id ] }</c>, which is valid FHIR and says what is missing.
/// </summary>
/// <param name="Id">Names the attachment: 16 random bytes, as <c>urn:uuid:…</c>.</param>
/// <param name="MediaType">As the resource says, or null.</param>
/// <param name="Title">As the resource says, or null.</param>
/// <param name="Length">Bytes of the attachment, decoded.</param>
/// <param name="Offset">First byte in the slice of what stands in its place.</param>
/// <param name="Between">The bytes that stood between name and value: a colon and white space.</param>
public sealed record SliceAttachment(AttachmentId Id, string? MediaType, string? Title, long Length, long Offset, ReadOnlyMemory<byte> Between)
{
    internal const int MaxBetween = 64;

    internal byte[] Stub => StubOf(Id);

    internal static byte[] StubOf(AttachmentId id) => System.Text.Encoding.ASCII.GetBytes(
        "\"_data\":{\"extension\":[{\"url\":\"http://hl7.org/fhir/StructureDefinition/data-absent-reason\",\"valueCode\":\"masked\"},"
        + $"{{\"url\":\"urn:salus:attachment\",\"valueUri\":\"{id}\"}}]}}");
}
