using Salus.Bench.Fuzz;

namespace Salus.Bench.Harness;

/// <summary>What a bench works with: folders, and where its figures go.</summary>
internal sealed class Workbench
{
    private readonly Action<Result> _report;

    public Workbench(string root, Action<Result> report)
    {
        _report = report;
        Root = root;
        Cache = Directory.CreateDirectory(Path.Combine(root, "artifacts", "bench-peers")).FullName;
        Scratch = Path.Combine(root, "artifacts", "bench-scratch");
        Published = Path.Combine(root, "artifacts", "publish");
    }

    /// <summary>The checkout.</summary>
    public string Root { get; }

    /// <summary>Where peers are built and installed; kept between runs.</summary>
    public string Cache { get; }

    /// <summary>Files of the bench that is running; on the disk of the checkout, not in memory.</summary>
    public string Scratch { get; }

    /// <summary>What `./salus build` made: the programs and the page.</summary>
    public string Published { get; }

    /// <summary>How long and on what <c>fuzz</c> works.</summary>
    public FuzzOptions Fuzzing { get; init; } = new();

    public void Report(Result result) => _report(result);

    /// <summary>A line about how the bench goes, for the person who waits.</summary>
    public static void Say(string text) => Console.Error.WriteLine("bench: " + text);

    public string File(string name) => Path.Combine(Scratch, name);

    /// <summary>An empty folder.</summary>
    public string Folder(string name)
    {
        var folder = Path.Combine(Scratch, name);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        return Directory.CreateDirectory(folder).FullName;
    }

    /// <summary>The folder of a peer's sources, copied into the cache and made ready there once for each state of the sources.</summary>
    public string Prepared(string peer, Action<string> make)
    {
        var source = Path.Combine(AppContext.BaseDirectory, "peers", peer);
        var files = Directory.GetFiles(source).Order(StringComparer.Ordinal).ToArray();
        var stamp = string.Join('\n', files.Select(file => $"{Path.GetFileName(file)} {Fingerprint(file)}"));
        var folder = Path.Combine(Cache, peer);
        var stampFile = Path.Combine(folder, ".ready");
        if (System.IO.File.Exists(stampFile) && System.IO.File.ReadAllText(stampFile) == stamp)
            return folder;
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        foreach (var file in files)
            System.IO.File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        make(folder);
        System.IO.File.WriteAllText(stampFile, stamp);
        return folder;
    }

    private static string Fingerprint(string file) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.IO.File.ReadAllBytes(file)));
}
