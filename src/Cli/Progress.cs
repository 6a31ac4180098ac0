using System.Diagnostics;
using System.Globalization;

namespace Salus.Cli;

/// <summary>How far a long transfer is: a bar on stderr when that is a terminal, else a line at every quarter. Call <see cref="At"/> from any thread.</summary>
internal sealed class Progress : IDisposable
{
    private const int Width = 30;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly string _what;
    private readonly long _total;
    private readonly bool _terminal = !Console.IsErrorRedirected;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Lock _drawing = new();
    private long _drawn;
    private int _quarter;
    private bool _shown;

    /// <param name="what">"put scan.dcm".</param>
    /// <param name="total">Bytes, or 0 when nobody knows.</param>
    public Progress(string what, long total)
    {
        _what = Terminal.Clean(what);
        _total = total;
        _drawn = _started;
    }

    /// <summary>So many bytes of the total are done.</summary>
    public void At(long done)
    {
        lock (_drawing)
        {
            if (_terminal && Stopwatch.GetElapsedTime(_drawn) >= Pause)
                Draw(done);
            else if (!_terminal && _total > 0 && Quarter(done) > _quarter && done < _total)
            {
                _quarter = Quarter(done);
                Console.Error.WriteLine($"{_what}: {_quarter * 25} %");
            }
        }
    }

    /// <summary>Takes the bar away; what came of it is the verb's to say.</summary>
    public void Dispose()
    {
        lock (_drawing)
        {
            if (_shown)
                Console.Error.Write("\r\u001b[K");
            _shown = false;
        }
    }

    /// <summary>"1.5 GiB".</summary>
    public static string Bytes(double count)
    {
        var unit = 0;
        for (; count >= 1024 && unit < 4; unit++)
            count /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{count:0.#} {(unit == 0 ? "B" : "KMGT"[unit - 1] + "iB")}");
    }

    private int Quarter(long done) => (int)(done / ((_total / 4) + 1));

    private void Draw(long done)
    {
        _drawn = Stopwatch.GetTimestamp();
        _shown = true;
        var rate = Bytes(done / Math.Max(Stopwatch.GetElapsedTime(_started).TotalSeconds, 0.001)) + "/s";
        if (_total == 0)
        {
            Console.Error.Write($"\r{_what} {Bytes(done)} {rate}\u001b[K");
            return;
        }
        var share = Math.Clamp((double)done / _total, 0, 1);
        var filled = (int)(share * Width);
        Console.Error.Write($"\r{_what} [{new string('#', filled)}{new string('.', Width - filled)}] {(int)(share * 100)} % of {Bytes(_total)} {rate}\u001b[K");
    }
}
