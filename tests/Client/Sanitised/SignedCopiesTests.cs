using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Salus.Client.Keys;
using Salus.Client.Sanitised;
using Salus.Testing;

namespace Salus.Client.Tests.Sanitised;

/// <summary>Copies that their author signs and whose holder hands on a part of.</summary>
public sealed class SignedCopiesTests : IDisposable
{
    private const string Clemente = "fhir/Clemente_Kreiger_1484a42d-0eaf-4654-9cbf-6b050a5cd73b.json";
    private const string Header = """{"alg":"EdDSA","typ":"salus-fhir+sd-jwt","kid":"KID"}""";

    private readonly TemporaryFolder _folder = new();
    private readonly Keyring _hospital = Keyring.Generate("City Hospital");
    private readonly AttestationKey _key;

    public SignedCopiesTests() => _key = _hospital.Attestation();

    public static TheoryData<string> Patients =>
    [
        Clemente, "fhir/Roland928_Nienow652_13b1a0f2-dceb-37a2-f32b-f0ca6e3b9925.json", "fhir/IPS_IG-bundle-01.json", "fhir/edge/decimal-precision.json",
        "fhir/bulk-ndjson/AllergyIntolerance.000.ndjson",
    ];

    public void Dispose()
    {
        _key.Dispose();
        _hospital.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void DigestsAreThoseOfTheRfc()
    {
        // RFC 9901, sections 4.2.1 and 4.2.2.
        Assert.True(Disclosure.TryRead("WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0", out var member));
        Assert.Equal(("family_name", "Möbius", "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"), (member.Name, member.Value.GetString(), member.Digest));
        Assert.True(Disclosure.TryRead("WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0", out var element));
        Assert.Equal((null, "FR", "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs"), (element.Name, element.Value.GetString(), element.Digest));
    }

    [Theory]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"\udc00":1}""")]
    [InlineData("""{"a":1,"a":2}""")]
    public void WhatCannotBeHadAsTextIsNoJson(string json) => Assert.False(SdJson.TryParse(Encoding.UTF8.GetBytes(json), out _));

    [Theory]
    [MemberData(nameof(Patients))]
    public async Task AWholeCopyGivesBackEveryResourceAsItWas(string patient)
    {
        var (copies, shown) = (_folder.File("copies"), _folder.File("shown"));
        var file = Path.Combine(Places.Data, patient);
        await SignedCopies.SignAsync(_key, file, copies, CancellationToken.None);
        var summary = await SignedCopies.VerifyAsync(copies, shown, null, CancellationToken.None);
        Assert.Equal(_hospital.Card.Fingerprint, summary.Signer.Fingerprint);
        var (before, after) = (FhirFile.Read(file).ToList(), FhirFile.Read(shown).ToList());
        Assert.Equal(before.Count, after.Count);
        Assert.All(before.Zip(after), pair => Assert.True(SdJson.AreSame(pair.First, pair.Second), pair.First.GetRawText()[..Math.Min(200, pair.First.GetRawText().Length)]));
    }

    [Fact]
    public async Task ASanitisedCopyVerifiesAndNamesNobody()
    {
        var (copies, sanitised, shown) = (_folder.File("copies"), _folder.File("sanitised"), _folder.File("shown"));
        await SignedCopies.SignAsync(_key, Path.Combine(Places.Data, Clemente), copies, CancellationToken.None);
        var left = await SignedCopies.SanitiseAsync(copies, rules: null, sanitised, CancellationToken.None);
        var summary = await SignedCopies.VerifyAsync(sanitised, shown, null, CancellationToken.None);
        Assert.Equal((left.Resources, left.Disclosures), (summary.Resources, summary.Disclosures));
        // Neither what it shows nor what it is made of has a word of the patient in it.
        var text = await File.ReadAllTextAsync(shown) + string.Concat((await File.ReadAllLinesAsync(sanitised)).Skip(1).SelectMany(line => line.Split('~').Skip(1)).Where(part => part.Length > 0)
            .Select(part => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(part))));
        var needles = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(Places.Data, "gold", "needles.json"))).RootElement.GetProperty(Path.GetFileName(Clemente)).GetProperty("needles");
        foreach (var kind in needles.EnumerateObject())
            foreach (var needle in kind.Value.EnumerateArray().Select(value => value.GetString()!).Where(value => value.Length > 3))
                Assert.False(text.Contains(needle, StringComparison.OrdinalIgnoreCase), $"{kind.Name} is left");
        // And it still says something: the sex, the year of birth, codes.
        var patient = FhirFile.Read(shown).Single(resource => resource.GetProperty("resourceType").GetString() == "Patient");
        var original = FhirFile.Read(Path.Combine(Places.Data, Clemente)).Single(resource => resource.GetProperty("resourceType").GetString() == "Patient");
        Assert.Equal(original.GetProperty("gender").GetString(), patient.GetProperty("gender").GetString());
        Assert.Equal(original.GetProperty("birthDate").GetString()![..4], patient.GetProperty("birthDate").GetString());
        Assert.Contains(FhirFile.Read(shown), resource => resource.GetProperty("resourceType").GetString() == "Condition"
            && resource.TryGetProperty("code", out var code) && code.TryGetProperty("coding", out _));
        // Sanitising it once more changes nothing of what it shows.
        var again = _folder.File("again");
        await SignedCopies.SanitiseAsync(sanitised, rules: null, again, CancellationToken.None);
        Assert.Equal(await File.ReadAllLinesAsync(sanitised), await File.ReadAllLinesAsync(again));
    }

    [Fact]
    public async Task CopiesThatAPersonSignedAreNotSanitised()
    {
        using var person = Keyring.Generate();
        using var key = person.Attestation();
        var copies = _folder.File("copies");
        await SignedCopies.SignAsync(key, Path.Combine(Places.Data, Clemente), copies, CancellationToken.None);
        var refused = await Assert.ThrowsAsync<CannotException>(() => SignedCopies.SanitiseAsync(copies, null, _folder.File("sanitised"), CancellationToken.None));
        Assert.Contains("signature would tell", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("sanitised")));
    }

    [Fact]
    public async Task CopiesAreNotWrittenOverThemselves()
    {
        var copies = _folder.File("copies");
        await SignedCopies.SignAsync(_key, Path.Combine(Places.Data, "fhir/edge/decimal-precision.json"), copies, CancellationToken.None);
        var before = await File.ReadAllBytesAsync(copies);
        await Assert.ThrowsAsync<CannotException>(() => SignedCopies.SanitiseAsync(copies, null, copies, CancellationToken.None));
        await Assert.ThrowsAsync<CannotException>(() => SignedCopies.VerifyAsync(copies, copies, null, CancellationToken.None));
        await Assert.ThrowsAsync<CannotException>(() => SignedCopies.SignAsync(_key, copies, copies, CancellationToken.None));
        Assert.Equal(before, await File.ReadAllBytesAsync(copies));
    }

    [Fact]
    public void TwoSigningsHaveNothingInCommonAndSaltsHave128Bits()
    {
        var resource = Parse("""{"resourceType":"Patient","gender":"female","name":[{"family":"Kreiger","given":["Ann","Bea"]}]}""");
        var (one, other) = (SdJwtIssuer.Issue(resource, _key), SdJwtIssuer.Issue(resource, _key));
        Assert.Empty(Digests(one).Intersect(Digests(other)));
        var salts = new[] { one, other }.SelectMany(text => text.Split('~')[1..^1]).Select(part => Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(part)))[0].GetString()!).ToList();
        Assert.Equal(salts.Count, salts.Distinct().Count());
        Assert.All(salts, salt => Assert.Equal(Disclosure.SaltSize, Base64Url.DecodeFromChars(salt).Length));
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient","gender":"female"}""", 4)]
    [InlineData("""{"resourceType":"Patient","gender":"female","active":true,"id":"1","language":"en"}""", 4)]
    [InlineData("""{"resourceType":"Patient","gender":"female","active":true,"id":"1","language":"en","x":1}""", 8)]
    public void DecoysFillUpDigestsToAPowerOfTwo(string resource, int digests)
    {
        var payload = Payload(SdJwtIssuer.Issue(Parse(resource), _key));
        Assert.Equal(digests, payload.GetProperty("resource").GetProperty("_sd").GetArrayLength());
    }

    [Fact]
    public void WhatWasAlteredAddedOrRepeatedIsRefused()
    {
        var resource = Parse("""{"resourceType":"Patient","gender":"female","name":[{"family":"Kreiger"}],"birthDate":"1983-10-09"}""");
        var text = SdJwtIssuer.Issue(resource, _key);
        var parts = text.Split('~');
        Assert.True(SdJwt.TryVerify(text, _key.Attester, out _, out _));
        for (var i = 1; i < parts.Length - 1; i++)
        {
            var json = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[i]));
            Refused(string.Join('~', parts.Select((part, at) => at == i ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json[..^1] + " ]")) : part)));
            Refused($"{text}{parts[i]}~");
        }
        for (var at = 0; at < text.Length; at++)
            Refused(text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..]);
        for (var length = 0; length < text.Length; length++)
            if (text[..length] is var cut && !cut.EndsWith('~'))
                Refused(cut);
        // A disclosure of another copy, one within another that is not shown, a key binding.
        Refused(text + SdJwtIssuer.Issue(resource, _key).Split('~')[1] + "~");
        Refused($"{parts[0]}~{parts[1..^1].Single(part => Read(part).Name == "family")}~");
        Refused(text + "eyJhbGciOiJFZERTQSJ9.e30.AAAA");
        // Leaving out is what a holder may do.
        Assert.True(SdJwt.TryVerify(parts[0] + "~", _key.Attester, out var empty, out _));
        Assert.Equal("""{"resourceType":"Patient"}""", empty.Revealed.GetRawText());
    }

    [Theory]
    [InlineData("""{"alg":"none","typ":"salus-fhir+sd-jwt","kid":"KID"}""")]
    [InlineData("""{"alg":"HS256","typ":"salus-fhir+sd-jwt","kid":"KID"}""")]
    [InlineData("""{"alg":"EdDSA","typ":"JWT","kid":"KID"}""")]
    [InlineData("""{"alg":"EdDSA","typ":"salus-fhir+sd-jwt","kid":"urn:salus:account:00000000000000000000000000000000"}""")]
    [InlineData("""{"alg":"EdDSA","typ":"salus-fhir+sd-jwt","kid":"KID","crit":["exp"]}""")]
    [InlineData("""{"alg":"EdDSA","alg":"EdDSA","typ":"salus-fhir+sd-jwt","kid":"KID"}""")]
    public void OtherHeadersAreRefusedEvenWhenTheyAreSigned(string header) => Refused(Signed(header, """{"iss":"KID","_sd_alg":"sha-256","resource":{"resourceType":"Patient"}}""") + "~");

    [Theory]
    [InlineData("""{"iss":"KID","_sd_alg":"sha-512","resource":{"resourceType":"Patient","_sd":["DIGEST"]}}""")]
    [InlineData("""{"iss":"urn:other","_sd_alg":"sha-256","resource":{"resourceType":"Patient","_sd":["DIGEST"]}}""")]
    [InlineData("""{"iss":"KID","_sd_alg":"sha-256","resource":[]}""")]
    [InlineData("""{"iss":"KID","_sd_alg":"sha-256","resource":{"_sd":"DIGEST"}}""")]
    [InlineData("""{"iss":"KID","_sd_alg":"sha-256","resource":{"_sd":[1,"DIGEST"]}}""")]
    [InlineData("""{"iss":"KID","_sd_alg":"sha-256","resource":{"_sd":["DIGEST","DIGEST"]}}""")]
    [InlineData("""{"iss":"KID","_sd_alg":"sha-256","resource":{"_sd":["DIGEST"],"gender":"male"}}""")]
    [InlineData("""{"iss":"KID","_sd_alg":"sha-256","resource":{"list":[{"...":"DIGEST"}]}}""")]
    [InlineData("""{"iss":"KID","_sd_alg":"sha-256","resource":{"list":[{"...":"other","more":1}],"_sd":["DIGEST"]}}""")]
    [InlineData("""{"iss":"KID","_sd_alg":"sha-256","resource":{"...":"x","_sd":["DIGEST"]}}""")]
    [InlineData("""{"iss":"KID","_sd_alg":"sha-256","resource":{"a":{"_sd":["DIGEST"]},"_sd":["DIGEST"]}}""")]
    public void AStructureThatTheRfcForbidsIsRefusedEvenWhenItIsSigned(string payload)
    {
        var disclosure = Disclosure.Make("gender", "\"female\""u8);
        Refused($"{Signed(Header, payload.Replace("DIGEST", disclosure.Digest, StringComparison.Ordinal))}~{disclosure.Encoded}~");
    }

    [Theory]
    [InlineData("""{"iss":"KID","_sd_alg":"sha-256","resource":{"resourceType":"Patient","name":"Kreiger","_sd":["DIGEST"]}}""", "\"female\"")]
    [InlineData("""{"iss":"KID","_sd_alg":"sha-256","resource":{"resourceType":"Patient","_sd":["DIGEST"]},"name":"Kreiger"}""", "\"female\"")]
    [InlineData("""{"iss":"KID","_sd_alg":"sha-256","resource":{"resourceType":"Patient","_sd":["DIGEST"]}}""", """{"family":"Kreiger","_sd":[]}""")]
    [InlineData("""{"iss":"KID","_sd_alg":"sha-256","resource":{"resourceType":"Patient","_sd":["DIGEST"]}}""", """["Kreiger"]""")]
    [InlineData("""{"iss":"KID","_sd_alg":"sha-256","resource":{"resourceType":"Patient","_sd":["DIGEST"]}}""", """{"name":{"family":"Kreiger"}}""")]
    public void WhatStandsInClearWhereAHolderCouldNotLeaveItOutIsRefused(string payload, string value)
    {
        var disclosure = Disclosure.Make("gender", Encoding.UTF8.GetBytes(value));
        Refused($"{Signed(Header, payload.Replace("DIGEST", disclosure.Digest, StringComparison.Ordinal))}~{disclosure.Encoded}~");
    }

    [Fact]
    public void CoarserValuesThatAreNoneAreLeftOut()
    {
        var disclosure = Disclosure.Make("generalised", "\"1983\""u8);
        var payload = """{"iss":"KID","_sd_alg":"sha-256","resource":{"resourceType":"Patient","_sd":["DIGEST"]}}""".Replace("DIGEST", disclosure.Digest, StringComparison.Ordinal);
        Assert.True(SdJwt.TryVerify($"{Signed(Header, payload)}~{disclosure.Encoded}~", _key.Attester, out var copy, out _));
        Assert.Null(copy.Sanitised(Parse("""{"resourceType":"Patient","birthDate":"1983"}""")));
    }

    [Fact]
    public void DisclosuresNestedWithoutEndAreRefused()
    {
        var inner = Disclosure.Make("a", "1"u8);
        var all = new List<Disclosure> { inner };
        for (var i = 0; i < 5000; i++)
            all.Add(inner = Disclosure.Make("a", Encoding.UTF8.GetBytes($$"""{"_sd":["{{inner.Digest}}"]}""")));
        var payload = """{"iss":"KID","_sd_alg":"sha-256","resource":{"_sd":["DIGEST"]}}""".Replace("DIGEST", inner.Digest, StringComparison.Ordinal);
        Refused($"{Signed(Header, payload)}~{string.Concat(all.Select(disclosure => disclosure.Encoded + "~"))}");
    }

    [Fact]
    public async Task TheFileSaysWhichLineIsDamagedAndWhoSignedIsNotToBeExchanged()
    {
        var copies = _folder.File("copies");
        await SignedCopies.SignAsync(_key, Path.Combine(Places.Data, "fhir/bulk-ndjson/AllergyIntolerance.000.ndjson"), copies, CancellationToken.None);
        var lines = await File.ReadAllLinesAsync(copies);
        await File.WriteAllLinesAsync(copies, lines.Select((line, at) => at == 2 ? line[..^40] + "~" : line));
        var alarm = await Assert.ThrowsAsync<AlarmException>(() => SignedCopies.VerifyAsync(copies, _folder.File("shown"), null, CancellationToken.None));
        Assert.Equal(AlarmKind.Integrity, alarm.Kind);
        Assert.Contains("line 3", alarm.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("shown")));

        using var other = Keyring.Generate("Another Hospital");
        using var otherKey = other.Attestation();
        var theirs = _folder.File("theirs");
        await SignedCopies.SignAsync(otherKey, Path.Combine(Places.Data, "fhir/edge/decimal-precision.json"), theirs, CancellationToken.None);
        await File.WriteAllLinesAsync(copies, [(await File.ReadAllLinesAsync(theirs))[0], .. lines.Skip(1)]);
        await Assert.ThrowsAsync<AlarmException>(() => SignedCopies.VerifyAsync(copies, null, null, CancellationToken.None));
        await File.WriteAllLinesAsync(copies, [lines[0].Replace("\"certificate\":\"", "\"certificate\":\"AA", StringComparison.Ordinal), .. lines.Skip(1)]);
        await Assert.ThrowsAsync<CannotException>(() => SignedCopies.VerifyAsync(copies, null, null, CancellationToken.None));
        foreach (var nothing in new[] { "", "{}", "\u0001\u0002", "not a file" })
        {
            await File.WriteAllTextAsync(copies, nothing);
            await Assert.ThrowsAsync<CannotException>(() => SignedCopies.VerifyAsync(copies, null, null, CancellationToken.None));
        }
    }

    private void Refused(string text)
    {
        Assert.False(SdJwt.TryVerify(text, _key.Attester, out _, out var fault));
        Assert.NotEmpty(fault);
    }

    private string Signed(string header, string payload)
    {
        var text = string.Join('.', new[] { header, payload }.Select(part => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.Replace("KID", _key.Issuer, StringComparison.Ordinal)))));
        return $"{text}.{Base64Url.EncodeToString(_key.Sign(Encoding.ASCII.GetBytes(text)))}";
    }

    private static Disclosure Read(string part) => Disclosure.TryRead(part, out var disclosure) ? disclosure : throw new FormatException();

    private static JsonElement Payload(string text) => Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text.Split('~')[0].Split('.')[1])));

    private static IEnumerable<string> Digests(string text) =>
        Payload(text).GetProperty("resource").GetProperty("_sd").EnumerateArray().Select(digest => digest.GetString()!).Concat(text.Split('~')[1..^1].Select(part => Read(part).Digest));

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
