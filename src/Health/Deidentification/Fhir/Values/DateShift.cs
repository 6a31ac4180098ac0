using System.Text;
using Salus.Health.Deidentification.Fhir.Rules;

namespace Salus.Health.Deidentification.Fhir.Values;

/// <summary>By how many days the dates of a patient move: at most 50, in either direction.</summary>
internal sealed class DateShift(FhirParameters parameters, KeyedHash hash, string file, string folder)
{
    /// <summary>
    /// A patient's own, by HMAC, never zero. With a key in the configuration it is what Microsoft's tool computes, which goes by the outermost
    /// resource (or file, or folder) and can be guessed by who has the key.
    /// </summary>
    public int DaysOf(string patient, string outermost)
    {
        if (parameters.DateShiftKey.Length > 0)
            return MicrosoftDays(ScopeOf(outermost) + parameters.DateShiftKey);
        return PatientShift.DaysOf(hash, parameters.DateShiftScope == DateShiftScope.Resource ? patient : ScopeOf(patient));
    }

    private string ScopeOf(string resource) => parameters.DateShiftScope switch
    {
        DateShiftScope.File => file,
        DateShiftScope.Folder => folder,
        _ => resource,
    };

    private static int MicrosoftDays(string text)
    {
        var days = 0;
        foreach (var b in Encoding.UTF8.GetBytes(text))
            days = (days * 131 + b) % (2 * PatientShift.Most + 1);
        return days - PatientShift.Most;
    }
}
