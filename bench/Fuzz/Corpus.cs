using System.Text;

namespace Salus.Bench.Fuzz;

/// <summary>
/// Inputs that are kept with the sources, a text file for each target: <c># comment</c>, else an input a line, in base64. They are where a run starts from, and the tests read
/// them again.
/// </summary>
internal static class Corpus
{
    /// <summary>Inputs that are kept for a target, and the length of each, at most: there are two hundred targets, and the corpus stays small.</summary>
    public const int MaxInputs = 16, MaxLength = 1536;

    public static string Folder(string root) => Path.Combine(root, "bench", "Fuzz", "corpus");

    public static string PathOf(string folder, Target target) => Path.Combine(folder, target.Name.Replace('/', '-') + ".txt");

    public static IReadOnlyList<byte[]> Read(string folder, Target target) => !File.Exists(PathOf(folder, target)) ? []
        : [.. File.ReadLines(PathOf(folder, target)).Where(line => line.Length > 0 && line[0] != '#').Select(line => line == "empty" ? [] : Convert.FromBase64String(line))];

    public static void Write(string folder, Target target, IEnumerable<byte[]> inputs)
    {
        var text = new StringBuilder("# ").Append(target.Name).Append(": inputs that took different ways, in base64.\n");
        foreach (var input in inputs)
            text.Append(input.Length == 0 ? "empty" : Convert.ToBase64String(input)).Append('\n');
        Directory.CreateDirectory(folder);
        File.WriteAllText(PathOf(folder, target), text.ToString());
    }
}
