using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Salus.Health.Keywords;
using Salus.Testing;

namespace Salus.Health.Tests.Keywords;

/// <summary>C-CDA, HL7 v2, DICOM and text: what is found, what is never, and that no damage breaks the reading.</summary>
public class FormatKeywordsTests
{
    // Two hold private elements only, and one begins with a stray byte.
    private static readonly string[] WithoutWords = ["nested_priv_SQ.dcm", "priv_SQ.dcm", "no_meta.dcm"];

    public static TheoryData<string> Files => [.. new[] { "ccda", "hl7v2", "dicom" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Places.Data, folder), "*", SearchOption.AllDirectories))
        .Where(path => !WithoutWords.Contains(Path.GetFileName(path))).Select(path => Path.GetRelativePath(Places.Data, path)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Files))]
    public void EveryFileIsFoundBySomethingAndTermsAreSound(string name)
    {
        var document = Extract(name);
        Assert.Equal(DocumentTerms.Whole, document.Resource);
        Assert.All(document.Terms, term => Assert.True(term.Value > 0 && term.Key.Length > 2 && Encoding.UTF8.GetByteCount(term.Key) <= TermNames.MaxBytes + 2, term.Key));
        Assert.Equal(document.Terms.Where(term => !term.Key.StartsWith("d:", StringComparison.Ordinal)).Sum(term => term.Value), document.Length);
    }

    [Theory]
    [InlineData("ccda/170.314B2_Amb_CCD.ccda", "w:asthma c:snomed|195967001 c:195967001 c:loinc|11450-4 d:2012 w:problem")]
    [InlineData("ccda/Discharge_Summary.xml", "w:discharg c:loinc|18842-5 w:hospit")]
    [InlineData("hl7v2/LAB-ORU-1.hl7", "w:leukocyt c:loinc|11156-7 c:11156-7 w:oru w:hemoglobin d:2014-10-06 w:jane w:cyto")]
    [InlineData("hl7v2/MDM-T02-01.hl7", "w:hippocr w:kevorkian w:transthoracicecho c:icd9cm|796.4 w:antibodi d:2008-01-31 w:doctorovich")]
    [InlineData("dicom/CT_small.dcm", "w:ct w:e d:2004")]
    [InlineData("dicom/MR_small.dcm", "w:mr")]
    [InlineData("dicom/MR_small_implicit.dcm", "w:mr")]
    [InlineData("dicom/MR_small_bigendian.dcm", "w:mr")]
    [InlineData("dicom/image_dfl.dcm", "w:ot")]
    [InlineData("dicom/SC_rgb_jpeg.dcm", "w:ot")]
    [InlineData("dicom/reportsi.dcm", "w:sr")]
    public void WhatADocumentSaysIsFound(string name, string expected)
    {
        var terms = Extract(name).Terms.Select(term => term.Key).ToHashSet();
        Assert.Empty(expected.Split(' ').Except(terms));
    }

    [Fact]
    public void OneImageInAnyRepresentationIsFoundByTheSame()
    {
        string[] files = ["MR_small.dcm", "MR_small_implicit.dcm", "MR_small_bigendian.dcm", "MR_small_RLE.dcm", "MR_small_jpeg_ls_lossless.dcm"];
        var terms = files.Select(file => Extract($"dicom/{file}").Terms).ToList();
        Assert.All(terms, other => Assert.Equal(terms[0], other));
    }

    [Fact]
    public void NoRecordTargetIsATerm()
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Places.Data, "ccda")))
        {
            XNamespace v3 = "urn:hl7-org:v3";
            var document = XDocument.Load(path);
            var target = document.Descendants(v3 + "recordTarget").Single().Descendants(v3 + "patientRole").Single();
            string[] values =
            [
                .. target.Elements(v3 + "id").Select(id => (string?)id.Attribute("extension") ?? ""), .. target.Elements(v3 + "addr").Elements(v3 + "streetAddressLine").Select(line => line.Value),
                .. target.Elements(v3 + "telecom").Select(telecom => ((string?)telecom.Attribute("value") ?? "").Split(':')[^1]),
                .. target.Elements(v3 + "patient").Elements(v3 + "name").Elements().Where(part => part.Name.LocalName is "given" or "family").Select(part => part.Value),
            ];
            // Of a doctor with the patient's name only the doctor's is there.
            var others = document.Descendants(v3 + "assignedPerson").Concat(document.Descendants(v3 + "representedOrganization")).SelectMany(element => Words.Tokenise(element.Value))
                .Select(token => token.Word).ToHashSet();
            var terms = Extract(Path.GetRelativePath(Places.Data, path)).Terms.Select(term => term.Key).ToHashSet();
            var looked = 0;
            foreach (var value in values.Where(value => value.Length > 2))
                foreach (var token in Words.Tokenise(value).Where(token => token.Word.Length > 3 && !others.Contains(token.Word) && !int.TryParse(token.Word, out _)))
                {
                    looked++;
                    // A street or a name may also be an ordinary word of the text, as a whole value it is not.
                    if (Words.QueryVariants(token.Word).Any(terms.Contains))
                        Assert.DoesNotContain(KeywordExtractor.Texts(File.OpenRead(path), MediaTypes.Cda), text => Holds(text, value));
                }
            Assert.True(looked > 2);
        }
    }

    [Fact]
    public void NoPatientSegmentIsATerm()
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Places.Data, "hl7v2")))
        {
            var lines = File.ReadAllText(path).Split('\r', '\n');
            var elsewhere = lines.Where(line => !line.StartsWith("PID|", StringComparison.Ordinal)).SelectMany(line => Words.Tokenise(line)).Select(token => token.Word).ToHashSet();
            var terms = Extract(Path.GetRelativePath(Places.Data, path)).Terms.Select(term => term.Key).ToHashSet();
            foreach (var fields in lines.Where(line => line.StartsWith("PID|", StringComparison.Ordinal)).Select(line => line.Split('|')))
                foreach (var token in new[] { 3, 5, 11, 13 }.Where(field => field < fields.Length).SelectMany(field => Words.Tokenise(fields[field])).Where(token => token.Word.Length > 3))
                    Assert.False(!elsewhere.Contains(token.Word) && Words.QueryVariants(token.Word).Any(terms.Contains), $"{path}: {token.Word}");
        }
    }

    [Fact]
    public void APatientsNameIsTakenOutOfWhatIsWrittenAboutThePatient()
    {
        const string message = "MSH|^~\\&|A|B|||20200311||ORU^R01|1|P|2.5\rPID|1||4711^^^MR||Nienow^Roland||19600102|M\rNK1|1|Nienow^Berta\r"
            + "OBX|1|TX|1^Finding^L||Mr. NIENOW walks \\T\\ sleeps well\rOBX|2|CE|2^X^L||38341003^Hypertensive disorder^SCT\r"
            + "OBX|3|DT|21112-8^Birth date^LN||19600102\rNTE|1||Roland (4711), 19600102, smokes\rIN1|1|Berta\rZZZ|1|Berta\r";
        var terms = KeywordExtractor.Extract(new MemoryStream(Encoding.UTF8.GetBytes(message)), MediaTypes.Hl7V2, "nienow.hl7", ["mine"]).Single().Terms.Select(term => term.Key).ToHashSet();
        Assert.Empty("w:walk w:sleep w:smoke w:mine c:snomed|38341003 w:hypertens d:2020-03-11".Split(' ').Except(terms));
        Assert.Empty(terms.Intersect(["w:nienow", "w:roland", "w:berta", "w:4711", "w:19600102", "d:1960", "d:1960-01-02"]));
    }

    [Theory]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"boom\"><!ENTITY b \"&a;&a;&a;&a;\">]><ClinicalDocument><title>&b;</title></ClinicalDocument>")]
    [InlineData("<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><ClinicalDocument><title>boom</title></ClinicalDocument>")]
    public void NoDocumentTypeIsRead(string xml) => Assert.Empty(KeywordExtractor.Extract(new MemoryStream(Encoding.UTF8.GetBytes(xml)), MediaTypes.Cda, "", []));

    [Fact]
    public void DeepAndLongDocumentsEnd()
    {
        var deep = string.Concat(Enumerable.Repeat("<a>", 100_000)) + "word";
        Assert.Empty(KeywordExtractor.Extract(new MemoryStream(Encoding.UTF8.GetBytes(deep)), MediaTypes.Cda, "", []));
        var text = $"<ClinicalDocument><text>{string.Concat(Enumerable.Range(0, 50_000).Select(i => $"word{i % 100} "))}</text></ClinicalDocument>";
        var words = KeywordExtractor.Extract(new MemoryStream(Encoding.UTF8.GetBytes(text)), MediaTypes.Cda, "", []).Single();
        Assert.Equal((100, 50_000), (words.Terms.Count, words.Length));
    }

    [Theory]
    [InlineData("ccda/HL7_CCD2.xml", 301)]
    [InlineData("hl7v2/ADT-A01-01.hl7", 7)]
    [InlineData("hl7v2/MDM-T02-01.hl7", 1)]
    [InlineData("dicom/MR_small_implicit.dcm", 1)]
    [InlineData("dicom/MR_small_bigendian.dcm", 7)]
    [InlineData("dicom/nested_priv_SQ.dcm", 1)]
    [InlineData("dicom/reportsi.dcm", 1)]
    [InlineData("dicom/image_dfl.dcm", 997)]
    [InlineData("dicom/JPEG2000.dcm", 1)]
    public void NoDamageBreaksTheReading(string name, int step)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Places.Data, name));
        var type = MediaTypes.Detect(bytes.AsSpan(0, Math.Min(bytes.Length, MediaTypes.HeadSize)), name);
        for (var cut = 0; cut < bytes.Length; cut += step)
            Assert.True(KeywordExtractor.Extract(new MemoryStream(bytes, 0, cut), type, "", []).Count() <= 1);
        var random = new Random(17);
        for (var i = 0; i < 400; i++)
        {
            var broken = (byte[])bytes.Clone();
            for (var flips = random.Next(1, 9); flips > 0; flips--)
                broken[random.Next(i % 2 == 0 ? Math.Min(broken.Length, 2000) : broken.Length)] ^= (byte)(1 << random.Next(8));
            foreach (var kind in new[] { type, MediaTypes.Dicom, MediaTypes.Hl7V2, MediaTypes.Text })
                Assert.True(KeywordExtractor.Extract(new MemoryStream(broken), kind, "", []).Count() <= 1);
        }
    }

    [Fact]
    public void EveryTruncationOfAClinicalDocumentIsRead()
    {
        const string document = """
            <?xml version="1.0" encoding="UTF-8"?><ClinicalDocument xmlns="urn:hl7-org:v3"><code code="34133-9" codeSystem="2.16.840.1.113883.6.1" displayName="Episode note"/>
            <title>Summary for Nienow</title><effectiveTime value="20200311"/><languageCode code="en-US"/><recordTarget><patientRole><id extension="4711"/><addr><city>Boston</city></addr>
            <patient><name><given>Roland</given><family>Nienow</family></name><birthTime value="19600102"/></patient></patientRole></recordTarget>
            <author><assignedAuthor><assignedPerson><name><given>Keren</given></name></assignedPerson></assignedAuthor></author><component><section><text>Roland has
            <content>asthma</content> &amp; eczema</text></section></component></ClinicalDocument>
            """;
        var bytes = Encoding.UTF8.GetBytes(document);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var terms = KeywordExtractor.Extract(new MemoryStream(bytes, 0, cut), MediaTypes.Cda, "", []).SelectMany(found => found.Terms).Select(term => term.Key).ToHashSet();
            Assert.Empty(terms.Intersect(["w:roland", "w:4711", "w:boston", "d:1960"]));
            if (cut == bytes.Length)
                Assert.Equal("c:34133-9 c:loinc|34133-9 d:2020 d:2020-03 d:2020-03-11 w:asthma w:eczema w:episod w:for w:has w:keren w:note w:summari",
                    string.Join(' ', terms.Order(StringComparer.Ordinal)));
        }
    }

    [Fact]
    public void AFileWithoutAReaderIsFoundByItsNameAndTheOwnersWords()
    {
        var document = KeywordExtractor.Extract(new MemoryStream([1, 2, 3]), MediaTypes.Pdf, "scans/Blood_test-2024.pdf", ["Leber"]).Single();
        Assert.Equal(["w:2024", "w:blood", "w:leber", "w:pdf", "w:test"], document.Terms.Select(term => term.Key));
        Assert.Empty(KeywordExtractor.Extract(new MemoryStream("{}"u8.ToArray()), MediaTypes.Json, "Roland Nienow.json", []));
        Assert.Empty(KeywordExtractor.Extract(new MemoryStream("<a>Roland</a>"u8.ToArray()), MediaTypes.Xml, "Roland Nienow.xml", []));
    }

    [Theory]
    [InlineData(Language.English, "w:hospit")]
    [InlineData(Language.German, "w:behandl")]
    [InlineData(Language.French, "w:hospitalis")]
    [InlineData(Language.Spanish, "w:aliment")]
    public void TextOfAnyLengthIsReadInItsLanguage(Language language, string expected)
    {
        var text = string.Concat(Enumerable.Repeat(Texts.Of(language) + " ", 200));
        var once = KeywordExtractor.Extract(new MemoryStream(Encoding.UTF8.GetBytes(Texts.Of(language))), MediaTypes.Text, "", []).Single();
        var often = KeywordExtractor.Extract(new MemoryStream(Encoding.UTF8.GetBytes(text)), MediaTypes.Text, "", []).Single();
        Assert.Contains(expected, once.Terms.Select(term => term.Key));
        Assert.Equal(once.Terms.Select(term => (term.Key, term.Value * 200)), often.Terms.Select(term => (term.Key, term.Value)));
    }

    [Fact]
    public void ADocumentHasABoundedNumberOfTermsWhateverTheFileHolds()
    {
        var document = KeywordExtractor.Extract(new Noise(20_000_000), MediaTypes.Text, "", []).Single();
        Assert.InRange(document.Terms.Count, 150_000, 200_000);
        Assert.True(document.Length > document.Terms.Count);
    }

    private static bool Holds(string text, string value) =>
        Regex.IsMatch(text, $@"(?<![\p{{L}}\p{{N}}]){Regex.Escape(value)}(?![\p{{L}}\p{{N}}])", RegexOptions.IgnoreCase);

    private static DocumentTerms Extract(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Places.Data, name));
        return KeywordExtractor.Extract(new MemoryStream(bytes), MediaTypes.Detect(bytes.AsSpan(0, Math.Min(bytes.Length, MediaTypes.HeadSize)), name), name, []).Single();
    }

    /// <summary>Letters without end, in words of all lengths.</summary>
    private sealed class Noise(long length) : Stream
    {
        private readonly Random random = new(4);

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var n = (int)Math.Min(count, length - Position);
            Position += n;
            for (var i = 0; i < n; i++)
                buffer[offset + i] = random.Next(12) == 0 ? (byte)' ' : (byte)random.Next('a', 'z' + 1);
            return n;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
