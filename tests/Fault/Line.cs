using System.Net;
using System.Net.Sockets;

namespace Salus.Fault.Tests;

/// <summary>A bad line before a server: it lets everything through, or a byte a second, or breaks off after so many bytes.</summary>
internal sealed class Line : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly IPEndPoint _server;
    private long _left = long.MaxValue;

    private Line(Uri server) => _server = new IPEndPoint(IPAddress.Loopback, server.Port);

    public Uri Url => new($"http://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Lets one byte through each second, both ways.</summary>
    public bool Crawls { get; set; }

    /// <summary>Connections that were broken off.</summary>
    public int Broken { get; private set; }

    public static Line Before(Uri server)
    {
        var line = new Line(server);
        line._listener.Start();
        _ = line.AcceptAsync();
        return line;
    }

    /// <summary>Breaks all off after so many bytes, once.</summary>
    public void BreakAfter(long bytes) => Volatile.Write(ref _left, bytes);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = CarryAsync(await _listener.AcceptTcpClientAsync(_end.Token));
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
            try
            {
                await server.ConnectAsync(_server, _end.Token);
                await Task.WhenAny(PumpAsync(client.GetStream(), server.GetStream()), PumpAsync(server.GetStream(), client.GetStream()));
            }
            catch (Exception over) when (over is OperationCanceledException or IOException or SocketException)
            {
                // One of the two has gone.
            }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var read = await from.ReadAsync(Crawls ? buffer.AsMemory(0, 1) : buffer, _end.Token);
            if (read == 0)
                return;
            if (Interlocked.Add(ref _left, -read) < 0)
            {
                Broken++;
                Volatile.Write(ref _left, long.MaxValue);
                return;
            }
            await to.WriteAsync(buffer.AsMemory(0, read), _end.Token);
            if (Crawls)
                await Task.Delay(1000, _end.Token);
        }
    }
}
