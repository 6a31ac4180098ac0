using Salus.Health.Keywords;

namespace Salus.Health.Tests.Keywords;

public class WordsTests
{
    [Theory]
    [InlineData("Hemoglobin A1c, 6.3 %", "hemoglobin a1c 6 3")]
    [InlineData("the patient's X-ray; O'Hara", "the patient's x ray o hara")]
    [InlineData("l’hôpital de Besançon n'est", "l hôpital de besançon n est")]
    [InlineData("don't they’re", "don't they're")]
    [InlineData("ÄRZTE Straße", "ärzte straße")]
    [InlineData("Schwa\u0308che", "schwäche")]
    [InlineData("高血圧症 と 薬", "高血 血圧 圧症 と 薬")]
    [InlineData("약물치료", "약물 물치 치료")]
    [InlineData("COVID19 µg 5µl", "covid19 µg 5µl")]
    [InlineData("naïve😀cat", "naïve cat")]
    [InlineData("血圧120mmHg", "血圧 120mmhg")]
    [InlineData("'' ' - ", "")]
    public void TextIsPartedIntoWords(string text, string expected) => Assert.Equal(expected, string.Join(' ', Words.Tokenise(text).Select(token => token.Word)));

    [Fact]
    public void ATokenTellsWhereItStands()
    {
        const string text = "Über  die “Herzinsuffizienz” 𠮷野家";
        foreach (var token in Words.Tokenise(text))
            Assert.Equal(token.Word, text.Substring(token.Start, token.Length).ToLowerInvariant());
    }

    [Theory]
    [InlineData("müßiggänger", "mussigganger")]
    [InlineData("cœur", "coeur")]
    [InlineData("å", "a")]
    [InlineData("άρρωστος", "αρρωστοσ")]
    [InlineData("ｆｕｌｌ", "full")]
    [InlineData("e\u0301te\u0328", "ete")]
    [InlineData("patient's", "patients")]
    [InlineData("ascii", "ascii")]
    [InlineData("हिंदी", "हिंदी")]
    [InlineData("مَرَض", "مرض")]
    public void AccentsFold(string word, string expected) => Assert.Equal(expected, Words.Fold(word));

    [Fact]
    public void AWordIsFoundInEveryLanguageByEveryInflectionThatItsStemmerJoins()
    {
        (Language Language, string InText, string Typed)[] pairs =
        [
            (Language.English, "fractures", "fractured"), (Language.English, "allergies", "Allergy"), (Language.German, "Allergien", "allergie"),
            (Language.German, "Schwächen", "Schwäche"), (Language.German, "Häuser", "hauser"), (Language.French, "hospitalisée", "hospitalisation"),
            (Language.French, "pénalité", "penalite"), (Language.French, "penalite", "pénalité"), (Language.Spanish, "alergias", "alergia"),
            (Language.Spanish, "medicación", "medicacion"), (Language.English, "高血圧", "血圧"),
        ];
        foreach (var (language, inText, typed) in pairs)
        {
            var indexed = Words.Tokenise(inText).SelectMany(token => Words.Terms(token.Word, language)).ToHashSet();
            Assert.True(Words.QueryVariants(typed).Any(indexed.Contains), $"{typed} does not find {inText}");
        }
    }

    [Fact]
    public void AQueryWordGivesEachTermOnce()
    {
        Assert.Equal(["w:allergi", "w:allerg"], Words.QueryVariants("Allergies"));
        Assert.Empty(Words.QueryVariants(" ?! "));
        Assert.Equal("w:fract", Words.QueryPrefix("Fract"));
        Assert.Equal("", Words.QueryPrefix("two words"));
    }

    [Theory]
    [InlineData(Language.English)]
    [InlineData(Language.German)]
    [InlineData(Language.French)]
    [InlineData(Language.Spanish)]
    public void ALetterTellsItsLanguage(Language language)
    {
        Assert.Equal(language, Words.DetectLanguage(Texts.Of(language)));
        Assert.Equal(language, Words.DetectLanguage(Texts.Of(language).ToUpperInvariant()));
    }

    [Theory]
    [InlineData("Asthma bronchiale")]
    [InlineData("")]
    [InlineData("la")]
    public void TooFewWordsAreEnglish(string text) => Assert.Equal(Language.English, Words.DetectLanguage(text));

    [Fact]
    public void TermsAreAtMost64BytesBehindTheirPrefixAndWholeCharacters()
    {
        var random = new Random(5);
        for (var i = 0; i < 1_500; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(200)).Select(_ => char.ConvertFromUtf32(random.Next(4) switch
            {
                0 => random.Next('a', 'z' + 1),
                1 => random.Next(0xC0, 0x250),
                2 => random.Next(0x300, 0x370),
                _ => random.Next(0x10000, 0x30000),
            })));
            foreach (var token in Words.Tokenise(text))
                foreach (var term in Words.QueryVariants(token.Word).Append(TermNames.Code(token.Word, text)))
                {
                    Assert.True(System.Text.Encoding.UTF8.GetByteCount(term) <= TermNames.MaxBytes + 2, term);
                    Assert.True(term.Length > 2 && term.EnumerateRunes().All(rune => rune != System.Text.Rune.ReplacementChar), term);
                }
        }
    }

    [Theory]
    [InlineData("loinc|4548-4", "c:loinc|4548-4")]
    [InlineData("http://loinc.org|4548-4", "c:loinc|4548-4")]
    [InlineData("2.16.840.1.113883.6.96|73211009", "c:snomed|73211009")]
    [InlineData("urn:oid:2.16.840.1.113883.6.90|E11.9", "c:icd10cm|e11.9")]
    [InlineData("LN|718-7", "c:loinc|718-7")]
    [InlineData("http://terminology.hl7.org/CodeSystem/v3-ActCode|AMB", "c:hl7:v3-actcode|amb")]
    [InlineData("http://example.org/Lab|X", "c:http://example.org/lab|x")]
    [InlineData(" E11.9 ", "c:e11.9")]
    public void CodesHaveShortSystems(string typed, string expected) => Assert.Equal(expected, TermNames.Code(typed));

    [Theory]
    [InlineData("2020", "d:2020")]
    [InlineData("2020-03", "d:2020 d:2020-03")]
    [InlineData("2020-03-11T10:00:00+01:00", "d:2020 d:2020-03 d:2020-03-11")]
    [InlineData("2020-13-01", "")]
    [InlineData("2020-03-11x", "")]
    [InlineData("20-03-11", "")]
    [InlineData("", "")]
    public void DatesAreFoundByYearMonthAndDay(string date, string expected) => Assert.Equal(expected, string.Join(' ', TermNames.Dates(date)));
}
