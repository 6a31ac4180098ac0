using Salus.Protocol;

namespace Salus.Client.Search;

/// <summary>
/// What does not hold in the index of a source other than the owner, by the cloud's fault or the source's: it is left out, so that no depositor can keep an owner from searching the
/// rest, and the search ends with the alarm after everything else was shown. In what the owner wrote, nothing is left out: the alarm comes at once.
/// </summary>
internal sealed class Suspicions
{
    private readonly List<AlarmException> _alarms = [];

    public void Add(VerifyingKey owner, VerifyingKey source, AlarmException alarm)
    {
        if (source.Equals(owner))
            throw alarm;
        _alarms.Add(alarm);
    }

    /// <summary>What each of them says.</summary>
    public IEnumerable<string> Messages => _alarms.Select(alarm => alarm.Message).Distinct();

    public bool HasWithheld => _alarms.Exists(alarm => alarm.Kind == AlarmKind.Withheld);

    /// <summary>The first of them, or null.</summary>
    public AlarmException? Alarm => _alarms.Count == 0 ? null
        : new AlarmException(_alarms[0].Kind, $"{_alarms[0].Message} {(_alarms.Count == 1 ? "It was" : $"It and {_alarms.Count - 1} more like it were")} left out; what was shown is verified.");
}
