using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Salus.Testing;

namespace Salus.Rules.Tests;

/// <summary>What a compiled assembly refers to, read from its metadata.</summary>
internal sealed class CompiledAssembly
{
    public required IReadOnlySet<string> References { get; init; }

    /// <summary>Members of other assemblies that it uses: "System.Random..ctor", "System.DateTime.get_UtcNow".</summary>
    public required IReadOnlySet<string> Members { get; init; }

    /// <summary>Types of other assemblies that it names.</summary>
    public required IReadOnlySet<string> Types { get; init; }

    /// <summary>Native imports: (type that declares it, library).</summary>
    public required IReadOnlyList<(string Type, string Library)> Imports { get; init; }

    /// <summary>The assemblies of src/ as built beside this test.</summary>
    public static IReadOnlyDictionary<string, CompiledAssembly> All { get; } = Checkout.Projects.Keys.ToDictionary(name => name, Read);

    private static CompiledAssembly Read(string project)
    {
        var name = "Salus." + project;
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        using var file = File.OpenRead(Path.Combine(Places.Root, "artifacts", "bin", name, configuration, name + ".dll"));
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        return new CompiledAssembly
        {
            References = metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).ToHashSet(),
            Types = metadata.TypeReferences.Select(handle => Name(metadata, handle)).ToHashSet(),
            Members = metadata.MemberReferences.Select(handle => Name(metadata, metadata.GetMemberReference(handle))).ToHashSet(),
            Imports =
            [
                .. metadata.MethodDefinitions.Select(metadata.GetMethodDefinition).Where(method => !method.GetImport().Module.IsNil)
                    .Select(method => (Name(metadata, method.GetDeclaringType()), metadata.GetString(metadata.GetModuleReference(method.GetImport().Module).Name))),
            ],
        };
    }

    private static string Name(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }

    private static string Name(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        var outer = type.GetDeclaringType();
        return outer.IsNil ? $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}" : $"{Name(metadata, outer)}+{metadata.GetString(type.Name)}";
    }

    private static string Name(MetadataReader metadata, MemberReference member)
    {
        var parent = member.Parent.Kind == HandleKind.TypeReference ? Name(metadata, (TypeReferenceHandle)member.Parent) : "";
        return $"{parent}.{metadata.GetString(member.Name)}";
    }
}
