using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Salus.Health.Deidentification.Fhir.Paths;
using Salus.Health.Deidentification.Fhir.Rules;
using Salus.Health.Deidentification.Fhir.Tree;
using Salus.Health.Deidentification.Fhir.Types;
using Salus.Health.Fhir;

namespace Salus.Health.Deidentification.Fhir.Values;

/// <summary>What the methods do to one value. Where a method cannot do its work, the value is redacted.</summary>
internal sealed class ValueMethods(FhirParameters parameters, Unmatched unmatched, KeyedHash pseudonym, Encryption? encrypt, DateOnly today)
{
    /// <summary>Ages above this one are not told (45 CFR 164.514(b)(2)(i)(C)).</summary>
    private const int OldestAge = 89;

    public Labels Redact(FhirNode node)
    {
        if (node.Type is { IsDate: true })
            return RedactDate(node);
        if (node.Type is { Name: "decimal" } && node.Parent?.Type is { Name: "Age" })
        {
            if (!parameters.PartialAges || PathValue.NumberOf(node.Original!) is not decimal age || age is < 0 or > OldestAge)
                node.Clear();
            return Labels.Redacted;
        }
        if (node.Name == "postalCode" && parameters.PartialZipCodes)
        {
            node.Set(JsonToken.String, IsOfUs(node.Parent?.TextOf("country")) ? ZipCode(node.Original!) ?? "" : "");
            if (node.Text!.Length > 0)
                return Labels.Abstracted;
        }
        node.Clear();
        return Labels.Redacted;
    }

    public Labels CryptoHash(FhirNode node)
    {
        if (node.OriginalKind != JsonToken.String)
            return Redact(node);
        var text = node.Original!;
        if (node.Name == "reference" && node.Parent?.Type is { Name: "Reference" })
        {
            var (start, length) = ReferenceText.IdentifierIn(text).GetOffsetAndLength(text.Length);
            // A server's address names a hospital. Microsoft's tool lets it stand.
            var before = unmatched == Unmatched.Redact ? ReferenceText.WithoutServer(text[..start]) : text[..start];
            node.Set(JsonToken.String, string.Concat(before, Hash(text.Substring(start, length)), text.AsSpan(start + length)));
        }
        else
            node.Set(JsonToken.String, Hash(text));
        return Labels.CryptoHashed;
    }

    /// <summary>None when the element is no date.</summary>
    public Labels ShiftDate(FhirNode node, int days)
    {
        if (node.Type is not { IsDate: true })
            return Labels.None;
        if (node.OriginalKind != JsonToken.String || !PathDate.TryParse(node.Original!, out var date) || !date.HasDay || IsTooOld(date) || date.DayMovedBy(days) is not { } moved)
            return RedactDate(node);
        // The time of day goes too; that there was one stays, and its zone.
        var time = date.TimeAndZone;
        var zone = time.LastIndexOfAny(['Z', '+', '-']);
        var digits = (zone < 0 ? time : time[..zone]).Select(c => char.IsAsciiDigit(c) ? '0' : c);
        node.Set(JsonToken.String, moved + string.Concat(digits) + (zone < 0 ? "" : time[zone..]));
        return Labels.Perturbed;
    }

    public Labels Encrypt(FhirNode node)
    {
        if (node.OriginalKind != JsonToken.String)
            return Redact(node);
        node.Set(JsonToken.String, Convert.ToBase64String(encrypt!(Encoding.UTF8.GetBytes(node.Original!))));
        return Labels.Masked;
    }

    /// <summary>None when the element is no number.</summary>
    public Labels Perturb(FhirNode node, Perturbation how)
    {
        if (node.Type is not { Kind: JsonKind.Number } type)
            return Labels.None;
        if (node.OriginalKind != JsonToken.Number || PathValue.NumberOf(node.Original!) is not decimal value)
            return Redact(node);
        try
        {
            var span = how.IsProportional ? Math.Abs(value) * how.Span : how.Span;
            var noisy = decimal.Round(value + span * (Share() - 0.5m), type.Is("integer") ? 0 : how.RoundTo);
            if (type.Name == "positiveInt")
                noisy = Math.Max(1, noisy);
            else if (type.Name == "unsignedInt")
                noisy = Math.Max(0, noisy);
            node.Set(JsonToken.Number, noisy.ToString(CultureInfo.InvariantCulture));
            return Labels.Perturbed;
        }
        catch (OverflowException)
        {
            return Redact(node);
        }
    }

    public static Labels Generalize(FhirNode node, FhirRule rule, FhirNode resource)
    {
        var (context, self) = (new PathContext(resource), PathValue.Of(node));
        foreach (var (when, then) in rule.Generalization!.Cases)
            if (rule.Guard(() => when.Truth(context, [self], self)) == true)
            {
                var found = rule.Guard(() => then.Evaluate(context, [self], self));
                Put(node, found.Count == 1 ? found[0] : default);
                return Labels.Generalized;
            }
        if (!rule.Generalization.KeepsOthers)
            node.Clear();
        return Labels.Generalized;
    }

    private static void Put(FhirNode node, PathValue value)
    {
        var (kind, text) = (node.Type!.Kind, value.Text);
        if (text is null || (kind == JsonKind.Number && value.Atom is not decimal) || (kind == JsonKind.Truth && value.Atom is not bool))
            node.Clear();
        else
            node.Set(kind switch { JsonKind.Number => JsonToken.Number, JsonKind.Truth => value.Atom is true ? JsonToken.True : JsonToken.False, _ => JsonToken.String }, text);
    }

    private Labels RedactDate(FhirNode node)
    {
        if (parameters.PartialDates && node.OriginalKind == JsonToken.String && PathDate.TryParse(node.Original!, out var date) && !IsTooOld(date))
            node.Set(JsonToken.String, date.Text[..4]);
        else
            node.Clear();
        return Labels.Redacted;
    }

    /// <summary>Who was born then is older than 89 today.</summary>
    private bool IsTooOld(PathDate date)
    {
        var hadBirthday = today.Month > date.Month || (today.Month == date.Month && today.Day >= date.Day);
        return today.Year - date.Year - (hadBirthday ? 0 : 1) > OldestAge;
    }

    /// <summary>The first three digits, all zeros where they name too few people; null when it is no ZIP code.</summary>
    private string? ZipCode(string code)
    {
        var digits = code.Length is 5 or 9 or 10 && code.Where((c, i) => !(char.IsAsciiDigit(c) || (c == '-' && i == 5 && code.Length == 10))).Any() == false;
        if (!digits)
            return null;
        var keep = parameters.RestrictedZipCodes.Any(area => code.StartsWith(area, StringComparison.Ordinal)) ? 0 : 3;
        return string.Concat(code.Select((c, i) => i < keep || c == '-' ? c : '0'));
    }

    /// <summary>Five digits of another country are no ZIP code, and three of them may name a village.</summary>
    private static bool IsOfUs(string? country) =>
        country?.Trim().ToUpperInvariant() is null or "US" or "USA" or "U.S." or "U.S.A." or "UNITED STATES" or "UNITED STATES OF AMERICA";

    private string Hash(string text) => Pseudonyms.Of(pseudonym, text);

    /// <summary>From 0 to 1, in steps of 2^-62.</summary>
    private static decimal Share()
    {
        Span<byte> random = stackalloc byte[8];
        RandomNumberGenerator.Fill(random);
        return (BitConverter.ToUInt64(random) >> 2) / (decimal)(1UL << 62);
    }
}
