using System.Collections.Frozen;

namespace Salus.Health.Keywords;

/// <summary>
/// Tells the language of words by those that every text of it has. A wrong guess costs little: a query asks for the stems of all languages, so only
/// another inflection of a word is then missed.
/// </summary>
internal sealed class LanguageGuess
{
    private const int Enough = 2;

    private static readonly string[] StopWords =
    [
        "the of and to in is was for with on by are at from this that be as it or an not has have been were will which who had his her their no without",
        "der die das und ist von mit im den des dem ein eine einer eines nicht für auf bei zur zum nach als auch wird wurde sind oder aus vor durch über keine ohne am",
        "le la les des et est une un du dans pour par sur avec qui que pas au aux ce cette sont il elle été sans ou son sa ses plus ne en",
        "el la los las de del y en un una es que por con para se su al no lo como más o fue sin sobre ha sus entre está son",
    ];

    private static readonly FrozenDictionary<string, int> Languages = Build();

    private readonly long[] counts = new long[StopWords.Length];

    public Language Best
    {
        get
        {
            var best = 0;
            for (var i = 1; i < counts.Length; i++)
                if (counts[i] > counts[best] && counts[i] >= Enough)
                    best = i;
            return (Language)best;
        }
    }

    public void Clear() => Array.Clear(counts);

    public void Add(string word, int times)
    {
        for (var languages = Languages.GetValueOrDefault(word); languages != 0; languages &= languages - 1)
            counts[System.Numerics.BitOperations.TrailingZeroCount(languages)] += times;
    }

    /// <summary>Word to the set of its languages, a bit each.</summary>
    private static FrozenDictionary<string, int> Build() => StopWords.SelectMany((words, language) => words.Split(' ').Select(word => (word, language)))
        .GroupBy(pair => pair.word).ToFrozenDictionary(group => group.Key, group => group.Aggregate(0, (set, pair) => set | (1 << pair.language)));
}
