using System.Net;
using System.Net.Sockets;
using Salus.Cli.Parties;

namespace Salus.Cli.Tests;

/// <summary>What is said when nothing runs, or cannot: exit code 1, and nothing is made or destroyed.</summary>
public class NotRunningTests
{
    [Fact]
    public void StatusSaysThatNothingRuns()
    {
        using var data = new TemporaryData();
        var outcome = data.Status();
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("Nothing runs", outcome.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(data.Folder));
    }

    [Fact]
    public void DownWithNothingRunningIsDone()
    {
        using var data = new TemporaryData();
        Assert.Equal(0, data.Down().ExitCode);
        Assert.False(Directory.Exists(data.Folder));
    }

    [Fact]
    public void AFolderOfSomeoneElseIsLeftAlone()
    {
        using var data = new TemporaryData();
        Directory.CreateDirectory(data.Folder);
        File.WriteAllText(data.In("thesis.txt"), "years of work");
        var outcome = data.Up();
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("thesis.txt", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal([data.In("thesis.txt")], Directory.GetFileSystemEntries(data.Folder));
        Assert.Equal(1, CommandLine.Run(data.Arguments("down")).ExitCode);
    }

    [Fact]
    public void AFileInPlaceOfTheFolderIsLeftAlone()
    {
        using var data = new TemporaryData();
        File.WriteAllText(data.Folder, "text");
        Assert.Equal(1, data.Up().ExitCode);
        Assert.Equal("text", File.ReadAllText(data.Folder));
        File.Delete(data.Folder);
    }

    [Fact]
    public void ATakenPortIsNamedWithItsHolder()
    {
        using var data = new TemporaryData();
        foreach (var offset in new[] { 0, 5, PartyPlan.PostgresOffset })
        {
            using var taker = new TcpListener(IPAddress.Loopback, data.Port + offset);
            taker.Start();
            var outcome = data.Up();
            Assert.Equal(1, outcome.ExitCode);
            Assert.Contains($"Port {data.Port + offset}", outcome.Errors, StringComparison.Ordinal);
            Assert.Contains($"pid {Environment.ProcessId}", outcome.Errors, StringComparison.Ordinal);
            Assert.Contains("--port", outcome.Errors, StringComparison.Ordinal);
        }
        Assert.False(File.Exists(data.In("installation.json")));
    }

    [Fact]
    public void APortTakenOnIPv6AloneIsSeen()
    {
        if (!Socket.OSSupportsIPv6)
            Assert.Skip("This machine has no IPv6.");
        using var data = new TemporaryData();
        using var taker = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = false };
        taker.Bind(new IPEndPoint(IPAddress.IPv6Loopback, data.Port));
        taker.Listen();
        Assert.Contains($"Port {data.Port}", data.Up().Errors, StringComparison.Ordinal);
    }
}
