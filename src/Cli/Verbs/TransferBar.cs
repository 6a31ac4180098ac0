using Salus.Client.Uploads;

namespace Salus.Cli.Verbs;

/// <summary>Shows the steps of a transfer, one bar after the other.</summary>
internal sealed class TransferBar(string what) : IProgress<TransferProgress>, IDisposable
{
    private readonly Lock _showing = new();
    private Progress? _bar;
    private string? _step;

    public void Report(TransferProgress value)
    {
        lock (_showing)
        {
            if (_step != value.What)
            {
                _bar?.Dispose();
                _bar = new Progress($"{what}: {value.What}", value.Total);
                _step = value.What;
            }
            _bar!.At(value.Done);
        }
    }

    public void Dispose()
    {
        lock (_showing)
        {
            _bar?.Dispose();
            _bar = null;
            _step = null;
        }
    }
}
