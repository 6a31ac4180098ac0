using System.Security.Cryptography;
using System.Text;
using Salus.Health.Deidentification.Fhir.Running;
using Salus.Health.Deidentification.Fhir.Rules;
using Salus.Health.Deidentification.Fhir.Values;
using Salus.Health.Fhir;

namespace Salus.Health.Deidentification.Fhir;

/// <summary>
/// De-identifies FHIR R4 JSON: a resource, a Bundle, an array of resources, or NDJSON. Reads the file twice: first for who is in it, then resource by
/// resource to write, so that memory grows with the largest resource and with the number of patients, and not with the file.
/// </summary>
public sealed class FhirDeidentifier
{
    private readonly FhirRules rules;
    private readonly DeidentificationKeys keys;
    private readonly TimeProvider clock;

    /// <summary>Throws <see cref="RulesException"/> for rules that encrypt without a function to do it.</summary>
    public FhirDeidentifier(FhirRules rules, DeidentificationKeys keys, TimeProvider? clock = null)
    {
        (this.rules, this.keys, this.clock) = (rules, keys, clock ?? TimeProvider.System);
        if (rules.UsesEncryption && keys.Encrypt is null)
            throw new RulesException(rules.All.First(rule => rule.Method == FhirMethod.Encrypt).Name, "it encrypts, and there is no key for that");
    }

    /// <summary>Names of the file and its folder, for rules that shift dates by them.</summary>
    public string FileName { get; init; } = "";

    /// <inheritdoc cref="FileName"/>
    public string FolderName { get; init; } = "";

    /// <summary>Texts that go the same way as the output, by what they are called: what was removed must not stand in them either.</summary>
    public IReadOnlyDictionary<string, string> Beside { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Reads <paramref name="source"/>, which is seekable, and writes what the rules leave of it. Throws <see cref="FhirFormatException"/> for a file
    /// that is no FHIR R4, <see cref="RulesException"/> for a rule that cannot be followed, and, unless the rules keep what they do not name, <see
    /// cref="IdentifiersLeftException"/> when a removed value stands elsewhere: what was written until then is to be thrown away.
    /// </summary>
    public ChangeReport Run(Stream source, Stream output, CancellationToken cancel = default)
    {
        var methods = new ValueMethods(rules.Parameters, rules.Unmatched, Pseudonym(), keys.Encrypt, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
        var (settle, patients, needles) = (new ResourceRules(rules, methods), new PatientIndex(), new Needles());
        // 1. Who is in it.
        var reader = new FhirFileReader(source, cancel);
        var first = new PatientPass(settle, patients, needles);
        reader.Read(first);
        if (rules.IsOfStudy && needles.Kept.Changes.FirstOrDefault() is { } kept)
            throw new RulesException("", $"in a study nothing that names a person is kept, and they keep {kept.Path}");
        // 2. What is left of it.
        using var second = new WritingPass(settle, patients, new DateShift(rules.Parameters, keys.DateShift, FileName, FolderName), needles, first.Headers, output);
        reader.Read(second);
        foreach (var (name, text) in Beside)
            if (needles.IsIn(text))
                second.AddLeft(name);
        if (second.Left.Count > 0 && rules.Unmatched == Unmatched.Redact)
            throw new IdentifiersLeftException(second.Left);
        second.Report.Add(needles.Kept);
        foreach (var place in second.Left)
            second.Report.Add(ChangeReport.Left, place.Path, place.Count);
        return second.Report;
    }

    private KeyedHash Pseudonym()
    {
        if (rules.Parameters.CryptoHashKey.Length == 0)
            return keys.Pseudonym;
        var key = Encoding.UTF8.GetBytes(rules.Parameters.CryptoHashKey);
        return (message, tag) => HMACSHA256.HashData(key, message, tag);
    }
}
