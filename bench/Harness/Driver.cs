using System.Diagnostics;
using System.Globalization;

namespace Salus.Bench.Harness;

/// <summary>A peer that stays up: takes a command a line and answers with seconds, so that it can be asked in turns with ours.</summary>
internal sealed class Driver : IDisposable
{
    private readonly Process _process;
    private readonly string _name;

    public Driver(string name, string program, string folder, params string[] arguments)
    {
        _name = name;
        _process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException($"{name} does not start.");
    }

    /// <summary>Seconds that the peer took. Throws when it has died or says anything else.</summary>
    public double Ask(string command)
    {
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLine();
        return double.TryParse(answer, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? seconds
            : throw new InvalidOperationException($"{_name} broke at \"{command}\": it answered \"{answer}\".");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5000))
            _process.Kill();
        _process.Dispose();
    }
}
