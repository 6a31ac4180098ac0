using System.CommandLine;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Readings;

namespace Salus.Cli.Verbs;

/// <summary>`sense SERIES FILE`: adds the readings of a sensor, each split into shares for the three trustees; and `sense read|series|delete`.</summary>
internal sealed class SenseVerb : Verb
{
    private const string StandardInput = "-";

    private readonly Argument<string> _series = new("SERIES") { Description = "what it is called: heart-rate" };
    private readonly Argument<string> _file = new("FILE") { Description = "CSV with a column of times, or FHIR Observations; - for the standard input" };
    private readonly Option<string> _code = new("--loinc") { Description = "which of several kinds in the file, and for a new series what it is", HelpName = "CODE" };
    private readonly Option<string> _unit = new("--unit") { Description = "UCUM, for a new series (by the code)", HelpName = "U" };
    private readonly Option<int?> _decimals = new("--decimals") { Description = "how many a value has, 0 to 9, for a new series (by the code, else 3)", HelpName = "N" };
    private readonly Option<string> _partition = new("--partition") { Description = "where a new series goes (medical)", HelpName = "P" };
    private readonly Option<bool> _follow = new("--follow") { Description = "go on with what is added to the file, until Ctrl-C" };

    public SenseVerb() : base("sense", "add readings of a sensor, split over the three trustees")
    {
        Add(_series);
        Add(_file);
        foreach (Option option in new Option[] { _code, _unit, _decimals, _partition, _follow })
            Add(option);
        Add(new SenseReadVerb());
        Add(new SenseSeriesVerb());
        Add(new SenseDeleteVerb());
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var (name, file) = (call.Value(_series)!, call.Value(_file)!);
        var options = new SeriesOptions(call.Value(_code), call.Value(_unit), call.Value(_decimals), call.Value(_partition));
        if (file != StandardInput && !File.Exists(file))
            throw new CannotException($"There is no file {file}.", Reasons.NoFile);
        using var account = await Unlocked.OpenAsync(call);
        var added = call.Value(_follow) || file == StandardInput ? await FollowAsync(call, account, name, file, options) : await AddAsync(call, account, name, file, options);
        foreach (var one in added)
            call.Terminal.Print($"{one.Series.Name}: {one.Added} reading{(one.Added == 1 ? "" : "s")} added{(one.Known > 0 ? $", {one.Known} were there" : "")}.");
        if (added.Count > 0)
            Warn(added[^1].Missing);
        var stored = added.All(one => one.IsStored);
        if (!stored)
            Terminal.Say("They are kept on this device and not stored yet: `salus resume` sends them when the trustees answer.");
        call.Terminal.Answer(SensedDocument.Of(added), CliJson.Default.SensedDocument);
        return stored ? Cli.ExitCode.Done : Cli.ExitCode.Failed;
    }

    /// <summary>Trustees that have not taken everything.</summary>
    public static void Warn(IReadOnlyDictionary<string, string> missing)
    {
        foreach (var (trustee, why) in missing.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            Terminal.Say($"{trustee} has not taken everything ({why}). It waits on this device, and goes out with the next `salus sense` or `salus resume`.");
    }

    private static async Task<IReadOnlyList<AddedReadings>> AddAsync(Call call, Account account, string name, string file, SeriesOptions options)
    {
        using var progress = new TransferBar($"sense {Path.GetFileName(file)}");
        return await new ReadingStore(account).AddFileAsync(file, name, options, progress, call.Cancel);
    }

    private async Task<IReadOnlyList<AddedReadings>> FollowAsync(Call call, Account account, string name, string file, SeriesOptions options)
    {
        var tail = new TailedLines(call.Value(_follow) && file != StandardInput);
        var lines = file == StandardInput ? tail.ReadAsync(Console.OpenStandardInput(), call.Cancel) : tail.ReadAsync(file, call.Cancel);
        return await new ReadingStore(account).FollowAsync(lines, file == StandardInput ? null : Path.GetFullPath(file), name, options,
            so => Terminal.Say($"{so.Series.Name}: {so.Added} readings{(so.IsStored ? "" : ", waiting for the trustees")}"), call.Cancel);
    }
}
