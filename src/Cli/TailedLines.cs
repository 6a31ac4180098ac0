using System.Runtime.CompilerServices;
using System.Text;

namespace Salus.Cli;

/// <summary>
/// The lines of a stream as they come: null whenever there is none for the moment. A last line without an end counts once the stream has ended.
/// </summary>
/// <param name="goesOn">Whether a file that has been read to its end may grow.</param>
internal sealed class TailedLines(bool goesOn)
{
    private const int MaxLine = 1024 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public async IAsyncEnumerable<string?> ReadAsync(string path, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        await foreach (var line in ReadAsync(file, cancel))
            yield return line;
    }

    public async IAsyncEnumerable<string?> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancel)
    {
        var buffer = new byte[64 * 1024];
        using var line = new MemoryStream();
        Task<int>? reading = null;
        while (true)
        {
            reading ??= stream.ReadAsync(buffer, cancel).AsTask();
            // A pipe is silent for as long as it likes; what has come must not wait for it.
            if (await Task.WhenAny(reading, Task.Delay(Pause, cancel)) != reading)
            {
                cancel.ThrowIfCancellationRequested();
                yield return null;
                continue;
            }
            var read = await reading;
            reading = null;
            for (var at = 0; at < read;)
            {
                var end = Array.IndexOf(buffer, (byte)'\n', at, read - at);
                line.Write(buffer, at, (end < 0 ? read : end) - at);
                if (line.Length > MaxLine)
                    throw new StoppedException($"A line is longer than {MaxLine} bytes. What came before it was added.");
                at = end < 0 ? read : end + 1;
                if (end >= 0)
                    yield return Take(line);
            }
            if (read > 0)
                continue;
            yield return null;
            if (!goesOn)
                break;
            await Task.Delay(Pause, cancel);
        }
        if (line.Length > 0)
            yield return Take(line);
    }

    private static string Take(MemoryStream line)
    {
        var text = Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length).TrimEnd('\r');
        line.SetLength(0);
        return text;
    }
}
