using System.Text;
using System.Text.Json;
using Salus.Client.Accounts;
using Salus.Client.Deidentification;
using Salus.Client.Records;
using Salus.Protocol;

namespace Salus.Client.Sanitised;

/// <summary>Who signed a file of copies, and what it holds.</summary>
/// <param name="Resources">Resources of which something is shown.</param>
/// <param name="Disclosures">Values that are shown, with what they stand in.</param>
public sealed record CopiesSummary(AccountCard Signer, int Resources, int Disclosures);

/// <summary>
/// Copies of FHIR resources that their author signs when the record is made, and whose holder can later hand on a part of which still verifies (SD-JWT, RFC 9901): the sanitised copy.
/// A file is a line with the signer's card and key, and a line for each resource. Every signing has salts and decoys of its own, so that two files of one record cannot be told to be of one;
/// two sanitised copies of one file can: whoever is to get one that is not linked to another is given one of another signing.
/// </summary>
public static class SignedCopies
{
    public const string Extension = ".sdjwt";

    private const string Format = "salus signed copies 1";

    /// <summary>Read whole: beyond, a file is to be cut into several.</summary>
    private const long LargestFile = 512L * 1024 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Signs every resource of a file of FHIR R4 JSON (a resource, a Bundle, an array, NDJSON).</summary>
    public static async Task<CopiesSummary> SignAsync(Account account, string file, string into, CancellationToken cancel)
    {
        using var key = account.Keys.Attestation();
        return await SignAsync(key, file, into, cancel);
    }

    internal static async Task<CopiesSummary> SignAsync(AttestationKey key, string file, string into, CancellationToken cancel)
    {
        WholeFile.RequireOther(file, into);
        var resources = FhirFile.Read(file);
        return await WholeFile.WriteAsync(into, async stream =>
        {
            await using var lines = Writer(stream);
            await lines.WriteLineAsync(Header(key.Attester));
            var (count, disclosures) = (0, 0);
            foreach (var resource in resources)
            {
                cancel.ThrowIfCancellationRequested();
                var text = SdJwtIssuer.Issue(resource, key);
                disclosures += text.Count(mark => mark == '~') - 1;
                count++;
                await lines.WriteLineAsync(text);
            }
            return new CopiesSummary(key.Attester.Card, count, disclosures);
        });
    }

    /// <summary>
    /// Whether it holds, and who signed it; with <paramref name="into"/>, what it shows as FHIR NDJSON, coarser values in the place of exact ones. <paramref name="accept"/> throws for a signer that
    /// is not the right one, before anything is written.
    /// </summary>
    public static async Task<CopiesSummary> VerifyAsync(string file, string? into, Func<CopiesSummary, Task>? accept, CancellationToken cancel)
    {
        if (into is not null)
            WholeFile.RequireOther(file, into);
        var (attester, copies) = Read(file, cancel);
        var summary = new CopiesSummary(attester.Card, copies.Count, copies.Sum(copy => copy.Disclosures));
        if (accept is not null)
            await accept(summary);
        if (into is not null)
            await WholeFile.WriteAsync(into, async stream =>
            {
                foreach (var copy in copies)
                    await stream.WriteAsync((byte[])[.. Folded.Of(copy.Revealed), (byte)'\n'], cancel);
                return copies.Count;
            });
        return summary;
    }

    /// <summary>
    /// Takes out of signed copies what de-identification would take out or change, and leaves what it leaves. <paramref name="rules"/> is a configuration of Microsoft's FHIR anonymizer, else
    /// Safe Harbor's. Copies that a person signed are refused: the signature would name the patient.
    /// </summary>
    public static async Task<CopiesSummary> SanitiseAsync(string file, string? rules, string into, CancellationToken cancel)
    {
        WholeFile.RequireOther(file, into);
        var (attester, copies) = Read(file, cancel);
        if (attester.Card.Kind == AccountKind.Person)
            throw new CannotException(
                "A person's account signed these copies, and the signature would tell whose they are. Sanitised copies come from what an organisation signed. Nothing was written.");
        // 1. What the rules leave of the whole.
        using var whole = new MemoryStream();
        foreach (var copy in copies)
            whole.Write([.. Folded.Of(copy.Revealed), (byte)'\n']);
        whole.Position = 0;
        using var left = new MemoryStream();
        FileDeidentifier.Run(whole, left, rules, cancel);
        var targets = FhirFile.Read(left.ToArray(), file).ToList();
        if (targets.Count != copies.Count)
            throw new CannotException("These rules drop whole resources, so that what is left cannot be matched with what was signed. Nothing was written.");
        // 2. Of each resource the disclosures that show this and no more.
        return await WholeFile.WriteAsync(into, async stream =>
        {
            await using var lines = Writer(stream);
            await lines.WriteLineAsync(Header(attester));
            var (count, disclosures) = (0, 0);
            foreach (var (copy, target) in copies.Zip(targets))
                if (copy.Sanitised(target) is { } text)
                {
                    await lines.WriteLineAsync(text);
                    disclosures += text.Count(mark => mark == '~') - 1;
                    count++;
                }
            return new CopiesSummary(attester.Card, count, disclosures);
        });
    }

    private static (Attester Attester, List<SdJwt> Copies) Read(string file, CancellationToken cancel)
    {
        if (!File.Exists(file))
            throw new CannotException($"There is no file {file}.");
        if (new FileInfo(file).Length > LargestFile)
            throw new CannotException($"{file} is larger than {LargestFile >> 20} MiB. Sign the record in several files.");
        using var lines = new StreamReader(file, Utf8, detectEncodingFromByteOrderMarks: false);
        try
        {
            var attester = ReadHeader(lines.ReadLine()) ?? throw new CannotException($"{file} is no file of signed copies, or what it says of its signer is damaged.");
            var copies = new List<SdJwt>();
            for (var number = 2; lines.ReadLine() is { } line; number++)
            {
                cancel.ThrowIfCancellationRequested();
                if (!SdJwt.TryVerify(line, attester, out var copy, out var fault))
                    throw new AlarmException(AlarmKind.Integrity, $"{file}, line {number}: {fault}. Nothing of the file was used.");
                copies.Add(copy);
            }
            return (attester, copies);
        }
        catch (DecoderFallbackException)
        {
            throw new AlarmException(AlarmKind.Integrity, $"{file} is damaged: it is no text. Nothing of the file was used.");
        }
    }

    internal static string Header(Attester attester) => Utf8.GetString(SdJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteBase64String("card", attester.Card.Signed);
        json.WriteBase64String("key", attester.Key);
        json.WriteBase64String("certificate", attester.Certificate);
        json.WriteEndObject();
    }));

    internal static Attester? ReadHeader(string? line)
    {
        if (line is null || line.Length > 16 * 1024 || !SdJson.TryParse(Utf8.GetBytes(line), out var header) || header.ValueKind != JsonValueKind.Object
            || !header.TryGetProperty("format", out var format) || format.ValueKind != JsonValueKind.String || format.GetString() != Format)
            return null;
        return Bytes(header, "card") is { } card && Bytes(header, "key") is { } key && Bytes(header, "certificate") is { } certificate
            && Attester.TryVerify(card, key, certificate, out var attester) ? attester : null;
    }

    private static byte[]? Bytes(JsonElement header, string member) =>
        header.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out var bytes) ? bytes : null;

    private static StreamWriter Writer(Stream stream) => new(stream, Utf8, leaveOpen: true) { NewLine = "\n" };
}
