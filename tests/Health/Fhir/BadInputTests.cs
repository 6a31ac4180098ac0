using System.Text;
using Salus.Health.Fhir;
using static Salus.Health.Tests.Fhir.Imports;

namespace Salus.Health.Tests.Fhir;

public class BadInputTests
{
    private const string Small =
        "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[\r\n {\"fullUrl\":\"urn:uuid:é\",\"resource\":{\"resourceType\":\"Patient\",\"id\":\"p\",\"active\":true,"
        + "\"name\":[{\"family\":\"O\\u0027N\\ud83d\\ude00\"}]}} ,\t{\"resource\":{\"resourceType\":\"Observation\",\"valueQuantity\":{\"value\":-6.30e+2},"
        + "\"subject\":{\"reference\":\"urn:uuid:é\"}}}]}\n";

    [Theory]
    [InlineData("", FhirFault.Empty, 1, 0)]
    [InlineData(" \n\t ", FhirFault.Empty, 2, 4)]
    [InlineData("\uFEFF", FhirFault.Empty, 1, 3)]
    [InlineData("<Bundle xmlns=\"http://hl7.org/fhir\"/>", FhirFault.Xml, 1, 0)]
    [InlineData("\uFEFF <?xml version=\"1.0\"?>", FhirFault.Xml, 1, 4)]
    [InlineData("{\"hello\":1}", FhirFault.NotFhir, 1, 0)]
    [InlineData("\n[1,2]", FhirFault.NotFhir, 2, 2)]
    [InlineData("[]x", FhirFault.NotJson, 1, 2)]
    [InlineData("42", FhirFault.NotFhir, 1, 0)]
    [InlineData("\"Patient\"", FhirFault.NotFhir, 1, 0)]
    [InlineData("{\"resourceType\":\"patient\"}", FhirFault.NotFhir, 1, 16)]
    [InlineData("{\"resourceType\":7}", FhirFault.NotFhir, 1, 16)]
    [InlineData("{\"resourceType\":\"Bundle\",\"entry\":[3]}", FhirFault.NotFhir, 1, 34)]
    [InlineData("{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":null}]}", FhirFault.NotFhir, 1, 46)]
    [InlineData("{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"id\":\"x\"}}]}", FhirFault.NotFhir, 1, 46)]
    [InlineData("{\"entry\":{\"resource\":{}},\"resourceType\":\"Bundle\"}", FhirFault.NotFhir, 1, 0)]
    [InlineData("{\"resourceType\":\"Patient\",\n\"id\":\"a\",\n \"id\":\"b\"}", FhirFault.DuplicateProperty, 3, 38)]
    [InlineData("{\"resourceType\":\"Patient\",\"id\":\"a\",\"\\u0069d\":\"b\"}", FhirFault.DuplicateProperty, 1, 35)]
    [InlineData("{\"resourceType\":\"Patient\",\"name\":[{\"use\":1,\"x\":{},\"use\":1}]}", FhirFault.DuplicateProperty, 1, 50)]
    [InlineData("{\"resourceType\":\"Patient\"", FhirFault.Truncated, 1, 25)]
    [InlineData("{\"resourceType\":\"Patient\"}}", FhirFault.NotJson, 1, 26)]
    [InlineData("{\"resourceType\":\"Patient\"}{\"resourceType\":\"Patient\"}", FhirFault.NotJson, 1, 26)]
    [InlineData("{\"resourceType\":\"Patient\"}\n[{\"resourceType\":\"Patient\"}]", FhirFault.NotFhir, 2, 27)]
    [InlineData("{\"resourceType\":\"Patient\",}", FhirFault.NotJson, 1, 26)]
    [InlineData("{\"resourceType\":\"Patient\",\"a\":[1,]}", FhirFault.NotJson, 1, 33)]
    [InlineData("{\"resourceType\":\"Patient\" \"a\":1}", FhirFault.NotJson, 1, 26)]
    [InlineData("{\"resourceType\":\"Patient\",\"a\":01}", FhirFault.NotJson, 1, 31)]
    [InlineData("{\"resourceType\":\"Patient\",\"a\":1.}", FhirFault.NotJson, 1, 32)]
    [InlineData("{\"resourceType\":\"Patient\",\"a\":+1}", FhirFault.NotJson, 1, 30)]
    [InlineData("{\"resourceType\":\"Patient\",\"a\":NaN}", FhirFault.NotJson, 1, 30)]
    [InlineData("{\"resourceType\":\"Patient\",\"a\":tru}", FhirFault.NotJson, 1, 33)]
    [InlineData("{\"resourceType\":\"Patient\",\"a\":\"\\x\"}", FhirFault.NotJson, 1, 32)]
    [InlineData("{\"resourceType\":\"Patient\",\"a\":\"\\u12g4\"}", FhirFault.NotJson, 1, 35)]
    [InlineData("{\"resourceType\":\"Patient\",\"a\":\"line\nbreak\"}", FhirFault.NotJson, 1, 35)]
    [InlineData("{\"resourceType\":\"Patient\" /* comment */}", FhirFault.NotJson, 1, 26)]
    [InlineData("{'resourceType':'Patient'}", FhirFault.NotJson, 1, 1)]
    public void RefusedWithTheFaultAndThePlace(string file, FhirFault fault, long line, long offset)
    {
        var refusal = Refused(file);
        Assert.Equal((fault, line, offset), (refusal.Fault, refusal.Line, refusal.Offset));
        Assert.NotEmpty(refusal.Remedy);
        Assert.Contains($"line {line}, byte {offset}", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xE0, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xF8, 0x88, 0x80, 0x80 })]
    [InlineData(new byte[] { 0x80 })]
    [InlineData(new byte[] { 0xE2, 0x82 })]
    public void BytesThatAreNotUtf8AreRefused(byte[] text)
    {
        byte[] file = [.. "{\"resourceType\":\"Patient\",\"id\":\""u8, .. text, .. "\"}"u8];
        var refusal = Refused(file);
        Assert.Equal(FhirFault.InvalidUtf8, refusal.Fault);
        Assert.InRange(refusal.Offset, 32, 36);
    }

    [Fact]
    public void Utf16IsRefused()
    {
        var text = "{\"resourceType\":\"Patient\"}";
        Assert.Equal(FhirFault.NotUtf8, Refused([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)]).Fault);
        Assert.Equal(FhirFault.NotUtf8, Refused([0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(text)]).Fault);
        Assert.Equal(FhirFault.NotUtf8, Refused([0, 0, 0xFE, 0xFF, .. new UTF32Encoding(true, false).GetBytes(text)]).Fault);
    }

    [Fact]
    public void EveryTruncationIsRefusedOrExact()
    {
        var file = Encoding.UTF8.GetBytes(Small);
        for (var length = 0; length < file.Length; length++)
            if (length < file.Length - 1)
                Assert.Contains(Refused(file[..length]).Fault, new[] { FhirFault.Truncated, FhirFault.Empty });
            else
                AssertExact(file[..length]);
    }

    [Fact]
    public void EveryBitFlipIsRefusedOrExact()
    {
        var file = Encoding.UTF8.GetBytes(Small);
        var accepted = 0;
        for (var bit = 0; bit < file.Length * 8; bit++)
        {
            var flipped = (byte[])file.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                AssertExact(flipped);
                accepted++;
            }
            catch (FhirFormatException)
            {
            }
        }
        Assert.InRange(accepted, 100, file.Length * 8 - 100);
    }

    [Fact]
    public void EveryTruncationOfNdjsonIsRefusedOrExact()
    {
        const int resources = 30;
        var file = Encoding.UTF8.GetBytes(string.Join("\r\n", Enumerable.Repeat("{\"resourceType\":\"Device\",\"id\":\"d\"}", resources)));
        var exact = 0;
        for (var length = 1; length <= file.Length; length++)
            try
            {
                AssertExact(file[..length]);
                exact++;
            }
            catch (FhirFormatException refusal)
            {
                Assert.Equal(FhirFault.Truncated, refusal.Fault);
            }
        Assert.Equal(resources * 3 - 2, exact);
    }

    [Fact]
    public void NestingHasALimitAndNoStackToBreak()
    {
        static string Nested(int depth) =>
            "{\"resourceType\":\"Basic\",\"a\":" + string.Concat(Enumerable.Repeat("[", depth - 1)) + string.Concat(Enumerable.Repeat("]", depth - 1)) + "}";
        Assert.Equal(1, Of(Nested(FhirLimits.Depth)).Resources);
        Assert.Equal(FhirFault.TooDeep, Refused(Nested(FhirLimits.Depth + 1)).Fault);
        Assert.Equal(FhirFault.TooDeep, Refused("{\"resourceType\":\"Basic\",\"a\":" + string.Concat(Enumerable.Repeat("{\"a\":", 1_000_000))).Fault);
    }

    [Fact]
    public void BundlesNestOnlySoDeep()
    {
        static string Nested(int bundles, string inner) => bundles == 0 ? inner : Bundle("{\"resource\":" + Nested(bundles - 1, inner) + "}");
        Assert.Equal(1, Of(Nested(FhirLimits.NestedBundles, "{\"resourceType\":\"Patient\"}")).Resources);
        Assert.Equal(FhirFault.TooDeep, Refused(Nested(FhirLimits.NestedBundles + 1, "{\"resourceType\":\"Patient\"}")).Fault);
    }

    [Fact]
    public void NamesAndPropertiesAndEnvelopeHaveLimits()
    {
        static string With(string more) => "{\"resourceType\":\"Basic\"," + more + "}";
        static string Properties(int n) => string.Join(',', Enumerable.Range(0, n).Select(i => $"\"p{i}\":{i}"));
        Assert.Equal(1, Of(With($"\"{new string('n', FhirLimits.PropertyName)}\":1")).Resources);
        Assert.Equal(FhirFault.TooLarge, Refused(With($"\"{new string('n', FhirLimits.PropertyName + 1)}\":1")).Fault);
        Assert.Equal(1, Of(With(Properties(FhirLimits.Properties - 1))).Resources);
        Assert.Equal(FhirFault.TooLarge, Refused(With(Properties(FhirLimits.Properties))).Fault);
        Assert.Equal(1, Of(new string(' ', FhirLimits.Envelope) + With("\"id\":\"1\"")).Resources);
        Assert.Equal(FhirFault.TooLarge, Refused(new string(' ', FhirLimits.Envelope + 1) + With("\"id\":\"1\"")).Fault);
        Assert.Equal(FhirFault.TooLarge, Refused("{\"resourceType\":\"Bundle\",\"x\":\"" + new string('x', FhirLimits.Envelope) + "\"}").Fault);
    }

    [Fact]
    public void AStreamThatCannotBeReadByPositionIsACallersMistake() =>
        Assert.Throws<ArgumentException>(() => FhirImport.Read(new System.IO.Compression.GZipStream(new MemoryStream(), System.IO.Compression.CompressionMode.Decompress)));

    [Fact]
    public void AnImportCanBeCancelled()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => FhirImport.Read(new MemoryStream(Encoding.UTF8.GetBytes(Small)), cancel: cancel.Token));
    }

    [Theory]
    [InlineData("\uFEFF{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"\\ud83d\",\"text\":\"\\ud83d\\ud83d\\ude00\\n\\/\"}]}\0")]
    public void ATrailingNulIsRefused(string file) => Assert.Equal(FhirFault.NotJson, Refused(file).Fault);

    [Theory]
    [InlineData("\uFEFF{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"\\ud83d\",\"text\":\"\\ud83d\\ud83d\\ude00\\n\\/\\ude00\\ud83dx\"}]}")]
    [InlineData("\uFEFF\r\n{\"resourceType\":\"Patient\"}\r\n\r\n{\"resourceType\":\"Claim\"}\r\n")]
    [InlineData(" [ ] ")]
    [InlineData("[{\"resourceType\":\"Patient\"},{\"resource\":{\"resourceType\":\"Claim\"}},{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":\"Claim\"}}]}]")]
    [InlineData("{\"active\":true,\"resourceType\":\"Patient\"}")]
    [InlineData("{\"entry\":[{\"item\":{\"reference\":\"Claim/1\"}}],\"resourceType\":\"List\"}")]
    [InlineData("{\"resourceType\":\"Observation\",\"valueQuantity\":{\"value\":0.10e-5},\"a\":[-0,1E400,1234567890123456789012345678901234567890]}")]
    public void OddButSoundFilesAreExact(string file) => AssertExact(Encoding.UTF8.GetBytes(file));

    private static void AssertExact(byte[] file)
    {
        var (output, report) = Exports.Of(Of(file, new() { AttachmentFloor = 1 }));
        Assert.Equal(ExportOutcome.Exact, report.Outcome);
        Assert.Equal(file, output);
    }
}
