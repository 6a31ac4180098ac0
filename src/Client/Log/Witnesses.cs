using Salus.Client.Accounts;
using Salus.Protocol.Log;

namespace Salus.Client.Log;

/// <summary>What the trustees say that the log has under a tag: two of the three have to tell. By it a cloud that shows something older, or something else, is caught on a fresh device too.</summary>
internal sealed class Witnesses(Account account)
{
    private const int Needed = 2;

    /// <summary>Trustees that did not answer rightly although the others sufficed.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>The words of those that answered, two at least; what one of them leaves out, another may have: the highest version of all is the newest.</summary>
    public async Task<IReadOnlyList<WitnessedTag>> NewestAsync(LogKind kind, ReadOnlyMemory<byte> tag, CancellationToken cancel)
    {
        var words = new List<WitnessedTag>();
        Exception? failure = null;
        await Task.WhenAll(account.Trustees.Select(async trustee =>
        {
            try
            {
                var word = await trustee.NewestAsync(kind, tag, cancel);
                lock (words)
                    words.Add(word);
            }
            catch (Exception fault) when (fault is AlarmException or RefusedException or UnreachableException)
            {
                lock (words)
                {
                    failure = fault is AlarmException || failure is null ? fault : failure;
                    Complaints.Add($"{trustee.Name} does not tell what the log has: {fault.Message}");
                }
            }
        }));
        return words.Count >= Needed ? words : throw failure!;
    }
}
