using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Salus.Health;
using Salus.Health.Deidentification;
using Salus.Health.Deidentification.Dicom;
using Salus.Health.Deidentification.Fhir;
using Salus.Health.Deidentification.Fhir.Paths;
using Salus.Health.Deidentification.Images;
using Salus.Health.Dicom;
using Salus.Health.Fhir;

namespace Salus.Bench.Fuzz.Targets;

/// <summary>Rules that others wrote, and files that are cleaned by them. What was cleaned can be cleaned again.</summary>
internal static class DeidentificationTargets
{
    private static readonly KeyedHash Hash = static (message, tag) => HMACSHA256.HashData("key"u8, message, tag);
    private static readonly DeidentificationKeys Keys = new(Hash, Hash);

    private static readonly byte[] Patient = Encoding.UTF8.GetBytes(
        """{"resourceType":"Patient","id":"a","name":[{"family":"Muster","given":["Erika"]}],"birthDate":"1957-03-02","address":[{"postalCode":"3007","city":"Bern"}]""" +
            ""","multipleBirthInteger":2,"extension":[{"url":"x","valueInteger":5}]}""");

    private static readonly byte[] Rules = Encoding.UTF8.GetBytes(
        """
        {"fhirVersion":"R4","fhirPathRules":[
        {"path":"Patient.birthDate","method":"generalize","cases":{"$this >= @1950-01-01":"$this.toString().substring(0,4)"},"otherValues":"redact"},
        {"path":"Patient.id","method":"cryptoHash"},
        {"path":"nodesByType('HumanName')","method":"redact"},{"path":"Patient.address.where(city='Bern').postalCode","method":"substitute","replaceWith":"3000"},
        {"path":"Patient.multipleBirth as integer","method":"perturb","span":10,"rangeType":"fixed","roundTo":0},{"path":"Resource","method":"keep"}],
        "parameters":{"dateShiftKey":"","cryptoHashKey":"","encryptKey":"","enablePartialAgesForRedact":true,"restrictedZipCodeTabulationAreas":["036"]},"unmatched":"redact"}
        """);

    private static readonly byte[] Gif = [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0x21, 0xF9, 4, 1, 5, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B];
    private static readonly byte[] WebP = Convert.FromBase64String("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==");
    private static readonly byte[] Jpeg = Convert.FromHexString(
        "ffd8ffe000104a46494600010100000100010000ffe100224578696600004d4d002a00000008000101120003000000010006000000000000ffdb004300" + string.Concat(Enumerable.Repeat("01", 64))
        + "ffc0000b080001000101011100ffc400140001" + string.Concat(Enumerable.Repeat("00", 15)) + "09ffc40014100100" + string.Concat(Enumerable.Repeat("00", 15)) + "ffda0008010100003f0054dfffd9");

    private static readonly string[] Expressions =
    [
        "Patient.name.given", "nodesByType('HumanName').where(use = 'official')", "Patient.birthDate >= @1950-01-01 and (1 + 2 * 3) div 2 > 1", "Observation.value as Quantity",
        "Resource.descendants().where($this is dateTime)", "$this.replaceMatches('[a-z]+', 'x').substring(0, 3).startsWith('a')", "Patient.deceased[x] | Patient.birthDate",
    ];

