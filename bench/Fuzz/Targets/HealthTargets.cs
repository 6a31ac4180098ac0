using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Salus.Health;
using Salus.Health.Cohort;
using Salus.Health.Fhir;
using Salus.Health.Keywords;

namespace Salus.Bench.Fuzz.Targets;

/// <summary>Files of health data: imported, cut, put together again, searched for words.</summary>
internal static class HealthTargets
{
    internal static readonly byte[] Bundle = Utf8(
        """
        {"resourceType":"Bundle","type":"collection","entry":[
        {"fullUrl":"urn:uuid:a1","resource":{"resourceType":"Patient","id":"a1","name":[{"family":"Muster","given":["Erika","B."]}],"birthDate":"1957-03-02","gender":"female",
         "identifier":[{"system":"urn:oid:1.2.3","value":"MRN-4711"}],"address":[{"line":["Main Street 5"],"city":"Bern","postalCode":"3007"}],"telecom":[{"system":"phone",
          "value":"+41 31 000 00 00"}]}},
        {"resource":{"resourceType":"Observation","id":"b2","status":"final","subject":{"reference":"urn:uuid:a1"},"code":{"coding":[{"system":"http://loinc.org","code":"2339-0",
         "display":"Glucose"}]},
         "effectiveDateTime":"2020-05-06T07:08:09Z","valueQuantity":{"value":101.50,"unit":"mg/dL"},"note":[{"text":"seen with \u00e9clat \ud83d\ude00"}]}},
        {"resource":{"resourceType":"DocumentReference","id":"c3","subject":{"reference":"Patient/a1"},"content":[{"attachment":{"contentType":"text/plain","title":"letter",
         "data":"SGVsbG8gdGhlcmUsIHRoaXMgaXMgYSBsZXR0ZXIu"}}]}},
        {"resource":{"resourceType":"Condition","id":"d4","subject":{"reference":"Patient/a1"},"code":{"text":"Asthma"},"onsetDateTime":"1999","extension":[{"url":"http://example.org/x",
         "valueDecimal":1e2}]}}]}
        """);

    private static readonly FhirImport Imported = FhirImport.Read(new MemoryStream(Bundle), new FhirImportOptions { AttachmentFloor = 8 });

