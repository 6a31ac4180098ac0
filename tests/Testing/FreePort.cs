using System.Net;
using System.Net.Sockets;

namespace Salus.Testing;

/// <summary>Ports of the loopback that nobody listens on.</summary>
public static class FreePort
{
    private static readonly HashSet<int> Given = [];

    /// <summary>A port that was free a moment ago and was not given to anyone else in this process.</summary>
    public static int Next()
    {
        while (true)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var port = ((IPEndPoint)probe.LocalEndpoint).Port;
            lock (Given)
                if (Given.Add(port))
                    return port;
        }
    }

    /// <summary>
    /// The first of so many in a row, as `salus up` needs them, given to nobody else in this process; below the range from which the system takes ports for outgoing
    /// connections.
    /// </summary>
    public static int Row(int count)
    {
        lock (Given)
            for (var first = 12000 + (Environment.ProcessId % 400 * 40); ; first += count)
            {
                var row = Enumerable.Range(first, count).ToList();
                if (!row.TrueForAll(port => !Given.Contains(port) && IsFree(port)))
                    continue;
                Given.UnionWith(row);
                return first;
            }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
