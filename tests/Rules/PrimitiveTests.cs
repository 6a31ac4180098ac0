using System.Text.RegularExpressions;

namespace Salus.Rules.Tests;

/// <summary>Cryptography has one home, and what is banned is not used.</summary>
public partial class PrimitiveTests
{
    private const string Home = "src/Crypto/Primitives/";
    private const string Domains = "src/Crypto/Domains.cs";
    private const string Declaration = " const string ";

    // As BannedSymbols.txt has them; here they are looked for in what was compiled.
    private static readonly string[] BannedMembers =
    [
        "System.Random.", "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
        "System.Security.Cryptography.MD5.", "System.Security.Cryptography.SHA1.", "System.Guid.NewGuid",
    ];

    // Ciphers, curves and password hashes of the framework: the primitives wrap what Salus uses of them.
    private static readonly string[] PrimitivesOnly = ["AesGcm", "AesCcm", "ChaCha20Poly1305", "HKDF", "Rfc2898DeriveBytes", "Aes", "RSA", "ECDiffieHellman"];

    [Fact]
    public void OnlyThePrimitivesUseCiphersOfTheFramework()
    {
        foreach (var (name, assembly) in CompiledAssembly.All.Where(pair => pair.Key != "Crypto"))
            Assert.Empty(assembly.Types.Intersect(PrimitivesOnly.Select(type => "System.Security.Cryptography." + type)).Select(type => $"{name}: {type}"));
        foreach (var path in Checkout.Sources("src/Crypto").Where(path => !path.StartsWith(Home, StringComparison.Ordinal)))
            Assert.DoesNotContain(Checkout.Code(path), line => PrimitivesOnly.Any(type => Words(line).Contains(type)));
    }

    [Fact]
    public void OnlyThePrimitivesImportLibsodium()
    {
        foreach (var (name, assembly) in CompiledAssembly.All)
            foreach (var (type, library) in assembly.Imports.Where(import => import.Library.Contains("sodium", StringComparison.OrdinalIgnoreCase)))
                Assert.True(name == "Crypto" && type.StartsWith("Salus.Crypto.Primitives.", StringComparison.Ordinal), $"{name}: {type} imports {library}");
        Assert.Contains(CompiledAssembly.All["Crypto"].Imports, import => import.Library.Contains("sodium", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void NothingBannedIsCompiledIn()
    {
        foreach (var (name, assembly) in CompiledAssembly.All)
            Assert.Empty(assembly.Members.Where(IsBanned).Select(member => $"{name}: {member}"));

        static bool IsBanned(string member) =>
            Array.Exists(BannedMembers, banned => banned.EndsWith('.') ? member.StartsWith(banned, StringComparison.Ordinal) : member == banned);
    }

    [Fact]
    public void BannedSymbolsAreErrorsEverywhere()
    {
        var shared = Checkout.Read("Directory.Build.props");
        Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", shared, StringComparison.Ordinal);
        Assert.Contains("<AdditionalFiles Include=\"$(MSBuildThisFileDirectory)BannedSymbols.txt\" />", shared, StringComparison.Ordinal);
        Assert.Contains("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", shared, StringComparison.Ordinal);
        foreach (var (name, project) in Checkout.Projects)
            foreach (var element in new[] { "NoWarn", "WarningsNotAsErrors", "TreatWarningsAsErrors", "RunAnalyzers" })
                Assert.False(project.Descendants(element).Any(), $"{name} sets {element}");
        Assert.DoesNotContain("RS0030", Checkout.Read(".editorconfig"), StringComparison.Ordinal);
    }

    [Fact]
    public void EveryLabelIsInDomainsAndThereOnce()
    {
        var labels = Checkout.Lines(Domains).Select(line => line.Split('"')).Where(parts => parts.Length == 3).Select(parts => parts[1]).ToList();
        Assert.NotEmpty(labels);
        Assert.Equal(labels.Count, labels.Distinct(StringComparer.Ordinal).Count());
        Assert.All(labels, label => Assert.StartsWith("salus/v1/", label, StringComparison.Ordinal));
        Assert.DoesNotContain(OtherCode, source => source.Line.Contains("\"salus/v1/", StringComparison.Ordinal));
    }

    [Fact]
    public void EveryLabelServesOnePurpose()
    {
        var users = OtherCode.SelectMany(source => Use().Matches(source.Line).Select(use => (Name: use.Groups[1].Value, source.Path))).Distinct()
            .ToLookup(use => use.Name, use => use.Path);
        foreach (var name in Checkout.Lines(Domains).Where(line => line.Contains(Declaration, StringComparison.Ordinal)).Select(line => line.Split(Declaration)[1].Split(' ')[0]))
        {
            // Making and checking may name the label each, one file in a project; two files of one project do not share it.
            Assert.True(users[name].CountBy(path => path.Split('/')[1]).All(project => project.Value == 1), $"Domains.{name} is used in {string.Join(", ", users[name])}");
            Assert.True(users[name].Any(), $"Domains.{name} is used nowhere");
        }
    }

    private static IEnumerable<(string Path, string Line)> OtherCode =>
        Checkout.Sources("src").Where(path => path != Domains).SelectMany(path => Checkout.Code(path).Select(line => (path, line)));

    [GeneratedRegex(@"\bDomains\.(\w+)")]
    private static partial Regex Use();

    private static string[] Words(string line) =>
        line.Split([.. line.Where(c => !char.IsLetterOrDigit(c) && c != '_').Distinct()], StringSplitOptions.RemoveEmptyEntries);
}