    private static readonly byte[] Cda = Utf8(
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <ClinicalDocument xmlns="urn:hl7-org:v3"><title>Discharge</title><recordTarget><patientRole><id root="1.2" extension="4711"/><patient><name><given>Erika</given><family>Muster</family></name>
        <birthTime value="19570302"/></patient></patientRole></recordTarget><component><structuredBody><component><section><code code="11450-4" codeSystem="2.16.840.1.113883.6.1"/>
        <title>Problems</title><text><list><item>Asthma &amp; cough</item><item><![CDATA[x < y]]></item></list></text><entry><observation><value code="195967001" codeSystem="2.16.840.1.113883.6.96"/>
        <effectiveTime value="20200506"/></observation></entry></section></component></structuredBody></component></ClinicalDocument>
        """);

    private static readonly byte[] Hl7 = Utf8("MSH|^~\\&|LAB|HOSP|APP|FAC|20200506070809||ORU^R01|1|P|2.5\rPID|1||4711^^^HOSP^MR||Muster^Erika^B||19570302|F|||Main Street 5^^Bern^^3007\r"
        + "OBR|1|||2339-0^Glucose^LN|||20200506\rOBX|1|NM|2339-0^Glucose^LN||101.5|mg/dL|70-99|H|||F\rOBX|2|TX|note||seen \\T\\ discussed \\X41\\~again||||||F\rNTE|1||cough\r");

    private static readonly byte[] Html = Utf8("<!doctype html><html><head><title>Letter</title><style>p{}</style></head><body>" +
        "<p>Seen for <b>asthma</b> &amp; cough.<script>var a='<';</script></p></body></html>");

    internal static readonly byte[] Csv = Utf8("age,zip,sex,diagnosis\n34,3007,f,asthma\n35,3008,m,\"cough, dry\"\n34,3007,f,\"a \"\"b\"\" c\"\n61,8001,m,asthma\n");

    /// <summary>Explicit, little endian: header, patient, a sequence, private elements, pixels.</summary>
    internal static readonly byte[] Dicom = DicomFile();

    public static IReadOnlyList<Target> All { get; } =
    [
        new("health/FHIR import", () => [Bundle, Utf8("""{"resourceType":"Patient","id":"a"}"""),
            Utf8("{\"resourceType\":\"Patient\",\"id\":\"a\"}\n{\"resourceType\":\"Observation\",\"id\":\"b\"}\n")], Import)
        {
            Shape = Shape.Text,
            Documented = static failure => failure is FhirFormatException,
            Allowance = (8 << 20, 400),
        },
        new("health/slice index", Indexes, bytes => SliceIndex.TryParse(bytes, out var index) ? Verdict.Canonical(index.ToBytes(), $"{index.Entries.Count}") : Verdict.Refused),
        new("health/map of an import", () => [Map()], bytes => Verdict.When(bytes.Length > 0 && RestoreMap.Combine(SharesOf(bytes[1..], 1 + bytes[0])) is not null, $"{bytes.FirstOrDefault() / 16}")),
        new("health/export", Slices, Export) { Allowance = (16 << 20, 400) },
        Words("FHIR", MediaTypes.FhirJson, Shape.Text, Bundle),
        Words("C-CDA", MediaTypes.Cda, Shape.Text, Cda),
        Words("HL7 v2", MediaTypes.Hl7V2, Shape.Text, Hl7),
        Words("DICOM", MediaTypes.Dicom, Shape.Bytes, Dicom),
        Words("HTML", "text/html", Shape.Text, Html),
        Words("text", MediaTypes.Text, Shape.Text, Utf8("Asthma bronchiale, seit 2019. Nächste Kontrolle: 4. Mai\r\n\u00e9\u0301")),
        new("health/media type", () => [Dicom, Bundle, Cda, Hl7, Html, Csv], bytes => Verdict.Taken(MediaTypes.Detect(bytes.AsSpan(0, Math.Min(bytes.Length, MediaTypes.HeadSize)), "a"))),
        new("health/cohort table", () => [Csv], bytes => Verdict.Taken($"{CohortMeasures.Of(CohortTable.Read(new MemoryStream(bytes), ["age", "zip"], "diagnosis")).K}"))
        {
            Shape = Shape.Text,
            Documented = static failure => failure is CohortException,
            Allowance = (2 << 20, 400),
        },
        new("health/hierarchy", () => [Utf8("34,30-39,*\n35,30-39,*\n61,60-69,*\n")], bytes => Verdict.Taken($"{TableHierarchy.Read(new MemoryStream(bytes), "age").WithOthers().Levels}"))
        {
            Shape = Shape.Text,
            Documented = static failure => failure is CohortException,
            Allowance = (2 << 20, 400),
        },
    ];

    /// <summary>What is imported comes back byte for byte from its slices, read anew.</summary>
    private static Verdict Import(byte[] bytes)
    {
        var import = FhirImport.Read(new MemoryStream(bytes), new FhirImportOptions { AttachmentFloor = 8 });
        var slices = import.Slices.Select(slice =>
        {
            var body = new MemoryStream();
            using (var read = slice.OpenRead())
                read.CopyTo(body);
            body.Position = 0;
            return SliceIndex.TryParse(slice.Index.ToBytes(), out var index) ? new SliceSource(index, body) : throw new InvalidDataException("The index of a slice is not read again.");
        }).ToArray();
        var output = new MemoryStream();
        FhirExport.Write(slices, id => import.Attachments.Single(attachment => attachment.Id == id).OpenRead(), output);
        return Verdict.Canonical(output.ToArray(), $"{import.Form} {import.Slices.Count} {import.Attachments.Count}");
    }

    /// <summary>
    /// Slices as whoever may add them has written them, index and bytes, behind a map in the place of their shares; empty: they keep these. Each piece behind its length, 32 bits.
    /// </summary>
    private static Verdict Export(byte[] bytes)
    {
        var pieces = new List<byte[]>();
        for (var rest = bytes.AsSpan(); rest.Length >= sizeof(uint);)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - sizeof(uint))
                return Verdict.Refused;
            pieces.Add(rest.Slice(sizeof(uint), (int)length).ToArray());
            rest = rest[(sizeof(uint) + (int)length)..];
        }
        if (pieces.Count < 3)
            return Verdict.Refused;
        var slices = new List<SliceSource>();
        var shares = pieces[0].Length > 0 ? SharesOf(pieces[0], pieces.Count / 2) : null;
        for (var i = 1; i + 1 < pieces.Count; i += 2)
            if (SliceIndex.TryParse(pieces[i], out var index))
                slices.Add(new SliceSource(shares is null ? index : WithShare(index, shares[i / 2]), new MemoryStream(pieces[i + 1])));
        if (slices.Count == 0)
            return Verdict.Refused;
        var report = FhirExport.Write(slices, id => Imported.Attachments.FirstOrDefault(attachment => attachment.Id == id)?.OpenRead(), Stream.Null);
        return Verdict.Taken($"{report.Outcome} {report.Resources} {report.WithheldReferences} {report.MissingAttachments.Count}");
    }

    private static IReadOnlyList<byte[]> Slices()
    {
        var slices = Imported.Slices.Select(slice =>
        {
            var body = new MemoryStream();
            using (var read = slice.OpenRead())
                read.CopyTo(body);
            return (Index: slice.Index.ToBytes(), Body: body.ToArray());
        }).ToArray();
        return [Lengthy([[], .. slices.SelectMany(slice => (byte[][])[slice.Index, slice.Body])]), Lengthy([[], slices[0].Index, slices[0].Body]),
            Lengthy([Map()[1..], slices[0].Index, slices[0].Body, slices[1].Index, slices[1].Body])];
    }

    private static byte[] Lengthy(byte[][] pieces) => [.. pieces.SelectMany(piece => (byte[])[0, 0, (byte)(piece.Length >> 8), (byte)(piece.Length & 0xff), .. piece])];

    /// <summary>How many slices there are besides the first, and a map of two.</summary>
    private static byte[] Map()
    {
        var map = new RestoreMap { Length = 500, Hash = new byte[32], Head = Utf8("{\"entry\":["), Gaps = [Utf8(","), Utf8("]}")], Steps = [new(1, 0, 2), new(3, 0, 1), new(2, 1, 1)] };
        var share = map.Split(1)[0].AsSpan(32);
        return [1, .. share[..(share.LastIndexOfAnyExcept((byte)0) + 1)]];
    }

    /// <summary>Shares that are together what an author of all of them would write as their map.</summary>
    private static ReadOnlyMemory<byte>[] SharesOf(byte[] map, int count)
    {
        var padded = new byte[Math.Max(512, 32 + map.Length)];
        map.CopyTo(padded, 32);
        SHA256.HashData(padded.AsSpan(32), padded);
        return [padded, .. Enumerable.Repeat((ReadOnlyMemory<byte>)new byte[padded.Length], count - 1)];
    }

    private static SliceIndex WithShare(SliceIndex index, ReadOnlyMemory<byte> share) => new()
    {
        Import = index.Import, Partition = index.Partition, Form = index.Form, BundleType = index.BundleType, Facts = index.Facts, Entries = index.Entries, Attachments = index.Attachments,
        Links = index.Links, Share = share,
    };

    /// <summary>Bytes that are not what the media type says give fewer words and never fail.</summary>
    private static Target Words(string name, string mediaType, Shape shape, byte[] seed) => new("health/words of " + name, () => [seed], bytes =>
    {
        var documents = KeywordExtractor.Extract(new MemoryStream(bytes), mediaType, "a file", []).ToArray();
        return Verdict.Taken($"{documents.Sum(document => document.Terms.Count) / 4} {KeywordExtractor.Texts(new MemoryStream(bytes), mediaType).Count}");
    }) { Shape = shape, Allowance = (16 << 20, 2000) };

    private static IReadOnlyList<byte[]> Indexes() => [.. Imported.Slices.Select(slice => slice.Index.ToBytes())];

    private static byte[] DicomFile()
    {
        var file = new List<byte>(new byte[128]);
        file.AddRange("DICM"u8);
        Element(0x0002_0010, "UI", "1.2.840.10008.1.2.1\0"u8);
        Element(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.7\0"u8);
        Element(0x0008_0018, "UI", "1.2.3.4.5.6\0"u8);
        Element(0x0008_0020, "DA", "20200506"u8);
        Element(0x0008_0060, "CS", "OT"u8);
        Element(0x0008_1030, "LO", "chest "u8);
        // A sequence of one item of undefined length.
        file.AddRange([0x08, 0x00, 0x40, 0x11, (byte)'S', (byte)'Q', 0, 0, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff]);
        Element(0x0008_1155, "UI", "1.2.3.9\0"u8);
        file.AddRange([0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0, 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
        Element(0x0009_0010, "LO", "ACME 1"u8);
        Element(0x0009_1001, "UN", [1, 2, 3, 4]);
        Element(0x0010_0010, "PN", "Muster^Erika"u8);
        Element(0x0010_0020, "LO", "4711"u8);
        Element(0x0028_0002, "US", [1, 0]);
        Element(0x0028_0004, "CS", "MONOCHROME2 "u8);
        Element(0x0028_0010, "US", [2, 0]);
        Element(0x0028_0011, "US", [2, 0]);
        Element(0x0028_0100, "US", [8, 0]);
        Element(0x7fe0_0010, "OB", [1, 2, 3, 4]);
        return [.. file];

        void Element(uint tag, string vr, ReadOnlySpan<byte> value)
        {
            Span<byte> head = stackalloc byte[4];
            BinaryPrimitives.WriteUInt16LittleEndian(head, (ushort)(tag >> 16));
            BinaryPrimitives.WriteUInt16LittleEndian(head[2..], (ushort)(tag & 0xffff));
            file.AddRange(head);
            file.AddRange(Encoding.ASCII.GetBytes(vr));
            if (vr is "OB" or "UN")
                file.AddRange([0, 0, (byte)value.Length, 0, 0, 0]);
            else
                file.AddRange([(byte)value.Length, 0]);
            file.AddRange(value);
        }
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
