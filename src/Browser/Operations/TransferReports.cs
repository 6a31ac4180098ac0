using System.Diagnostics;
using Salus.Client.Uploads;

namespace Salus.Browser.Operations;

/// <summary>Hands the steps of a transfer to the page: each placement and landing, and of what merely goes on a little less than there is.</summary>
internal sealed class TransferReports(Action<TransferProgress> send) : IProgress<TransferProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Lock _sending = new();
    private long? _sent;

    /// <summary>Of what is read.</summary>
    public static TransferReports OfReading(Call call) => new(progress => call.Send(Document(progress), RecordJson.Default.ProgressDocument));

    /// <summary>Of what is stored.</summary>
    public static TransferReports OfUpload(Call call) => new(progress => call.Send(progress switch
    {
        { Placement: { } placement } => new UploadReport(Placement: placement),
        { Landed: { } index } => new UploadReport(Landed: new LandedDocument(index, progress.Party)),
        _ => new UploadReport(Document(progress)),
    }, UploadJson.Default.UploadReport));

    public void Report(TransferProgress value)
    {
        lock (_sending)
        {
            if (value is { Placement: null, Landed: null } && value.Done < value.Total)
            {
                if (_sent is { } last && Stopwatch.GetElapsedTime(last) < Pause)
                    return;
                _sent = Stopwatch.GetTimestamp();
            }
            send(value);
        }
    }

    private static ProgressDocument Document(TransferProgress progress) => new(progress.What, progress.Party, progress.Done, progress.Total);
}
