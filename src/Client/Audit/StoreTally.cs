namespace Salus.Client.Audit;

/// <summary>Counts what one store has answered. For several requests at once.</summary>
internal sealed class StoreTally(string name, AuditSettings settings)
{
    private readonly Lock _counting = new();
    private long _asked, _answered, _held, _bytes;
    private int _fragments, _missing, _damaged, _exchanged, _unanswered, _moved;
    private bool _onlySmall, _selective;
    private TimeSpan _slowest, _total;

    public string Name => name;

    /// <summary>One exchange, however it ended.</summary>
    public void Took(TimeSpan time, long bytes)
    {
        lock (_counting)
        {
            _slowest = time > _slowest ? time : _slowest;
            _total += time;
            _bytes += bytes;
        }
    }

    /// <summary>One fragment that the store was asked about.</summary>
    public void Count(FindingKind? fault, long asked, long answered, long held, bool isMoved)
    {
        lock (_counting)
        {
            _fragments++;
            _asked += asked;
            _answered += answered;
            _held += held;
            _moved += isMoved ? 1 : 0;
            _missing += fault == FindingKind.Missing ? 1 : 0;
            _damaged += fault == FindingKind.Damaged ? 1 : 0;
            _exchanged += fault == FindingKind.Exchanged ? 1 : 0;
            _unanswered += fault is FindingKind.Refused or FindingKind.Late or FindingKind.Unreachable ? 1 : 0;
            _onlySmall |= fault == FindingKind.OnlySmall;
            _selective |= fault == FindingKind.Selective;
        }
    }

    /// <param name="probability">Of challenges and unanswered ones among them.</param>
    public StoreHealth Health(Func<long, long, double> probability)
    {
        lock (_counting)
        {
            var state = _missing + _damaged + _exchanged > 0 || _onlySmall || _selective ? StoreState.Failing
                : _unanswered > 0 ? StoreState.Silent
                : _slowest > settings.SlowAfter ? StoreState.Slow : StoreState.Good;
            return new StoreHealth(name, state, _fragments, _asked, _held, _missing, _damaged, _exchanged, _unanswered, _moved, _onlySmall, _selective,
                probability(_asked, _asked - _answered), _slowest, _total > TimeSpan.Zero ? _bytes / _total.TotalSeconds : null);
        }
    }
}
