using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Client.Transport;
using Salus.Protocol.Log;

namespace Salus.Client.Log;

/// <summary>What came of asking the three trustees what the log has under a tag.</summary>
/// <param name="Words">Of those that answered rightly and follow the log that this device sees.</param>
/// <param name="Alarms">Trustees that follow another log, or answered with what is not theirs.</param>
/// <param name="Complaints">Trustees that did not answer, or are far behind.</param>
internal sealed record Witnessed(IReadOnlyList<WitnessedTag> Words, IReadOnlyList<AlarmException> Alarms, IReadOnlyList<string> Complaints);

/// <summary>
/// What the trustees say that the log has under a tag: two of the three have to tell. By it a cloud that shows something older, or something else, is caught on a fresh device too. Each word names
/// how far its trustee has followed the log, and what it then was: held against this device's head that shows a cloud that tells one log to these and another to those.
/// </summary>
internal sealed class Witnesses(Account account)
{
    /// <summary>How often a trustee that is behind is asked.</summary>
    private const int Attempts = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>One that says nothing holds nobody up whom two others have told.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly List<AlarmException> _alarms = [];
    private readonly List<string> _complaints = [];
    private Exception? _failure;

    /// <summary>
    /// The words of two trustees at least; what one of them leaves out, another may have: the highest version of all is the newest. Throws when fewer tell; an alarm of one whose word is not needed
    /// is kept, so that it is seen. Once it was acknowledged it is the same story told again: no single trustee keeps anybody from sharing.
    /// </summary>
    public async Task<IReadOnlyList<WitnessedTag>> NewestAsync(LogKind kind, ReadOnlyMemory<byte> tag, CancellationToken cancel)
    {
        var witnessed = await AskAsync(kind, tag, cancel);
        if (witnessed.Words.Count < LogView.Needed)
            throw witnessed.Alarms is [var alarm, ..] ? alarm : _failure!;
        var log = new AlarmLog(account);
        foreach (var other in witnessed.Alarms.Where(other => !log.List().Any(known => known.Acknowledged && known.Kind == other.Kind && known.Message == other.Message)))
            await log.KeepAsync(other, "log");
        return witnessed.Words;
    }

