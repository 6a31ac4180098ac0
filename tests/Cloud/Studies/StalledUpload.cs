using System.Net.Sockets;
using System.Text;

namespace Salus.Cloud.Tests.Studies;

/// <summary>An upload of which the first bytes come, and the others never.</summary>
internal sealed class StalledUpload : IDisposable
{
    private readonly TcpClient _connection = new();

    private StalledUpload()
    {
    }

    public static async Task<StalledUpload> SendAsync(Uri server, string path, ReadOnlyMemory<byte> body, int most)
    {
        var upload = new StalledUpload();
        await upload._connection.ConnectAsync(server.Host, server.Port);
        var head = $"PUT {path} HTTP/1.1\r\nHost: {server.Authority}\r\nContent-Type: application/octet-stream\r\nContent-Length: {body.Length}\r\n\r\n";
        await upload._connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        await upload._connection.GetStream().WriteAsync(body[..most]);
        return upload;
    }

    /// <summary>What the server answers to what has come.</summary>
    public async Task<string> AnswerAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var reader = new StreamReader(_connection.GetStream(), Encoding.ASCII, leaveOpen: true);
        return await reader.ReadLineAsync(patience.Token) ?? "";
    }

    public void Dispose() => _connection.Dispose();
}
