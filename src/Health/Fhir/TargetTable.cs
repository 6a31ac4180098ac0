using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Salus.Health.Fhir;

/// <summary>
/// Gives every reference target a small number, so that millions of references cost little each. A target is the literal without version and
/// fragment; 128 bits of SHA-256 stand for it.
/// </summary>
internal sealed class TargetTable
{
    private readonly Dictionary<(ulong, ulong), int> targets = [];
    private readonly List<(int Owner, string? Type, (ulong, ulong) Key)> entries = [];
    private readonly Dictionary<string, string> typeNames = [];

    public int Count => entries.Count;

    /// <summary>The unit that goes by this target; -1 when the file has none.</summary>
    public int OwnerOf(int target) => entries[target].Owner;

    /// <summary>The resource type that the literal itself names, or null (urn:uuid names none).</summary>
    public string? TypeOf(int target) => entries[target].Type;

    /// <summary>What stands for the target in every file alike.</summary>
    public (ulong, ulong) KeyOf(int target) => entries[target].Key;

    /// <summary>The first unit of a name keeps it: several versions of one resource share a name.</summary>
    public void Own(int target, int unit)
    {
        if (entries[target].Owner < 0)
            entries[target] = entries[target] with { Owner = unit };
    }

    /// <summary>The target of a literal; -1 for a contained (#) or empty one.</summary>
    public int Of(ReadOnlySpan<byte> literal)
    {
        literal = Normalise(literal);
        if (literal.IsEmpty)
            return -1;
        Span<byte> digest = stackalloc byte[32];
        Span<byte> lower = stackalloc byte[64];
        // urn:uuid is written in both cases.
        if (literal.StartsWith("urn:"u8) && Ascii.ToLower(literal, lower, out var n) == OperationStatus.Done)
            SHA256.HashData(lower[..n], digest);
        else
            SHA256.HashData(literal, digest);
        var key = (BinaryPrimitives.ReadUInt64BigEndian(digest), BinaryPrimitives.ReadUInt64BigEndian(digest[8..]));
        if (targets.TryGetValue(key, out var target))
            return target;
        var type = TypeIn(literal);
        targets.Add(key, target = entries.Count);
        entries.Add((-1, type.IsEmpty ? null : TypeName(type), key));
        return target;
    }

    /// <summary>One string for each type name.</summary>
    public string TypeName(ReadOnlySpan<byte> type)
    {
        var name = Encoding.ASCII.GetString(type);
        if (typeNames.TryGetValue(name, out var known))
            return known;
        if (typeNames.Count < 1024)
            typeNames.Add(name, name);
        return name;
    }

    /// <summary>A capital and letters: what every FHIR resource type looks like.</summary>
    public static bool IsTypeName(ReadOnlySpan<byte> name) =>
        name.Length is >= 2 and <= 64 && name[0] is >= (byte)'A' and <= (byte)'Z'
        && name.IndexOfAnyExceptInRange((byte)'A', (byte)'z') < 0 && name.IndexOfAnyInRange((byte)'[', (byte)'`') < 0;

    /// <summary>
    /// Patient of <c>Patient</c>, <c>Patient/1</c>, <c>https://host/fhir/Patient/1/_history/2</c> and <c>Patient?identifier=…</c>; empty when there
    /// is none.
    /// </summary>
    public static ReadOnlySpan<byte> TypeIn(ReadOnlySpan<byte> literal)
    {
        literal = Normalise(literal);
        var query = literal.IndexOf((byte)'?');
        if (query >= 0)
        {
            var search = literal[..query];
            search = search[(search.LastIndexOf((byte)'/') + 1)..];
            return IsTypeName(search) ? search : default;
        }
        var slash = literal.LastIndexOf((byte)'/');
        var type = slash < 0 ? literal : literal[..slash];
        type = type[(type.LastIndexOf((byte)'/') + 1)..];
        return IsTypeName(type) ? type : default;
    }

    private static ReadOnlySpan<byte> Normalise(ReadOnlySpan<byte> literal)
    {
        var fragment = literal.IndexOf((byte)'#');
        if (fragment >= 0)
            literal = literal[..fragment];
        var version = literal.IndexOf("/_history/"u8);
        return version < 0 ? literal : literal[..version];
    }
}
