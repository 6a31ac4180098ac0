using System.Collections.Frozen;

namespace Salus.Health.Keywords.Stemming;

/// <summary>English (Porter2), Snowball 2.2: snowballstem.org/algorithms/english/stemmer.html. Steps are numbered as there.</summary>
internal static class EnglishStemmer
{
    private const string Vowels = "aeiouy";

    private static readonly FrozenDictionary<string, string> Exceptions =
        ("skis=ski skies=sky dying=die lying=lie tying=tie idly=idl gently=gentl ugly=ugli early=earli only=onli singly=singl sky=sky news=news howe=howe "
        + "atlas=atlas cosmos=cosmos bias=bias andes=andes").Split(' ').Select(pair => pair.Split('=')).ToFrozenDictionary(pair => pair[0], pair => pair[1]);

    private static readonly FrozenSet<string> Kept = "inning outing canning herring earring proceed exceed succeed".Split(' ').ToFrozenSet();

    private static readonly string[] Step1A = StemWord.Table("sses ied ies s us ss");
    private static readonly string[] Step1B = StemWord.Table("eed eedly ed edly ing ingly");
    private static readonly string[] Doubles = StemWord.Table("bb dd ff gg mm nn pp rr tt");

    private static readonly string[] Step2 = StemWord.Table(
        "tional enci anci abli entli izer ization ational ation ator alism aliti alli fulness ousli ousness iveness iviti biliti bli ogi fulli lessli li");

    private static readonly string[] Step3 = StemWord.Table("tional ational alize icate iciti ical ful ness ative");
    private static readonly string[] Step4 = StemWord.Table("al ance ence er ic able ible ant ement ment ent ism ate iti ous ive ize ion");

    public static string Stem(string word)
    {
        if (Exceptions.TryGetValue(word, out var known))
            return known;
        if (word.Length <= 2)
            return word;
        var w = new StemWord(word, stackalloc char[StemWord.Room]);
        if (w[0] == '\'')
            w.Replace(0, 1, "");
        // A y that is a consonant is written Y until the end.
        for (var i = 0; i < w.Length; i++)
            if (w[i] == 'y' && (i == 0 || Vowels.Contains(w[i - 1])))
                w[i] = 'Y';
        var special = w.StartsWith("gener") || w.StartsWith("arsen") ? 5 : w.StartsWith("commun") ? 6 : 0;
        var (r1, r2) = w.Regions(Vowels);
        if (special > 0)
            (r1, r2) = (special, w.Regions(Vowels, special).R1);

        RunStep1A(ref w);
        if (!Kept.Contains(w.ToString()))
        {
            RunStep1B(ref w, r1);
            if (w.Length > 2 && w[^1] is 'y' or 'Y' && !Vowels.Contains(w[w.Length - 2]))
                w[^1] = 'i';
            RunStep2(ref w, r1);
            RunStep3(ref w, r1, r2);
            RunStep4(ref w, r2);
            RunStep5(ref w, r1, r2);
        }
        for (var i = 0; i < w.Length; i++)
            if (w[i] == 'Y')
                w[i] = 'y';
        return w.ToString();
    }

    private static void RunStep1A(ref StemWord w)
    {
        w.End(w.Has("'s'", w.Length) ? 3 : w.Has("'s", w.Length) ? 2 : w.Has("'", w.Length) ? 1 : 0);
        switch (w.Longest(Step1A))
        {
            case "sses":
                w.End(2);
                break;
            case "ied" or "ies":
                w.End(3, w.Length > 4 ? "i" : "ie");
                break;
            case "s" when w.Past(Vowels, 0) is > 0 and var past && past <= w.Length - 2:
                w.End(1);
                break;
        }
    }

    private static void RunStep1B(ref StemWord w, int r1)
    {
        var suffix = w.Longest(Step1B);
        var stem = w.Length - suffix.Length;
        if (suffix is "eed" or "eedly")
        {
            if (stem >= r1)
                w.End(suffix.Length, "ee");
            return;
        }
        if (suffix.Length == 0 || w.Past(Vowels, 0) is not (> 0 and var past) || past > stem)
            return;
        w.End(suffix.Length);
        if (w.Has("at", w.Length) || w.Has("bl", w.Length) || w.Has("iz", w.Length))
            w.End(0, "e");
        else if (w.Longest(Doubles).Length > 0)
            w.End(1);
        else if (w.Length == r1 && EndsShort(w, w.Length))
            w.End(0, "e");
    }

    private static void RunStep2(ref StemWord w, int r1)
    {
        var suffix = w.Longest(Step2);
        if (suffix.Length == 0 || w.Length - suffix.Length < r1)
            return;
        var before = w.Length > suffix.Length ? w[w.Length - suffix.Length - 1] : '\0';
        var with = suffix switch
        {
            "tional" => "tion",
            "enci" => "ence",
            "anci" => "ance",
            "abli" => "able",
            "entli" => "ent",
            "izer" or "ization" => "ize",
            "ational" or "ation" or "ator" => "ate",
            "alism" or "aliti" or "alli" => "al",
            "fulness" or "fulli" => "ful",
            "ousli" or "ousness" => "ous",
            "iveness" or "iviti" => "ive",
            "biliti" or "bli" => "ble",
            "ogi" => before == 'l' ? "og" : suffix,
            "lessli" => "less",
            _ => "cdeghkmnrt".Contains(before) ? "" : suffix,
        };
        w.End(suffix.Length, with);
    }

    private static void RunStep3(ref StemWord w, int r1, int r2)
    {
        var suffix = w.Longest(Step3);
        var stem = w.Length - suffix.Length;
        if (suffix.Length == 0 || stem < r1)
            return;
        w.End(suffix.Length, suffix switch
        {
            "tional" => "tion",
            "ational" => "ate",
            "alize" => "al",
            "icate" or "iciti" or "ical" => "ic",
            "ative" when stem < r2 => suffix,
            _ => "",
        });
    }

    private static void RunStep4(ref StemWord w, int r2)
    {
        var suffix = w.Longest(Step4);
        var stem = w.Length - suffix.Length;
        if (suffix.Length > 0 && stem >= r2 && (suffix != "ion" || (stem > 0 && w[stem - 1] is 's' or 't')))
            w.End(suffix.Length);
    }

    private static void RunStep5(ref StemWord w, int r1, int r2)
    {
        var stem = w.Length - 1;
        if (stem < 0)
            return;
        if ((w[stem] == 'e' && (stem >= r2 || (stem >= r1 && !EndsShort(w, stem)))) || (w[stem] == 'l' && stem >= r2 && w.Has("l", stem)))
            w.End(1);
    }

    /// <summary>A short syllable before a position: consonant, vowel, consonant that is not w, x or Y; or a vowel at the beginning and a consonant.</summary>
    private static bool EndsShort(in StemWord w, int end) =>
        end >= 2 && !Vowels.Contains(w[end - 1]) && Vowels.Contains(w[end - 2])
        && (end == 2 || (w[end - 1] is not ('w' or 'x' or 'Y') && !Vowels.Contains(w[end - 3])));
}
