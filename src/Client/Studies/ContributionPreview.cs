using System.Text.Json;
using Salus.Client.Accounts;
using Salus.Client.Uploads;
using Salus.Crypto.Dispersal;
using Salus.Health.Cohort;
using Salus.Protocol;
using Salus.Protocol.Studies;

namespace Salus.Client.Studies;

/// <summary>How often de-identification did something at a place of FHIR: never a value.</summary>
public sealed record PreviewChange(string Method, string Path, long Count);

/// <summary>The copy that would be contributed, in counts.</summary>
/// <param name="Resources">How many of each type stay in it.</param>
/// <param name="Bytes">Of the sealed copy, a class of <see cref="CopySize"/>.</param>
/// <param name="Columns">What the custodian sees beside it, as the records say it.</param>
/// <param name="ImagesLeftOut">Those that somebody would have to look at first, or that no rule makes safe.</param>
public sealed record CopyPreview(IReadOnlyDictionary<string, int> Resources, IReadOnlyList<PreviewChange> Changes, int Bytes, IReadOnlyDictionary<string, string> Columns, int Images,
    int ImagesLeftOut);

/// <summary>What somebody would contribute to a study, for their own eyes: made on this device, and nothing is sent.</summary>
/// <param name="Copy">Null when the study asks for none.</param>
/// <param name="Numbers">By the name of the variable, in its unit; null for what the records do not say.</param>
/// <param name="Categories">By the name of the attribute; null for what the records do not say.</param>
public sealed record ContributionPreview(CopyPreview? Copy, IReadOnlyDictionary<string, decimal?> Numbers, IReadOnlyDictionary<string, string?> Categories)
{
    /// <summary>Of the account's own records.</summary>
    public static async Task<ContributionPreview> OfAccountAsync(
        Account account, KnownStudy study, Func<SequenceKey> sequenceKey, IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        var terms = study.Terms;
        using var data = await ParticipantData.OfAccountAsync(account, terms, sequenceKey, progress, cancel);
        using var keys = ParticipantKeys.Of(account, study.Id);
        CopyPreview? copy = null;
        if (terms.WantsCopies)
        {
            var (made, report, leftOut) = ParticipantCopy.Make(terms, data, keys);
            var packed = made.ToBytes();
            if (packed.Length > SealedCopy.MaxContent)
                throw new CannotException($"What the study asks for is larger than {Limits.MaxSealedCopy >> 20} MiB, compressed.", Reasons.TooLargeToContribute);
            copy = new CopyPreview(made.Resources.CountBy(TypeOf).ToDictionary(), [.. report.Changes.Select(change => new PreviewChange(change.Method, change.Path, change.Count))],
                SealedCopy.Seal(terms.Custodian.Box, study.Id, keys.Contribution, packed).Length, made.Row, made.Files.Count, leftOut);
        }
        var opened = DateOnly.FromDateTime(terms.Opens.UtcDateTime);
        var row = ParticipantRow.Read(terms, data.Resources, name => PatientColumns.Names.Contains(name) ? PatientColumns.Read(data.Resources, [name], opened)[name] : "");
        return new ContributionPreview(copy, terms.Variables.ToDictionary(variable => variable.Name, variable => row.Numbers.TryGetValue(variable.Name, out var number) ? number : (decimal?)null),
            terms.Attributes.ToDictionary(attribute => attribute.Name, attribute => row.Categories.GetValueOrDefault(attribute.Name)));
    }

    private static string TypeOf(ReadOnlyMemory<byte> resource)
    {
        using var document = JsonDocument.Parse(resource);
        return document.RootElement.GetProperty("resourceType").GetString()!;
    }
}
