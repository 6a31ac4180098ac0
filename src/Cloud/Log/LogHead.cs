using System.Text;
using Salus.Protocol;
using Salus.Protocol.Log;

namespace Salus.Cloud.Log;

/// <summary>A published checkpoint.</summary>
/// <param name="Cosignatures">How many witnesses' it carries that are of one time (<see cref="LogHead.OfOneTime"/>).</param>
internal sealed record PublishedHead(long Size, byte[] Note, int Cosignatures)
{
    public string Text => Encoding.UTF8.GetString(Note);
}

/// <summary>The published checkpoint as this process knows it, and who waits for the next one.</summary>
internal sealed class LogHead
{
    /// <summary>Cosignatures with which a checkpoint is accepted.</summary>
    public const int Quorum = 2;

    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The newest, however many have cosigned it; null before the first.</summary>
    public PublishedHead? Newest { get; private set; }

    /// <summary>The newest with a quorum.</summary>
    public PublishedHead? Cosigned { get; private set; }

    /// <summary>Completes at the next change. Taken before the heads are looked at, it misses none.</summary>
    public Task Changed
    {
        get
        {
            lock (_lock)
                return _changed.Task;
        }
    }

    /// <summary>How many of the cosignatures agree about the time: trustees take fresh ones only, so one by a clock that is wrong serves nobody's proof.</summary>
    public static int OfOneTime(IEnumerable<NoteSignature> signatures)
    {
        DateTimeOffset[] times = [.. signatures.Select(Cosignature.TimeOf).OfType<DateTimeOffset>()];
        return times.Select(one => times.Count(other => (other - one).Duration() <= Limits.MaxCosignatureAge)).DefaultIfEmpty().Max();
    }

    public void Set(long size, byte[] note)
    {
        if (!SignedNote.TryParse(note, out var read))
            throw new InvalidDataException("The published checkpoint is no note.");
        var head = new PublishedHead(size, note, OfOneTime(read.Signatures));
        TaskCompletionSource changed;
        lock (_lock)
        {
            if (Newest is { } known && (size < known.Size || (size == known.Size && note.AsSpan().SequenceEqual(known.Note))))
                return;
            Newest = head;
            if (head.Cosignatures >= Quorum)
                Cosigned = head;
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        changed.SetResult();
    }
}
