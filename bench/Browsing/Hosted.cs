using System.Globalization;
using Salus.Bench.Harness;
using Salus.Testing;

namespace Salus.Bench.Browsing;

/// <summary>An installation of its own whose cloud hosts the page: `salus up`, until it is disposed.</summary>
internal sealed class Hosted : IDisposable
{
    // The cloud, three trustees, four stores and PostgreSQL.
    private const int Ports = 9;

    private readonly string _program;
    private readonly TemporaryFolder _folder = new();

    public Hosted(string published)
    {
        _program = Path.Combine(published, "Cli", "Salus.Cli");
        if (!File.Exists(_program) || !Directory.Exists(Path.Combine(published, "Page")))
            throw new NotRunException("the page is not built: ./salus build");
        var port = FreePort.Row(Ports);
        Address = $"http://localhost:{port.ToString(CultureInfo.InvariantCulture)}/";
        Peer.Run("/", _program, "up", "--detach", "--data", Data, "--port", port.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Where the page is.</summary>
    public string Address { get; }

    private string Data => _folder.File("data");

    public void Dispose()
    {
        Peer.Run("/", _program, "down", "--data", Data);
        // Where the user postgres could not come through, its folder is elsewhere.
        if (new DirectoryInfo(Path.Combine(Data, "postgres")).ResolveLinkTarget(returnFinalTarget: true) is { } elsewhere)
            Directory.Delete(Path.GetDirectoryName(elsewhere.FullName)!, recursive: true);
        _folder.Dispose();
    }
}
