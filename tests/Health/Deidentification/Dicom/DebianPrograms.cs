using System.Diagnostics;
using System.Text;

namespace Salus.Health.Tests.Deidentification.Dicom;

/// <summary>Programs of Debian's packages dcmtk and orthanc, which know nothing of ours: what they say of a file.</summary>
internal static class DebianPrograms
{
    /// <summary>Runs a program of dcmtk; what it wrote, to either stream.</summary>
    public static (int Code, string Output) Run(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(60_000))
        {
            process.Kill();
            throw new TimeoutException(program);
        }
        return (process.ExitCode, output + errors.Result);
    }

    public static Process Start(string program, params string[] arguments) => Process.Start(new ProcessStartInfo(PathOf(program), arguments)
    {
        RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.Latin1, StandardErrorEncoding = Encoding.Latin1, UseShellExecute = false,
    })!;

    private static string PathOf(string program) => new[] { "/usr/bin/", "/usr/sbin/" }.Select(folder => folder + program).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException($"{program} is not here: install Debian's packages dcmtk and orthanc (./salus test does).");
}