    /// <summary>What the log has under a tag: two trustees name it, or one does and the log proves it. What the log does not have is that trustee's invention, and accuses nobody.</summary>
    public async Task<LoggedUnderTag> EntriesAsync(LogKind kind, ReadOnlyMemory<byte> tag, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var words = await NewestAsync(kind, tag, cancel);
            if (kind == LogKind.Card)
                CheckDirectory(words);
            var named = words.SelectMany(word => word.Entries.Select(entry => (Word: word, Entry: entry)))
                .GroupBy(one => (one.Entry.Version, one.Entry.Index, Convert.ToHexString(one.Entry.Digest))).ToArray();
            // One of them may be a moment ahead of the others.
            if (attempt < Attempts && named.Any(entry => entry.Count() < LogView.Needed))
            {
                await Task.Delay(Pause, account.Clock, cancel);
                continue;
            }
            var entries = new List<TaggedDigest>();
            var invented = new HashSet<WitnessedTag>();
            foreach (var entry in named)
                if (entry.Count() >= LogView.Needed || await IsInLogAsync(kind, tag, entry.First().Entry, cancel))
                    entries.Add(entry.First().Entry);
                else
                {
                    invented.Add(entry.First().Word);
                    var liar = account.Trustees.FirstOrDefault(trustee => trustee.Key.Equals(entry.First().Word.Trustee))?.Name ?? "A trustee";
                    account.Warn($"{liar} names an entry that the log does not have. It was left out.");
                }
            return new LoggedUnderTag(entries, words.Any(word => word.Total > word.Entries.Count && !invented.Contains(word)));
        }
    }

    /// <summary>Asks all three, and holds the log that each has followed against the one that the cloud shows here.</summary>
    public async Task<Witnessed> AskAsync(LogKind kind, ReadOnlyMemory<byte> tag, CancellationToken cancel)
    {
        var words = await WordsAsync(trustee => AskAsync(trustee, kind, tag, cancel));
        var fitting = new List<WitnessedTag>();
        foreach (var (trustee, word) in words)
            try
            {
                await HoldAsync(trustee, word, cancel);
                fitting.Add(word);
            }
            catch (AlarmException alarm)
            {
                lock (_complaints)
                    if (!_alarms.Exists(known => known.Message == alarm.Message))
                        _alarms.Add(alarm);
            }
            catch (Exception away) when (away is CannotException or RefusedException or UnreachableException)
            {
                lock (_complaints)
                    _complaints.Add($"The log that {trustee.Name} follows could not be held against the cloud's: {away.Message}");
                fitting.Add(word);
            }
        // One that was not waited for may still complain.
        lock (_complaints)
            return new Witnessed(fitting, [.. _alarms], [.. _complaints]);
    }

    /// <summary>What time it is, by those trustees that answer.</summary>
    public async Task<IReadOnlyList<DateTimeOffset>> TimesAsync(CancellationToken cancel) =>
        [.. (await WordsAsync(trustee => trustee.NewestAsync(LogKind.State, LogEntry.StateTag(account.Keys.StateOpening(1)), cancel))).Select(one => one.Word.At)];

    /// <summary>A trustee that was away is asked again: it catches up within moments.</summary>
    private async Task<WitnessedTag> AskAsync(TrusteeApi trustee, LogKind kind, ReadOnlyMemory<byte> tag, CancellationToken cancel)
    {
        var seen = account.Log.Head?.Size ?? 0;
        for (var attempt = 1; ; attempt++)
        {
            var word = await trustee.NewestAsync(kind, tag, cancel);
            if (word.Size >= seen)
                return word;
            if (attempt == Attempts)
            {
                lock (_complaints)
                    _complaints.Add($"{trustee.Name} has followed {word.Size} entries of the log, and two others more than {seen - 1}: what came since it has not seen.");
                return word;
            }
            await Task.Delay(Pause, account.Clock, cancel);
        }
    }

    private async Task HoldAsync(TrusteeApi trustee, WitnessedTag word, CancellationToken cancel)
    {
        if (account.Log.Head is not { } head || head.Size < word.Size)
            await account.Log.NewestAsync(word.Size, cancel);
        if (account.Log.Head!.Size < word.Size)
            throw new AlarmException(AlarmKind.Withheld, $"{trustee.Name} has followed {word.Size} entries of the log, and the cloud shows you {account.Log.Head.Size}.");
        if (!await account.Log.IsOfThisLogAsync(word.Size, word.Root, cancel))
            throw new AlarmException(AlarmKind.Fork,
                $"{trustee.Name} has followed another log than the cloud shows you: the cloud tells two stories, or the trustee makes one up.");
    }

    /// <summary>The directory key that two trustees name; null when no two name the same.</summary>
    public static string? DirectoryOf(IEnumerable<WitnessedTag> words) =>
        words.Where(word => word.Directory.Length > 0).GroupBy(word => Convert.ToHexStringLower(word.Directory)).FirstOrDefault(named => named.Count() >= LogView.Needed)?.Key;

    /// <summary>The key by which this profile asks for tags is the one that two trustees know: under another one it would see what nobody else sees.</summary>
    private void CheckDirectory(IReadOnlyList<WitnessedTag> words)
    {
        var named = DirectoryOf(words) ?? throw new CannotException("Fewer than two trustees tell by which key the cloud finds addresses in the public log: whoever runs them writes "
            + "`directory` into their configuration.", Reasons.TooFewTrustees);
        if (!named.Equals(account.Content.Parties.Cloud.Directory, StringComparison.OrdinalIgnoreCase))
            throw new AlarmException(AlarmKind.Fork, "The cloud has given this device another key for finding addresses in the public log than the trustees know: it could show you other keys than "
                + "everybody else, where nobody else looks. Nothing was shared.");
    }

    private async Task<bool> IsInLogAsync(LogKind kind, ReadOnlyMemory<byte> tag, TaggedDigest named, CancellationToken cancel)
    {
        if (account.Log.Head is not { } head || head.Size <= named.Index)
            await account.Log.NewestAsync(named.Index + 1, cancel);
        var entry = await account.Log.EntryAsync(named.Index, cancel);
        return entry.Kind == kind && entry.Tag.Span.SequenceEqual(tag.Span) && entry.Number == named.Version && entry.Content.Span.SequenceEqual(named.Digest);
    }

    private async Task<IReadOnlyList<(TrusteeApi Trustee, WitnessedTag Word)>> WordsAsync(Func<TrusteeApi, Task<WitnessedTag>> ask)
    {
        var words = new List<(TrusteeApi, WitnessedTag)>();
        await Task.WhenAll(account.Trustees.Select(async trustee =>
        {
            try
            {
                var word = await ask(trustee).WaitAsync(Patience, account.Clock);
                lock (_complaints)
                    words.Add((trustee, word));
            }
            catch (AlarmException alarm)
            {
                lock (_complaints)
                    _alarms.Add(alarm);
            }
            catch (Exception fault) when (fault is RefusedException or UnreachableException or TimeoutException)
            {
                lock (_complaints)
                {
                    _failure ??= fault is TimeoutException ? new UnreachableException(trustee.Name, fault) : fault;
                    _complaints.Add($"{trustee.Name} does not tell what the log has: {fault.Message}");
                }
            }
        }));
        return words;
    }
}
