namespace Salus.Testing;

/// <summary>Where tests find the checkout and the health data beside it.</summary>
public static class Places
{
    /// <summary>The root of the checkout: the folder that holds Salus.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>
    /// The health data set: <c>SALUS_TEST_DATA</c>, else <c>../shared/data</c> beside the checkout.
    /// Throws with what to do when it is not there: a test without its data must not pass.
    /// </summary>
    public static string Data
    {
        get
        {
            var path = Environment.GetEnvironmentVariable("SALUS_TEST_DATA") ?? Path.Combine(Root, "..", "shared", "data");
            return Directory.Exists(path)
                ? Path.GetFullPath(path)
                : throw new DirectoryNotFoundException($"The test data set is not at {path}: set SALUS_TEST_DATA to its folder.");
        }
    }

    /// <summary>The vectors of the checkout, read natively and in the browser alike.</summary>
    public static string Vectors => Path.Combine(Root, "vectors");

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Salus.slnx")))
                return at.FullName;
        throw new DirectoryNotFoundException("No Salus.slnx above " + AppContext.BaseDirectory);
    }
}
