using System.Text;
using System.Text.Json;
using Salus.Client.Studies;
using Salus.Health;
using Salus.Protocol;
using Salus.Protocol.Studies;
using Salus.Testing;

namespace Salus.Client.Tests.Studies;

/// <summary>What leaves a participant's device: the resources and columns that the study names, and nobody's name.</summary>
public sealed class ParticipantCopyTests
{
    private const string Bundle =
        """
        {"resourceType":"Bundle","type":"collection","entry":[
          {"resource":{"resourceType":"Patient","id":"p1","identifier":[{"system":"urn:mrn","value":"12345"}],"name":[{"family":"Quickbeam","given":["Anna"]}],"gender":"female",
            "birthDate":"1990-05-06","address":[{"use":"home","postalCode":"80331"}]}},
          {"resource":{"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"},
            "code":{"coding":[{"system":"http://snomed.info/sct","code":"195967001"}]},"onsetDateTime":"2020-01-01"}},
          {"resource":{"resourceType":"Observation","id":"o1","status":"final","subject":{"reference":"Patient/p1"},"effectiveDateTime":"2021-01-01",
            "code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},
            "valueQuantity":{"value":72.5,"unit":"/min","code":"/min","system":"http://unitsofmeasure.org"}}},
          {"resource":{"resourceType":"Observation","id":"o2","status":"final","subject":{"reference":"Patient/p1"},"effectiveDateTime":"2022-01-01",
            "code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},
            "valueQuantity":{"value":80,"unit":"/min","code":"/min","system":"http://unitsofmeasure.org"}}},
          {"resource":{"resourceType":"Observation","id":"o3","status":"final","subject":{"reference":"Patient/p1"},"effectiveDateTime":"2022-01-01",
            "code":{"coding":[{"system":"http://loinc.org","code":"72166-2"}]},
            "valueCodeableConcept":{"coding":[{"system":"http://snomed.info/sct","code":"266919005","display":"Never smoker"}],"text":"Never smoker"}}}
        ]}
        """;

    [Fact]
    public void TheCopyHoldsWhatTheStudyAsksForAndNobodysName()
    {
        using var data = Data(Terms());
        using var keys = Keys(1);
        var (copy, report, _) = ParticipantCopy.Make(Terms(), data, keys);
        Assert.Equal(keys.Pseudonym, copy.Pseudonym);
        Assert.Equal(["30", "80331", "195967001"], [copy.Row["age"], copy.Row["zip"], copy.Row["condition-code"]]);
        Assert.Equal(3, copy.Row.Count);
        var text = string.Join('\n', copy.Resources.Select(resource => Encoding.UTF8.GetString(resource.Span)));
        Assert.Equal(["Condition", "Observation", "Observation", "Observation"], copy.Resources.Select(Type).Order());
        foreach (var needle in (string[])["Quickbeam", "Anna", "12345", "1990-05-06", "\"p1\"", "Patient/p1", "80331"])
            Assert.DoesNotContain(needle, text, StringComparison.Ordinal);
        Assert.True(report.Items > 0);
    }

    [Fact]
    public void ImagesComeWithoutNamesAndOnlyThoseThatNeedNoLook()
    {
        var terms = Terms() with { Resources = ["ImagingStudy"] };
        using var data = Data(terms);
        using var keys = Keys(1);
        var clean = File.ReadAllBytes(Path.Combine(Places.Data, "dicom", "CT_small.dcm"));
        data.AddImage(clean);
        data.AddImage(File.ReadAllBytes(Path.Combine(Places.Data, "dicom", "derived", "us_burned_in_phi.dcm")));
        data.AddImage(clean[..1000]);
        var (copy, report, leftOut) = ParticipantCopy.Make(terms, data, keys);
        Assert.Equal(2, leftOut);
        var image = Assert.Single(copy.Files);
        Assert.Equal(MediaTypes.Dicom, image.MediaType);
        Assert.True(clean.AsSpan().IndexOf("CompressedSamples"u8) > 0);
        Assert.True(image.Content.AsSpan().IndexOf("CompressedSamples"u8) < 0);
        Assert.Contains(report.Changes, change => change.Path.Contains("PatientName", StringComparison.OrdinalIgnoreCase) || change.Path.Contains("0010", StringComparison.Ordinal));
        Assert.True(ContributionCopy.TryRead(copy.ToBytes(), out var read));
        Assert.Equal(image.Content, Assert.Single(read.Files).Content);
    }

