using Salus.Health.Deidentification.Fhir.Tree;

namespace Salus.Health.Deidentification.Fhir.Running;

/// <summary>Takes what <see cref="FhirFileReader"/> finds, in the order of the file: once to learn who is in it, once to write.</summary>
internal interface IFhirSink
{
    void BeginFile(bool isArray);

    void Resource(JsonTree resource);

    /// <summary>An entry in an array, without a Bundle around it.</summary>
    void LooseEntry(JsonTree entry);

    void BeginBundle();

    void Entry(JsonTree entry);

    /// <summary>The bundle without its entries.</summary>
    void EndBundle(JsonTree header);

    void EndFile();
}
