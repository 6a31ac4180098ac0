using System.Collections.Concurrent;
using System.Diagnostics;
using Salus.Client;
using Salus.Client.Records;
using Salus.Client.Sharing;
using Salus.EndToEnd.Tests;
using Salus.Protocol;
using Salus.Protocol.Http;
using UnreachableException = Salus.Client.UnreachableException;

namespace Salus.Fault.Tests.Histories;

/// <summary>
/// Owners grant and revoke while readers open without a pause, each on devices of their own, against real servers. The cloud hears of a revocation late, so that the trustees alone
/// stand between reader and record; and one trustee hears of it later than the others.
/// </summary>
[Collection(MachineCollection.Name)]
public class ConcurrencyTests(Machine machine)
{
    private const int Owners = 3;
    private const int ReadersOfEach = 2;

    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3); // of a machine that has other things to do
    private static readonly TimeSpan CloudHears = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan LastTrusteeHears = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task NoOpenSucceedsThatBeganAfterTwoTrusteesHadAcknowledgedItsRevocation()
    {
        var history = new ConcurrentQueue<Call>();
        using var doctor = await Person.RegisterAsync(machine.Salus, "doctor");
        var pairs = new List<(Device Owner, RecordId Record, Device[] Readers)>();
        for (var i = 0; i < Owners; i++)
        {
            using var patient = await Person.RegisterAsync(machine.Salus, "patient");
            var record = (await patient.PutAsync(Extensions.RandomBytes(300))).Record;
            var readers = await Task.WhenAll(Enumerable.Range(0, ReadersOfEach).Select(_ => Device.OfAsync(machine.Salus, doctor)));
            pairs.Add((await Device.OfAsync(machine.Salus, patient), record, readers));
        }
        using var stop = new CancellationTokenSource(Longest);
        var work = Task.WhenAll(pairs.SelectMany((pair, i) => pair.Readers.Select(reader => Task.Run(() => OpenAsync($"{i}", reader, pair.Record, history, stop.Token)))
            .Append(Task.Run(() => ChangeAsync($"{i}", pair.Owner, doctor.Mail, i, history, stop.Token)))));
        var since = Stopwatch.GetTimestamp();
        while (!work.IsCompleted && (Stopwatch.GetElapsedTime(since) < Length || Lacks([.. history]) is not null))
            await Task.Delay(500, None);
        await stop.CancelAsync();
        await work;
        foreach (var (owner, _, readers) in pairs)
            foreach (var device in readers.Append(owner))
                device.Dispose();

        var calls = history.ToArray();
        Assert.Null(Lacks(calls));
        Assert.Empty(HistoryChecker.Faults(calls));
        Points.Tell($"a history of {calls.Length} calls: " + string.Join(", ", calls.GroupBy(call => (call.Act, call.Result)).Select(group => $"{group.Count()} {group.Key}")));
    }

    /// <summary>What a history lacks that shows anything.</summary>
    private static string? Lacks(Call[] calls) =>
        calls.Count(call => call is { Act: Act.Open, Result: Result.Done }) <= 20 ? "Hardly anything was opened."
        : calls.Count(call => call is { Act: Act.Open, Result: Result.Refused }) <= 20 ? "Hardly anything was refused."
        : calls.Count(call => call.Act == Act.Revoke) <= Owners ? "Hardly anything was revoked."
        : !calls.Any(open => open is { Act: Act.Open, Result: Result.Refused } && calls.Any(revoked => revoked.Act == Act.Revoke && revoked.Pair == open.Pair
            && open.Began > revoked.Receipts.Select(receipt => receipt.At).Order().ElementAtOrDefault(1) && open.Ended < revoked.Ended)) ? "No open fell between the second receipt and the cloud."
        : null;

    private static async Task ChangeAsync(string pair, Device owner, string reader, int seed, ConcurrentQueue<Call> history, CancellationToken stop)
    {
        var random = Points.Chooser($"changes {seed}");
        var receipts = new ConcurrentQueue<Receipt>();
        var trustees = owner.Account.Content.Parties.Trustees;
        owner.Wire.Leaving = request => request.RequestUri!.AbsolutePath switch
        {
            Paths.Revocations when request.RequestUri.Port == trustees[2].Url.Port => Task.Delay(LastTrusteeHears),
            var path when path.StartsWith(Paths.Grants, StringComparison.Ordinal) && path.EndsWith("revocation", StringComparison.Ordinal) => Task.Delay(CloudHears),
            _ => Task.CompletedTask,
        };
        owner.Wire.Answered = (request, answer) =>
        {
            if (request.RequestUri!.AbsolutePath == Paths.Revocations && answer.IsSuccessStatusCode)
                receipts.Enqueue(new Receipt(request.RequestUri.Authority, Stopwatch.GetTimestamp()));
        };
        while (!stop.IsCancellationRequested)
        {
            var granting = owner.Granting;
            var began = Stopwatch.GetTimestamp();
            var proposal = await granting.ProposeAsync(reader, GrantRole.Doctor, ["medical"], null, null, null, History.Whole, None);
            var grant = await granting.ConfirmAsync(proposal, None);
            var granted = Stopwatch.GetTimestamp();
            history.Enqueue(new Call(Act.Grant, pair, began, granted, Result.Done));
            // On a slow machine an open takes longer than most grants would live.
            while (!stop.IsCancellationRequested && !history.Any(call => call is { Act: Act.Open, Result: Result.Done } && call.Pair == pair && call.Began > granted))
                await Task.Delay(50, None);
            await Task.Delay(random.Next(300, 1200), None);
            receipts.Clear();
            began = Stopwatch.GetTimestamp();
            await owner.Granting.RevokeAsync(grant.Terms.Id, None);
            history.Enqueue(new Call(Act.Revoke, pair, began, Stopwatch.GetTimestamp(), Result.Done, [.. receipts]));
            await Task.Delay(random.Next(100, 400), None);
        }
    }

    private static async Task OpenAsync(string pair, Device reader, RecordId record, ConcurrentQueue<Call> history, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            Result result;
            try
            {
                await reader.GetAsync(record);
                result = Result.Done;
            }
            catch (Exception failure) when (failure is RefusedException or CannotException or UnreachableException)
            {
                result = failure is RefusedException { Code: Problems.TooMany } or UnreachableException ? Result.Unknown : Result.Refused;
            }
            history.Enqueue(new Call(Act.Open, pair, began, Stopwatch.GetTimestamp(), result));
            await Task.Delay(30, None);
        }
    }
}
