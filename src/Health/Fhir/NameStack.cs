namespace Salus.Health.Fhir;

/// <summary>The property names of the objects that are open, to find one that stands twice.</summary>
internal sealed class NameStack
{
    private const int MaxBytes = 1024 * 1024;

    private readonly record struct Slot(uint Hash, int Start, int Length);

    private readonly Stack<(int Names, int Bytes)> open = new();
    private Slot[] names = new Slot[256];
    private int count;
    private byte[] bytes = new byte[4096];
    private int used;

    /// <summary>Hash of the last name.</summary>
    public uint Hash { get; private set; }

    public void OpenObject() => open.Push((count, used));

    public void CloseObject() => (count, used) = open.Pop();

    /// <summary>Adds a name of the innermost object; what is wrong with it, or null.</summary>
    public (FhirFault Fault, string What)? Add(ReadOnlySpan<byte> name)
    {
        if (name.Length > FhirLimits.PropertyName)
            return (FhirFault.TooLarge, $"A property name is longer than {FhirLimits.PropertyName} bytes");
        Hash = HashOf(name);
        var first = open.Peek().Names;
        for (var i = first; i < count; i++)
            if (names[i].Hash == Hash && bytes.AsSpan(names[i].Start, names[i].Length).SequenceEqual(name))
                return (FhirFault.DuplicateProperty, "One object has the same property twice");
        if (count - first == FhirLimits.Properties)
            return (FhirFault.TooLarge, $"One object has more than {FhirLimits.Properties} properties");
        if (used + name.Length > MaxBytes)
            return (FhirFault.TooLarge, "The open objects have too many properties");
        if (count == names.Length)
            Array.Resize(ref names, count * 2);
        if (used + name.Length > bytes.Length)
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, used + name.Length));
        name.CopyTo(bytes.AsSpan(used));
        names[count++] = new Slot(Hash, used, name.Length);
        used += name.Length;
        return null;
    }

    /// <summary>The last name.</summary>
    public (byte[] Bytes, int Start, int Length) Last => (bytes, names[count - 1].Start, names[count - 1].Length);

    /// <summary>FNV-1a, 32 bits: only a first look, equality of the bytes decides.</summary>
    public static uint HashOf(ReadOnlySpan<byte> name)
    {
        unchecked
        {
            var h = 2166136261u;
            foreach (var b in name)
                h = (h ^ b) * 16777619u;
            return h;
        }
    }
}