    [Fact]
    public void TwoParticipantsAndTwoStudiesHaveNoPseudonymInCommon()
    {
        var texts = new List<string>();
        foreach (var (account, study) in ((byte, int)[])[(1, 1), (1, 2), (2, 1)])
        {
            using var data = Data(Terms());
            using var keys = Keys(account, study);
            texts.Add(string.Join('\n', ParticipantCopy.Make(Terms(), data, keys).Copy.Resources.Select(resource => Encoding.UTF8.GetString(resource.Span))));
        }
        Assert.Equal(3, texts.Distinct().Count());
        var subjects = texts.Select(text => JsonDocument.Parse(text.Split('\n')[0]).RootElement.GetProperty("subject").GetProperty("reference").GetString()).ToArray();
        Assert.Equal(3, subjects.Distinct().Count());
    }

    [Fact]
    public void ARowHasTheLatestValuesInTheStudysUnitAndItsCategories()
    {
        var terms = Terms() with
        {
            Variables = [new("heart-rate", "loinc:8867-4", "/min", 0, 20, 250, []), new("years", "quasi:age", "", 0, 0, 120, []), new("weight", "loinc:29463-7", "kg", 0, 1, 300, [])],
            Attributes = [new("sex", "quasi:sex", ["female", "male"]), new("decade", "quasi:age", ["under-18", "18-39", "40-plus"]), new("smoking", "loinc:72166-2", ["never-smoker", "smoker"])],
        };
        using var data = Data(terms);
        var columns = ParticipantCopy.Columns(terms with { QuasiIdentifiers = [new("age", ""), new("sex", "")] }, data);
        var row = ParticipantRow.Read(terms, data.Resources, column => columns.GetValueOrDefault(column, ""));
        Assert.Equal([("heart-rate", 80m), ("years", 30m)], row.Numbers.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal([("sex", "female"), ("decade", "18-39"), ("smoking", "never-smoker")], row.Categories.Select(pair => (pair.Key, pair.Value)));
        var otherUnit = ParticipantRow.Read(terms with { Variables = [new("heart-rate", "loinc:8867-4", "Hz", 0, 20, 250, [])] }, data.Resources, _ => "");
        Assert.Empty(otherUnit.Numbers);
    }

    [Theory]
    [InlineData("final", "2026-03-05T01:00:00+02:00", "", "final", "2026-03-04T23:00:00-08:00", "", 2)] // the later instant is the smaller text
    [InlineData("final", "2026-03-04T23:00:00-08:00", "", "final", "2026-03-05T01:00:00+02:00", "", 1)]
    [InlineData("amended", "2026-03-04", "", "entered-in-error", "2026-03-05", "", 1)]
    [InlineData("corrected", "2026-03-04", "", "preliminary", "2026-03-05", "", 1)]
    [InlineData("final", "2026-03-04", "", "cancelled", "2026-03-05", "", 1)]
    [InlineData("final", "2026-03-04", "", "final", "2026-03-05", "<", 1)]
    [InlineData("final", "2026-03-04", "", "final", "", "", 1)]
    [InlineData("registered", "2026-03-04", "", "final", "2026-03-05", ">", 0)]
    public void OnlyAFinalMeasurementCountsAndTheLatestByItsInstant(string status1, string time1, string bound1, string status2, string time2, string bound2, int counted)
    {
        var terms = Terms() with { Variables = [new("heart-rate", "loinc:8867-4", "/min", 0, 20, 250, [])] };
        var resources = new[] { (status1, time1, bound1, 61), (status2, time2, bound2, 62) }.Select(one => JsonDocument.Parse(
            $$$"""
            {"resourceType":"Observation","status":"{{{one.Item1}}}"{{{(one.Item2.Length > 0 ? $",\"effectiveDateTime\":\"{one.Item2}\"" : "")}}},
             "code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},
             "valueQuantity":{"value":{{{one.Item4}}},"code":"/min"{{{(one.Item3.Length > 0 ? $",\"comparator\":\"{one.Item3}\"" : "")}}}}}
            """).RootElement);
        var numbers = ParticipantRow.Read(terms, resources, _ => "").Numbers;
        Assert.Equal(counted == 0 ? [] : [60m + counted], numbers.Values);
    }

    [Theory]
    [InlineData("17", "under-18")]
    [InlineData("17.9", "under-18")]
    [InlineData("18", "18-39")]
    [InlineData("39.5", "18-39")]
    [InlineData("40", "40-plus")]
    [InlineData("Other (specify)", "other-specify")]
    [InlineData("nothing of it", null)]
    [InlineData("", null)]
    public void AValueFallsIntoACategoryByNameOrRange(string value, string? category) =>
        Assert.Equal(category, ParticipantRow.Category(new StudyAttribute("a", "quasi:age", ["under-18", "18-39", "40-plus", "other-specify"]), value));

    [Fact]
    public void NothingOfWhatIsAskedForIsSaidInWords()
    {
        var terms = Terms() with { Resources = ["Immunization"] };
        using var data = Data(terms);
        using var keys = Keys(1);
        Assert.Equal(Reasons.NothingToContribute, Assert.Throws<CannotException>(() => ParticipantCopy.Make(terms, data, keys)).Code);
        var bad = Terms() with { Rules = """{"fhirPathRules":[{"path":"Patient.nonsense","method":"keep"}]}""" };
        Assert.Equal(Reasons.BadStudy, Assert.Throws<CannotException>(() => ParticipantCopy.Make(bad, data, keys)).Code);
    }

    [Fact]
    public void ARowThatNamesThePersonIsNotContributed()
    {
        var terms = Terms() with { Resources = ["Observation"], Sensitive = "condition-display" };
        using var keys = Keys(1);
        using var words = Data(terms, Bundle.Replace("\"code\":\"195967001\"", "\"code\":\"195967001\",\"display\":\"Asthma of Anna QUICKBEAM\"", StringComparison.Ordinal));
        var left = Assert.Throws<CannotException>(() => ParticipantCopy.Make(terms, words, keys));
        Assert.Equal(Reasons.NothingToContribute, left.Code);
        Assert.Contains("condition-display", left.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("QUICKBEAM", left.Message, StringComparison.OrdinalIgnoreCase);
        using var asthma = Data(terms, Bundle.Replace("\"code\":\"195967001\"", "\"code\":\"195967001\",\"display\":\"Asthma\"", StringComparison.Ordinal));
        Assert.Equal("Asthma", ParticipantCopy.Make(terms, asthma, keys).Copy.Row["condition-display"]);
    }

    [Theory]
    [InlineData("birth-date")]
    [InlineData("zip")]
    [InlineData("city")]
    public void AColumnThatTellsPeopleApartIsNoSensitiveOne(string column)
    {
        var terms = Terms() with { Sensitive = column };
        using var data = Data(terms);
        using var keys = Keys(1);
        Assert.Equal(Reasons.BadStudy, Assert.Throws<CannotException>(() => ParticipantCopy.Make(terms, data, keys)).Code);
    }

    [Fact]
    public void AFileOfAnOrganisationIsOfOnePatientWhoHasAnIdentifier()
    {
        using var data = Data(Terms());
        Assert.Equal("urn:mrn|12345", data.PatientIdentifier());
        Assert.Throws<CannotException>(() => Data(Terms(), "not FHIR"));
        using var nobody = Data(Terms(), """{"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"}}""");
        Assert.Throws<CannotException>(nobody.PatientIdentifier);
    }

    [Fact]
    public void TheTemplateIsADeclaration()
    {
        var declaration = StudyDeclaration.Read(Encoding.UTF8.GetBytes(StudyDeclaration.Template));
        Assert.Equal(("Sleep and glucose", 11, 2, 1.5m), (declaration.Title, declaration.K, declaration.L, declaration.Budget));
        Assert.Equal(500, Assert.Single(declaration.Organisations!).Quota);
        Assert.Throws<CannotException>(() => StudyDeclaration.Read("{}"u8));
        Assert.Throws<CannotException>(() => StudyDeclaration.Read("""{"title":"a","purpose":"b","custodian":"c@example.org","ends":"2030-01-01T00:00:00Z","kk":3}"""u8));
        Assert.Throws<CannotException>(() => StudyDeclaration.Read("null"u8));
    }

    private static string Type(ReadOnlyMemory<byte> resource) => JsonDocument.Parse(resource).RootElement.GetProperty("resourceType").GetString()!;

    private static ParticipantData Data(StudyTerms terms, string json = Bundle) => ParticipantData.OfFile(new MemoryStream(Encoding.UTF8.GetBytes(json)), terms, CancellationToken.None);

    private static ParticipantKeys Keys(byte account, int study = 1)
    {
        using var secret = Crypto.Secret.CopyOf([.. Enumerable.Repeat(account, 32)]);
        return ParticipantKeys.Of(secret, new StudyId((UInt128)study));
    }

    private static StudyTerms Terms()
    {
        using var researcher = SigningKey.Generate();
        using var custodian = SigningKey.Generate();
        return new StudyTerms(new StudyId(1), Card(researcher), Card(custodian), [], "Sleep", "Why.", "", ["Condition", "Observation"], [new("age", ""), new("zip", "")], "condition-code",
            ReleaseRules.Default, 0, [], [], [], new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2031, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    private static AccountCard Card(SigningKey key)
    {
        using var ring = Salus.Client.Keys.Keyring.Generate();
        return AccountCard.Create(key, ring.Receiving.PublicKey, ring.Box.PublicKey, 1);
    }
}
