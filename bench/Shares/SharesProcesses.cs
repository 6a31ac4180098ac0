using System.Diagnostics;
using System.Globalization;
using Salus.Crypto.Statistics.Sharing;

namespace Salus.Bench.Shares;

/// <summary>A run of the three processes: the slowest one's time, the bytes of all, and what they opened.</summary>
internal sealed record SharesRun(double Milliseconds, long Bytes, ulong[] Results);

/// <summary>The three processes, started once and told what to compute.</summary>
internal sealed class SharesProcesses : IDisposable
{
    private readonly Process[] _parties;

    public SharesProcesses()
    {
        _parties = [.. Enumerable.Range(0, Parties.Count).Select(party => Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, [SharesParty.Mode, party.ToString(CultureInfo.InvariantCulture)])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }) ?? throw new InvalidOperationException("A party does not start."))];
        Tell(string.Join(' ', Hear()));
    }

    public SharesRun Run(string order)
    {
        Tell(order);
        var answers = Hear().Select(line => line.Split(' ')).ToArray();
        var results = answers.Select(answer => answer.Skip(2).Select(element => ulong.Parse(element, CultureInfo.InvariantCulture)).ToArray()).ToArray();
        return results.All(result => result.SequenceEqual(results[0]))
            ? new SharesRun(answers.Max(answer => double.Parse(answer[0], CultureInfo.InvariantCulture)),
                answers.Sum(answer => long.Parse(answer[1], CultureInfo.InvariantCulture)), results[0])
            : throw new InvalidOperationException("The parties opened different results.");
    }

    public void Dispose()
    {
        foreach (var party in _parties)
        {
            if (!party.HasExited)
                party.StandardInput.WriteLine(SharesParty.End);
            if (!party.WaitForExit(5000))
                party.Kill();
            party.Dispose();
        }
    }

    private void Tell(string line)
    {
        foreach (var party in _parties)
        {
            party.StandardInput.WriteLine(line);
            party.StandardInput.Flush();
        }
    }

    private string[] Hear() => [.. _parties.Select(party => party.StandardOutput.ReadLine() ?? throw new InvalidOperationException("A party has ended."))];
}
