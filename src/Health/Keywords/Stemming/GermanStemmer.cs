namespace Salus.Health.Keywords.Stemming;

/// <summary>German, Snowball 2.2: snowballstem.org/algorithms/german/stemmer.html.</summary>
internal static class GermanStemmer
{
    private const string Vowels = "aeiouyäöü";
    private const string BeforeS = "bdfghklmnrt";
    private const string BeforeSt = "bdfghklmnt";

    private static readonly string[] Step1 = StemWord.Table("em ern er e en es s");
    private static readonly string[] Step2 = StemWord.Table("en er est st");
    private static readonly string[] Step3 = StemWord.Table("end ung ig ik isch lich heit keit");

    public static string Stem(string word)
    {
        var w = new StemWord(word.Replace("ß", "ss", StringComparison.Ordinal), stackalloc char[StemWord.Room]);
        // u and y between vowels are consonants, written large until the end.
        for (var i = 1; i + 1 < w.Length; i++)
            if (w[i] is 'u' or 'y' && Vowels.Contains(w[i - 1]) && Vowels.Contains(w[i + 1]))
                w[i] = char.ToUpperInvariant(w[i]);
        var (r1, r2) = w.Regions(Vowels);
        if (w.Length >= 3)
            r1 = Math.Max(r1, 3);
        else
            (r1, r2) = (w.Length, w.Length);

        RunStep1(ref w, r1);
        RunStep2(ref w, r1);
        RunStep3(ref w, r1, r2);
        for (var i = 0; i < w.Length; i++)
            w[i] = w[i] switch { 'U' => 'u', 'Y' => 'y', 'ä' => 'a', 'ö' => 'o', 'ü' => 'u', var other => other };
        return w.ToString();
    }

    private static void RunStep1(ref StemWord w, int r1)
    {
        var suffix = w.Longest(Step1);
        var stem = w.Length - suffix.Length;
        if (suffix.Length == 0 || stem < r1 || (suffix == "s" && (stem == 0 || !BeforeS.Contains(w[stem - 1]))))
            return;
        w.End(suffix.Length);
        if (suffix is "e" or "en" or "es" && w.Has("niss", w.Length))
            w.End(1);
    }

    private static void RunStep2(ref StemWord w, int r1)
    {
        var suffix = w.Longest(Step2);
        var stem = w.Length - suffix.Length;
        // "st" wants three letters before the one that it follows.
        if (suffix.Length > 0 && stem >= r1 && (suffix != "st" || (stem >= 4 && BeforeSt.Contains(w[stem - 1]))))
            w.End(suffix.Length);
    }

    private static void RunStep3(ref StemWord w, int r1, int r2)
    {
        var suffix = w.Longest(Step3);
        var stem = w.Length - suffix.Length;
        if (suffix.Length == 0 || stem < r2)
            return;
        switch (suffix)
        {
            case "end" or "ung":
                w.End(3);
                if (w.Has("ig", w.Length) && !w.Has("eig", w.Length) && w.Length - 2 >= r2)
                    w.End(2);
                break;
            case "ig" or "ik" or "isch":
                if (!w.Has("e", stem))
                    w.End(suffix.Length);
                break;
            case "lich" or "heit":
                w.End(4);
                if ((w.Has("er", w.Length) || w.Has("en", w.Length)) && w.Length - 2 >= r1)
                    w.End(2);
                break;
            case "keit":
                w.End(4);
                var more = w.Has("lich", w.Length) ? 4 : w.Has("ig", w.Length) ? 2 : 0;
                if (w.Length - more >= r2)
                    w.End(more);
                break;
        }
    }
}
