using System.Text;
using System.Text.Json;
using Salus.Health.Keywords;
using Salus.Health.Keywords.Stemming;
using Salus.Testing;

namespace Salus.Health.Tests.Keywords;

/// <summary>
/// The stemmers against those of PostgreSQL, which has Snowball inside: words of the data set and of texts, and words made up of every two endings of
/// a language, which reach each rule from many sides.
/// </summary>
public class StemmerTests
{
    private const int Batch = 4000;

    private static readonly Dictionary<Language, (string Letters, string[] Roots, string[] Endings)> Parts = new()
    {
        [Language.English] = ("abcdefghijklmnopqrstuvwxyz", ["gener", "commun", "arsen", "y", "yy", "'", "inter", "cry", "happ", "succ"],
            ("s es ies ied sses ss us 's s' ' ed eed ing edly eedly ingly y ly ally tional enci anci abli entli izer ization ational ation ator alism aliti alli fulness "
            + "ousli ousness iveness iviti biliti bli ogi fulli lessli li alize icate iciti ical ful ness ative al ance ence er ic able ible ant ement ment ent ism ate iti ous "
            + "ive ize ion sion tion e le ll at bl iz bb dd ff gg mm nn pp rr tt aw ax ay").Split(' ')),
        [Language.German] = ("abcdefghijklmnopqrstuvwxyzäöüß", ["auu", "ayy", "bau", "häus", "groß", "säug", "über", "quell", "neuer", "au"],
            ("em ern er e en es s nis nisse nissen est st end ung ungen ig igen eig eigung igung ik isch lich liche heit heiten keit lichkeit igkeit erlich enheit keiten "
            + "system ä ö ü ß ln lns erin erinnen").Split(' ')),
        [Language.French] = ("abcdefghijlmnopqrstuvxyzàâçéèêëîïôûù", ["par", "col", "tap", "ni", "quay", "haïr", "noël", "jouy", "aio", "ay"],
            ("ance isme able iste eux ique atrice ateur ation icatrice icateur ication logie usion ution ence ement ivement ativement eusement ablement iquement ièrement ité "
            + "abilité icité ivité if ive ative icatif eaux aux oux euse issement amment emment ment ments îmes ît îtes i ie ies ir ira iraient irais issaient issant isse issons it "
            + "ions é ée ées és èrent er era erai eraient erez ez iez ons âmes ât âtes a ai aient ais ait ant ante asse assions eant eait ion sion tion ier ière e s enne onne "
            + "ette elle eille ï ë gue guë ç y ys").Split(' ')),
        [Language.Spanish] = ("abcdefghijlmnopqrstuvxyzáéíñóúü", ["seg", "argu", "haci", "io", "ae", "tra", "oí", "averi", "contribu", "re"],
            ("me se sela selo selas selos la le lo las les los nos iéndo ándo ár ér ír iendo ando ar er ir yendo uyendo anza ico ica ismo able ible ista oso osa amiento imiento "
            + "adora ador ación adores aciones ante antes ancia ancias icación icador logía logías ución uciones encia amente ivamente ativamente osamente icamente adamente mente "
            + "antemente ablemente idad idades abilidad icidad ividad iva ivo ativa ativo ya ye yan yó uya uyó uyeron en es éis emos guen gues guéis arían arás aremos erían irán "
            + "aba ada ida ía ara iera ad ed id ase iese aste iste an aban ían aron ieron ado ido ió as abas ís áis amos ábamos íamos imos áramos iésemos os a o á í ó e é gue gué s").Split(' ')),
    };

    public static TheoryData<Language> Languages => [.. Enum.GetValues<Language>()];

    [Theory, MemberData(nameof(Languages))]
    public async Task EveryStemIsThatOfPostgres(Language language)
    {
        var cluster = await PostgresCluster.SharedAsync();
        var name = language.ToString().ToLowerInvariant();
        var database = await cluster.CreateDatabaseAsync();
        // A dictionary without stop words: the ones that PostgreSQL brings leave them out.
        await cluster.ExecuteAsync(database, $"CREATE TEXT SEARCH DICTIONARY bare (TEMPLATE = snowball, Language = {name})");
        var words = Vocabulary(language).Where(word => word.Length <= StemWord.MaxLength).ToHashSet();
        Assert.True(words.Count > 25_000, $"{words.Count} words");
        var wrong = new List<string>();
        foreach (var batch in words.Chunk(Batch))
        {
            var stems = (await cluster.ExecuteAsync(database,
                $"SELECT '<' || array_to_string(ts_lexize('bare', w), '') || '>' FROM unnest(string_to_array('{string.Join(' ', batch).Replace("'", "''", StringComparison.Ordinal)}', ' ')) "
                + "WITH ORDINALITY AS t(w, n) ORDER BY n")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(batch.Length, stems.Length);
            wrong.AddRange(batch.Zip(stems).Where(pair => $"<{Stemmers.Stem(pair.First, language)}>" != pair.Second)
                .Select(pair => $"{pair.First}: {Stemmers.Stem(pair.First, language)} {pair.Second}"));
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {words.Count}: {string.Join("; ", wrong.Take(60))}");
    }

    [Fact]
    public void AWordLongerThanAnyIsItsOwnStem()
    {
        var word = new string('a', StemWord.MaxLength) + "ing";
        foreach (var language in Enum.GetValues<Language>())
            Assert.Equal(word, Stemmers.Stem(word, language));
    }

    [Fact]
    public void NoWordBreaksAStemmer()
    {
        var random = new Random(11);
        const string letters = "aeiouyYUIHäöüéèëïïßçqs'ngstmxw";
        for (var i = 0; i < 50_000; i++)
        {
            var word = string.Concat(Enumerable.Range(0, random.Next(1, i % 100 == 0 ? StemWord.MaxLength + 1 : 12)).Select(_ => letters[random.Next(letters.Length)]));
            foreach (var language in Enum.GetValues<Language>())
                Assert.True(Stemmers.Stem(word, language).Length <= 2 * word.Length);
        }
    }

    private static IEnumerable<string> Vocabulary(Language language)
    {
        var (letters, roots, endings) = Parts[language];
        var random = new Random((int)language + 1);
        var made = roots.Concat(Enumerable.Range(0, 60).Select(i => string.Concat(Enumerable.Range(0, 1 + i % 6).Select(_ => letters[random.Next(letters.Length)])))).ToArray();
        foreach (var root in made)
            foreach (var ending in endings)
                yield return root + ending;
        foreach (var first in endings)
            foreach (var second in endings)
                for (var i = 0; i < 3; i++)
                    yield return made[random.Next(made.Length)] + first + second;
        for (var i = 0; i < 20_000; i++)
            yield return string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => letters[random.Next(letters.Length)])) + endings[random.Next(endings.Length)];
        foreach (var text in language == Language.English ? EnglishTexts() : [Texts.Of(language)])
            foreach (var token in Words.Tokenise(text))
                yield return token.Word;
    }

    /// <summary>Every word of the FHIR files and of what else is text in the data set.</summary>
    private static IEnumerable<string> EnglishTexts()
    {
        foreach (var file in Directory.EnumerateFiles(Places.Data, "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is ".json" or ".ccda" or ".xml" or ".hl7" or ".md"))
            foreach (var token in Words.Tokenise(File.ReadAllText(file)).Select(token => token.Word).Where(word => word.All(c => c is >= 'a' and <= 'z' or '\'')).Distinct())
                yield return token;
    }
}