    public static IReadOnlyList<Target> All { get; } =
    [
        new("deidentification/FHIR", () => [HealthTargets.Bundle, Patient], bytes => Fhir(FhirRules.SafeHarbor, bytes)) { Shape = Shape.Text, Documented = OfFhir, Allowance = (16 << 20, 4000) },
        new("deidentification/rules", () => [Rules], bytes =>
        {
            var rules = FhirRules.Read(bytes);
            return rules.UsesEncryption ? Verdict.Taken("encrypts") : Fhir(rules, Patient);
        }) { Shape = Shape.Text, Documented = OfFhir, Allowance = (16 << 20, 2000) },
        new("deidentification/rules of a study", () => [Encoding.UTF8.GetBytes("""{"fhirPathRules":[{"path":"Observation.code","method":"keep"},{"path":"Patient.gender","method":"keep"}]}""")],
            bytes => Verdict.Taken($"{FhirRules.ReadForStudy(bytes).Notes.Count}")) { Shape = Shape.Text, Documented = OfFhir, Allowance = (16 << 20, 2000) },
        new("deidentification/FHIRPath", () => [.. Expressions.Select(text => Encoding.UTF8.GetBytes(text))], bytes => Verdict.Taken(PathParser.Parse(Encoding.UTF8.GetString(bytes)).GetType().Name))
        {
            Shape = Shape.Text,
            Documented = static failure => failure is PathException,
            // A pattern becomes a machine without backtracking, of up to some megabytes.
            Allowance = (32 << 20, 4000),
        },
        new("deidentification/DICOM", () => [HealthTargets.Dicom], bytes =>
        {
            var once = Clean(bytes);
            // The second time is about a file that this program wrote.
            try
            {
                Clean(once);
            }
            catch (DicomFormatException fault)
            {
                throw new InvalidDataException("What was written is not read: " + fault.Message, fault);
            }
            return Verdict.Taken($"{once.Length / 64}");
        }) { Documented = static failure => failure is DicomFormatException or RefusedException, Allowance = (8 << 20, 2000) },
        new("deidentification/pixel region", () => ["10,20,30,40"u8.ToArray()], bytes => Verdict.When(PixelRegion.TryParse(Encoding.UTF8.GetString(bytes), out _))) { Shape = Shape.Text },
        Picture("PNG", MediaTypes.Png, Png(), Checked),
        Picture("JPEG", MediaTypes.Jpeg, Jpeg, null),
        Picture("GIF", MediaTypes.Gif, Gif, null),
        Picture("WebP", MediaTypes.WebP, WebP, null),
    ];

    private static bool OfFhir(Exception failure) => failure is FhirFormatException or RulesException or IdentifiersLeftException;

    private static Verdict Fhir(FhirRules rules, byte[] bytes)
    {
        var output = new MemoryStream();
        var report = new FhirDeidentifier(rules, Keys).Run(new MemoryStream(bytes), output);
        return Verdict.Taken($"{report.Changes.Count()}");
    }

    private static byte[] Clean(byte[] bytes)
    {
        var output = new MemoryStream();
        new DicomDeidentifier(new() { IsReviewed = true }, Keys).Run(new MemoryStream(bytes), output);
        return output.ToArray();
    }

    private static Target Picture(string name, string mediaType, byte[] seed, Func<byte[], byte[]>? mend) => new("deidentification/" + name, () => [seed], bytes =>
    {
        byte[] once = Picture(mediaType, bytes), twice;
        try
        {
            twice = Picture(mediaType, once);
        }
        catch (ImageFormatException fault)
        {
            throw new InvalidDataException("What was written is not read: " + fault.Message, fault);
        }
        return once.AsSpan().SequenceEqual(twice) ? Verdict.Taken($"{once.Length / 16}") : throw new InvalidDataException("What was cleaned is cleaned to something else.");
    }) { Documented = static failure => failure is ImageFormatException or RefusedException, Mend = mend, Allowance = (2 << 20, 200) };

    private static byte[] Picture(string mediaType, byte[] bytes)
    {
        var output = new MemoryStream();
        new ImageCleaner(new ImageOptions { IsReviewed = true }).Run(mediaType, new MemoryStream(bytes), output);
        return output.ToArray();
    }

    private static byte[] Png()
    {
        var png = new List<byte>([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        Chunk("IHDR", [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
        Chunk("tEXt", "Author\0Erika"u8);
        Chunk("IDAT", [0x78, 0x9c, 0x63, 0x60, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01]);
        Chunk("IEND", []);
        return Checked([.. png]);

        void Chunk(string type, ReadOnlySpan<byte> data)
        {
            png.AddRange([0, 0, 0, (byte)data.Length]);
            png.AddRange(Encoding.ASCII.GetBytes(type));
            png.AddRange(data);
            png.AddRange(new byte[4]);
        }
    }

    /// <summary>The same chunks with the checksums that they should have.</summary>
    private static byte[] Checked(byte[] png)
    {
        for (var at = 8; at + 12 <= png.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at));
            if (length > png.Length - at - 12)
                break;
            var end = at + 8 + (int)length;
            var crc = uint.MaxValue;
            for (var i = at + 4; i < end; i++)
            {
                crc ^= png[i];
                for (var bit = 0; bit < 8; bit++)
                    crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
            BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(end), ~crc);
            at = end + 4;
        }
        return png;
    }
}
