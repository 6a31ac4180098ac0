using System.Diagnostics;
using Salus.Client.Cohorts;
using Salus.Client.Deidentification;
using Salus.Client.Records;

namespace Salus.Client.Tests.Records;

/// <summary>What a verb reads, it does not replace, by whatever name.</summary>
public sealed class WholeFileTests : IDisposable
{
    private const string Table = "sex,age\nf,31\nm,32\n";

    private readonly string folder = Directory.CreateTempSubdirectory("salus-whole-file-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void OneFileIsKnownByAllItsNames()
    {
        var (file, names) = Named();
        foreach (var name in names)
        {
            Assert.False(WholeFile.Differs(file, name), name);
            Assert.False(WholeFile.Differs(name, file), name);
        }
        // Of the same length and even the same content, empty, or not there.
        File.Copy(file, Path.Combine(folder, "copy.csv"));
        File.WriteAllText(Path.Combine(folder, "empty.csv"), "");
        foreach (var name in new[] { "copy.csv", "empty.csv", "none.csv" })
            Assert.True(WholeFile.Differs(file, Path.Combine(folder, name)), name);
        // Held by somebody else.
        using var reader = RecordStore.OpenFile(file);
        Assert.True(WholeFile.Differs(file, Path.Combine(folder, "copy.csv")));
    }

    [Fact]
    public void ATableIsNotReplacedByItsRelease()
    {
        var (file, names) = Named();
        foreach (var name in names)
            Assert.Throws<CannotException>(() => CohortFiles.Gate(new CohortQuestion(file, ["sex"], null), Gate(name, new Dictionary<string, string>()), TestContext.Current.CancellationToken));
        Assert.Equal(Table, File.ReadAllText(file));
        var hierarchy = Path.Combine(folder, "hierarchy.csv");
        File.WriteAllText(hierarchy, "f,*\nm,*\n");
        Assert.Throws<CannotException>(() => CohortFiles.Gate(
            new CohortQuestion(file, ["sex"], null), Gate(hierarchy, new Dictionary<string, string> { ["sex"] = hierarchy }), TestContext.Current.CancellationToken));
        Assert.Equal("f,*\nm,*\n", File.ReadAllText(hierarchy));
    }

    [Fact]
    public async Task AFileIsNotReplacedByItsDeidentifiedCopy()
    {
        var (file, names) = Named();
        foreach (var name in names)
            Assert.Contains("over itself", (await Assert.ThrowsAsync<CannotException>(() =>
                FileDeidentifier.RunAsync(new DeidentificationQuestion(file, name), TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);
        Assert.Equal(Table, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    /// <summary>A file, and it by its own name, by one that turns back, by a link, by a link of its folder, and by a second name.</summary>
    private (string File, string[] Names) Named()
    {
        Directory.CreateDirectory(Path.Combine(folder, "in"));
        var file = Path.Combine(folder, "in", "table.csv");
        File.WriteAllText(file, Table);
        var names = new[] { "in/table.csv", "in/../in/table.csv", "link.csv", "folder/table.csv", "second.csv" }.Select(name => Path.Combine(folder, name)).ToArray();
        File.CreateSymbolicLink(names[2], file);
        Directory.CreateSymbolicLink(Path.Combine(folder, "folder"), Path.Combine(folder, "in"));
        using var link = Process.Start("ln", [file, names[4]]);
        link.WaitForExit();
        Assert.Equal(0, link.ExitCode);
        return (file, names);
    }

    private static CohortGateQuestion Gate(string output, Dictionary<string, string> hierarchies) => new(2, null, null, 0, hierarchies, output);
}
