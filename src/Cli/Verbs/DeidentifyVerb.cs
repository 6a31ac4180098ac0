using System.CommandLine;
using System.Globalization;
using Salus.Client.Deidentification;

namespace Salus.Cli.Verbs;

/// <summary>`deidentify FILE --out FILE`: what names the patient is taken out of a file, without an account or a server.</summary>
internal sealed class DeidentifyVerb : Verb
{
    private readonly Argument<string> _file = new("FILE") { Description = "FHIR R4 JSON (a resource, a Bundle, NDJSON), DICOM, or a picture (PNG, JPEG, GIF, WebP)" };
    private readonly Option<string> _out = new("--out") { Description = "the file to write; it appears when all is well", HelpName = "FILE", Required = true };
    private readonly Option<string?> _rules = new("--rules") { Description = "for FHIR, a configuration of Microsoft's FHIR anonymizer; else Safe Harbor (45 CFR 164.514(b)(2))", HelpName = "CONFIG" };
    private readonly Option<string?> _unmatched = new("--unmatched") { Description = "of elements that no rule names: redact (usual), or keep, as Microsoft's tool does", HelpName = "WHAT" };
    private readonly Option<bool> _reviewed = new("--reviewed") { Description = "DICOM and pictures: somebody has looked at every frame, and nothing in it shows who anybody is" };

    private readonly Option<string[]> _blackOut = new("--black-out")
    {
        Description = "DICOM: a region to black out in every frame; may be repeated", HelpName = "X,Y,W,H",
    };

    private readonly Option<bool> _shiftDates = new("--shift-dates") { Description = "DICOM: keep dates, moved by up to 50 days; else they are removed" };

    public DeidentifyVerb() : base("deidentify", "take out of a file what names the patient")
    {
        Add(_file);
        foreach (var option in new Option[] { _out, _rules, _unmatched, _reviewed, _blackOut, _shiftDates })
            Add(option);
        _unmatched.AcceptOnlyFromAmong("redact", "keep");
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var (file, target) = (call.Value(_file)!, call.Value(_out)!);
        var done = await FileDeidentifier.RunAsync(new DeidentificationQuestion(file, target, call.Value(_rules), call.Value(_unmatched) is { } unmatched ? unmatched == "keep" : null)
        {
            IsReviewed = call.Value(_reviewed), BlackOut = call.Value(_blackOut) ?? [], ShiftsDates = call.Value(_shiftDates),
        }, call.Cancel);
        Warn(done, hasRules: call.Value(_rules) is not null);
        call.Terminal.Print(string.Create(CultureInfo.InvariantCulture, $"De-identified {file} into {target}: {done.Items} {(done.Items == 1 ? "item" : "items")}."));
        foreach (var method in done.Changes.GroupBy(change => change.Method))
            call.Terminal.Print(string.Create(CultureInfo.InvariantCulture, $"  {method.Key}: {method.Sum(change => change.Count)} values in {method.Count()} places"));
        call.Terminal.Answer(
            new DeidentifyDocument(target, done.MediaType, done.Items, Documents(done.Changes), Documents(done.Left), done.Notes, done.UsedRandomKeys), CliJson.Default.DeidentifyDocument);
        return ExitCode.Done;
    }

    private static void Warn(DeidentifiedFile done, bool hasRules)
    {
        foreach (var note in done.Notes)
            Terminal.Say($"Note: {note}.");
        if (done.UsedRandomKeys)
            Terminal.Say("Pseudonyms and shifts of dates are under keys of this run: another run gives others, and nobody can link the two.");
        if (hasRules && done.Changes.Where(change => change.Method == "unmatched").Sum(change => change.Count) is > 0 and var redacted)
            Terminal.Say(string.Create(CultureInfo.InvariantCulture, $"{redacted} values that no rule names were redacted. (--unmatched keep leaves them, as Microsoft's tool does.)"));
        if (done.Changes.Where(change => change.Method == "kept").Select(change => change.Path).ToList() is { Count: > 0 } kept)
            Terminal.Say($"WARNING: the rules leave what names a person in {string.Join(", ", kept)}.");
        if (done.Left.Count > 0)
            Terminal.Say($"WARNING: values that were removed from the patient still stand in {string.Join(", ", done.Left.Select(place => place.Path))}: these rules keep what they do not name.");
    }

    private static IReadOnlyList<DeidentifyChangeDocument> Documents(IEnumerable<DeidentificationChange> changes) =>
        [.. changes.Select(change => new DeidentifyChangeDocument(change.Method, change.Path, change.Count))];
}

/// <summary>`deidentify --json`: counts by method and path, never a value.</summary>
internal sealed record DeidentifyDocument(
    string File, string MediaType, long Items, IReadOnlyList<DeidentifyChangeDocument> Changes, IReadOnlyList<DeidentifyChangeDocument> Left, IReadOnlyList<string> Notes, bool RandomKeys);

internal sealed record DeidentifyChangeDocument(string Method, string Path, long Count);
