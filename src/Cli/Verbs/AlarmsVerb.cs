using System.CommandLine;
using System.Globalization;
using Salus.Client.Profiles;

namespace Salus.Cli.Verbs;

/// <summary>`alarms [--acknowledge ID]`: what servers were caught at, as this device has kept it.</summary>
internal sealed class AlarmsVerb : Verb
{
    private readonly Option<string> _acknowledge = new("--acknowledge") { Description = "you have seen that one; it stays in the list", HelpName = "ID" };

    public AlarmsVerb() : base("alarms", "what servers were caught at") => Add(_acknowledge);

    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        var log = new AlarmLog(account);
        if (call.Value(_acknowledge) is { } id)
        {
            if (log.List().All(alarm => alarm.Id != id))
                throw new StoppedException($"There is no alarm {id}. `salus alarms` lists them.", Cli.ExitCode.Usage);
            await log.AcknowledgeAsync(id);
        }
        var alarms = log.List();
        if (alarms.Count == 0)
            call.Terminal.Print("No alarms.");
        foreach (var alarm in alarms)
            call.Terminal.Print(string.Create(CultureInfo.InvariantCulture,
                $"{alarm.Id}  {alarm.At:yyyy-MM-dd HH:mm}Z  {(alarm.Acknowledged ? "seen" : "NEW ")}  {alarm.Kind} at {alarm.Operation}: {alarm.Message}"));
        call.Terminal.Answer(new AlarmsDocument([.. alarms.Select(AlarmDocument.Of)]), CliJson.Default.AlarmsDocument);
        return Cli.ExitCode.Done;
    }
}
