using System.Text.Encodings.Web;
using System.Text.Json;
using Salus.Health.Deidentification.Fhir.Tree;
using Salus.Health.Deidentification.Fhir.Types;
using Salus.Health.Deidentification.Fhir.Values;
using Salus.Health.Fhir;

namespace Salus.Health.Deidentification.Fhir.Running;

/// <summary>The second reading: settles one resource after the other and writes it.</summary>
internal sealed class WritingPass(ResourceRules rules, PatientIndex patients, DateShift shift, Needles needles, Queue<JsonTree> headers, Stream output) : IFhirSink, IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 };

    private static readonly FhirElement EntryElement = FhirTypes.Find("Bundle")!.OfJson("entry")!;

    private readonly Utf8JsonWriter json = new(output, Options);
    private readonly ChangeReport left = new();
    private bool isArray, hasEntries;
    private Labels bundleLabels;
    private FhirNode? bundle;
    private FhirMember? entries;
    private string outermost = "";

    public ChangeReport Report { get; } = new();

    /// <summary>Where removed values still stand.</summary>
    public IReadOnlyList<Change> Left => [.. left.Changes];

    public void AddLeft(string place) => left.Add(ChangeReport.Left, place);

    public void BeginFile(bool isArray)
    {
        this.isArray = isArray;
        if (isArray)
            json.WriteStartArray();
    }

    public void Resource(JsonTree resource)
    {
        var node = FhirTree.Resource(resource);
        outermost = node.TextOf("id") ?? "";
        Settle(node);
        FhirTreeWriter.Write(json, node);
        EndValue();
    }

    public void BeginBundle()
    {
        var header = headers.Dequeue();
        bundle = FhirTree.Resource(header);
        entries = new FhirMember("entry", EntryElement.Name, EntryElement.Type, isArray: true);
        (hasEntries, outermost) = (false, bundle.TextOf("id") ?? "");
        bundleLabels = rules.Follow(bundle, DaysOf, Report) | rules.Close(bundle, Report);
        foreach (var inner in ResourceRules.Inner(bundle))
            bundleLabels |= rules.Settle(inner, DaysOf, Report);
        Report.Items++;
        Scan(bundle);
        json.WriteStartObject();
        // The labels are known at the end, so meta stands there.
        var meta = bundle.Members.Find(member => member.Json == "meta");
        if (meta is not null)
            bundle.Members.Remove(meta);
        FhirTreeWriter.WriteMembers(json, bundle);
        if (meta is not null)
            bundle.Members.Add(meta);
        bundle.Members.Add(entries);
    }

    public void Entry(JsonTree entry)
    {
        var node = SettleEntry(entry);
        if (node.IsEmpty)
            return;
        if (!hasEntries)
            json.WriteStartArray("entry");
        hasEntries = true;
        FhirTreeWriter.Write(json, node);
        if (json.BytesPending > JsonScanner.UsualBuffer)
            json.Flush();
    }

    public void LooseEntry(JsonTree entry)
    {
        (bundle, outermost) = (new FhirNode(null, "", FhirTypes.Find("Bundle")), "");
        bundle.Members.Add(entries = new FhirMember("entry", EntryElement.Name, EntryElement.Type, isArray: true));
        FhirTreeWriter.Write(json, SettleEntry(entry));
    }

    public void EndBundle(JsonTree header)
    {
        if (hasEntries)
            json.WriteEndArray();
        entries!.Items.Clear();
        SecurityLabels.Add(bundle!, bundleLabels);
        var meta = new FhirNode(null, "", null);
        meta.Members.AddRange(bundle!.Members.Where(member => member.Json == "meta"));
        FhirTreeWriter.WriteMembers(json, meta);
        json.WriteEndObject();
        EndValue();
    }

    public void EndFile()
    {
        if (!isArray)
            return;
        json.WriteEndArray();
        json.Flush();
        output.Write("\n"u8);
    }

    public void Dispose() => json.Dispose();

    private void EndValue()
    {
        if (isArray)
            return;
        json.Flush();
        output.Write("\n"u8);
        json.Reset();
    }

    private FhirNode SettleEntry(JsonTree entry)
    {
        var node = FhirTree.Element(entry, bundle, EntryElement.Name, EntryElement.Type);
        entries!.Items.Clear();
        entries.Items.Add(node);
        bundleLabels |= rules.Follow(bundle!, DaysOf, Report) | rules.Close(node, Report);
        foreach (var inner in ResourceRules.Inner(node))
        {
            bundleLabels |= rules.Settle(inner, DaysOf, Report);
            Report.Items++;
        }
        Scan(node);
        return node;
    }

    private void Settle(FhirNode node)
    {
        rules.Settle(node, DaysOf, Report);
        Report.Items++;
        Scan(node);
    }

    private int DaysOf(FhirNode resource) => shift.DaysOf(patients.Of(resource), outermost);

    private void Scan(FhirNode node)
    {
        if (needles.IsIn(node))
            left.Add(ChangeReport.Left, node.Path);
        foreach (var child in node.Children)
            Scan(child);
    }
}
