using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Salus.Cli.Parties;

/// <summary>Whether the ports of an installation are free, and who may hold one that is not.</summary>
internal static class Ports
{
    private const string Listening = "0A";

    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <exception cref="StoppedException">Names the port, who may hold it, and `--port`.</exception>
    public static void Check(int basePort)
    {
        if (basePort is < 1 or > ushort.MaxValue - PartyPlan.Ports)
            throw new StoppedException(
                $"--port takes a number from 1 to {ushort.MaxValue - PartyPlan.Ports}: the first of {PartyPlan.Ports} ports in a row.", ExitCode.Usage);
        foreach (var port in Enumerable.Range(basePort, PartyPlan.Ports))
        {
            if (IsFree(port, IPAddress.Loopback) && (!Socket.OSSupportsIPv6 || IsFree(port, IPAddress.IPv6Loopback)))
                continue;
            var whose = port - basePort == PartyPlan.PostgresOffset ? "postgres" : PartyPlan.All.First(party => party.Offset == port - basePort).Name;
            throw new StoppedException(
                $"Port {port}, which {whose} needs, is taken by {Holder(port)}. Nothing was started. Stop that program, or move Salus: "
                + $"`salus up --port BASE` uses {PartyPlan.Ports} ports from BASE on.");
        }
    }

    private static bool IsFree(int port, IPAddress address)
    {
        try
        {
            using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
                probe.DualMode = false;
            // A port whose last connections are just closing can be listened at; .NET's listeners set this too.
            probe.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            probe.Bind(new IPEndPoint(address, port));
            probe.Listen();
            return true;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            return true; // no such family on this machine
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new StoppedException(
                $"Port {port} may not be used by this user. Nothing was started. `salus up --port BASE` takes ports from BASE on; those above 1023 are for everyone.");
        }
    }

    /// <summary>"python3 (pid 123)", as far as this user may know.</summary>
    private static string Holder(int port)
    {
        var local = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        var sockets = Tables.Where(File.Exists).SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 9 && fields[3] == Listening && fields[1].EndsWith(local, StringComparison.Ordinal))
            .Select(fields => $"socket:[{fields[9]}]").ToHashSet();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid))
                continue;
            try
            {
                if (Directory.EnumerateFiles(Path.Combine(folder, "fd")).Any(file => new FileInfo(file).LinkTarget is { } target && sockets.Contains(target)))
                    return $"{File.ReadAllText(Path.Combine(folder, "comm")).Trim()} (pid {pid})";
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Ended meanwhile, or another user's.
            }
        }
        return "a program of another user";
    }
}
