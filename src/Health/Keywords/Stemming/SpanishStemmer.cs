namespace Salus.Health.Keywords.Stemming;

/// <summary>Spanish, Snowball 2.2: snowballstem.org/algorithms/spanish/stemmer.html. Steps are numbered as there.</summary>
internal static class SpanishStemmer
{
    private const string Vowels = "aeiouáéíóúü";

    private static readonly string[] Pronouns = StemWord.Table("me se sela selo selas selos la le lo las les los nos");
    private static readonly string[] BeforePronouns = StemWord.Table("iéndo ándo ár ér ír ando iendo ar er ir yendo");

    private const string Plain = "anza anzas ico ica icos icas ismo ismos able ables ible ibles ista istas oso osa osos osas amiento amientos imiento imientos";
    private const string AfterIc = "adora ador ación adoras adores aciones ante antes ancia ancias";
    private const string Other = "logía logías ución uciones encia encias amente mente idad idades iva ivo ivas ivos";

    private static readonly HashSet<string> PlainSet = [.. Plain.Split(' ')], AfterIcSet = [.. AfterIc.Split(' ')];
    private static readonly string[] Step1 = StemWord.Table(Plain, AfterIc, Other);
    private static readonly string[] BeforeAmente = StemWord.Table("iv os ic ad");
    private static readonly string[] BeforeMente = StemWord.Table("ante able ible");
    private static readonly string[] BeforeIdad = StemWord.Table("abil ic iv");
    private static readonly string[] Step2A = StemWord.Table("ya ye yan yen yeron yendo yo yó yas yes yais yamos");

    private const string WithGu = "en es éis emos";

    private static readonly string[] Step2B = StemWord.Table(WithGu,
        "arían arías arán arás aríais aría aréis aríamos aremos ará aré erían erías erán erás eríais ería eréis eríamos eremos erá eré",
        "irían irías irán irás iríais iría iréis iríamos iremos irá iré aba ada ida ía ara iera ad ed id ase iese aste iste an aban ían aran ieran",
        "asen iesen aron ieron ado ido ando iendo ió ar er ir as abas adas idas ías aras ieras ases ieses ís áis abais íais arais ierais aseis",
        "ieseis asteis isteis ados idos amos ábamos íamos imos áramos iéramos iésemos ásemos");

    private static readonly string[] Step3 = StemWord.Table("os a o á í ó e é");

    public static string Stem(string word)
    {
        var w = new StemWord(word, stackalloc char[StemWord.Room]);
        var rv = Verbal(w);
        var (r1, r2) = w.Regions(Vowels);
        RunStep0(ref w, rv);
        if (!RunStep1(ref w, r1, r2) && !RunStep2A(ref w, rv))
            RunStep2B(ref w, rv);
        RunStep3(ref w, rv);
        for (var i = 0; i < w.Length; i++)
            w[i] = w[i] switch { 'á' => 'a', 'é' => 'e', 'í' => 'i', 'ó' => 'o', 'ú' => 'u', var other => other };
        return w.ToString();
    }

    /// <summary>Where the region RV begins, in which verb endings stand.</summary>
    private static int Verbal(in StemWord w)
    {
        if (w.Length < 2)
            return w.Length;
        var (first, second) = (Vowels.Contains(w[0]), Vowels.Contains(w[1]));
        var rv = (first, second) switch
        {
            (_, false) => w.Past(Vowels, 2),
            (true, true) => w.PastNot(Vowels, 2),
            (false, true) => w.Length >= 3 ? 3 : -1,
        };
        return rv < 0 ? w.Length : rv;
    }

    /// <summary>Pronouns behind a verb.</summary>
    private static void RunStep0(ref StemWord w, int rv)
    {
        var pronoun = w.Longest(Pronouns);
        if (pronoun.Length == 0)
            return;
        var end = w.Length - pronoun.Length;
        var verb = w.Longest(BeforePronouns, end);
        if (verb.Length == 0 || end - verb.Length < rv || (verb == "yendo" && !w.Has("u", end - verb.Length)))
            return;
        w.Replace(end - verb.Length, w.Length, verb switch
        {
            "iéndo" => "iendo",
            "ándo" => "ando",
            "ár" => "ar",
            "ér" => "er",
            "ír" => "ir",
            _ => verb,
        });
    }

    private static bool RunStep1(ref StemWord w, int r1, int r2)
    {
        var suffix = w.Longest(Step1);
        var stem = w.Length - suffix.Length;
        if (suffix.Length == 0 || stem < (suffix == "amente" ? r1 : r2))
            return false;
        var with = suffix switch
        {
            "logía" or "logías" => "log",
            "ución" or "uciones" => "u",
            "encia" or "encias" => "ente",
            _ => "",
        };
        w.End(suffix.Length, with);
        if (with.Length > 0 || PlainSet.Contains(suffix))
            return true;
        if (AfterIcSet.Contains(suffix))
            CutIn(ref w, "ic", r2);
        else if (suffix == "amente")
        {
            var more = w.Longest(BeforeAmente);
            if (CutIn(ref w, more, r2) && more == "iv")
                CutIn(ref w, "at", r2);
        }
        else if (suffix == "mente")
            CutIn(ref w, w.Longest(BeforeMente), r2);
        else if (suffix is "idad" or "idades")
            CutIn(ref w, w.Longest(BeforeIdad), r2);
        else
            CutIn(ref w, "at", r2);
        return true;
    }

    private static bool RunStep2A(ref StemWord w, int rv)
    {
        var suffix = w.Longest(Step2A, w.Length, rv);
        if (suffix.Length == 0 || !w.Has("u", w.Length - suffix.Length))
            return false;
        w.End(suffix.Length);
        return true;
    }

    private static void RunStep2B(ref StemWord w, int rv)
    {
        var suffix = w.Longest(Step2B, w.Length, rv);
        if (suffix.Length == 0)
            return;
        w.End(suffix.Length);
        if (suffix is "en" or "es" or "éis" or "emos" && w.Has("gu", w.Length))
            w.End(1);
    }

    private static void RunStep3(ref StemWord w, int rv)
    {
        var suffix = w.Longest(Step3);
        if (suffix.Length == 0 || w.Length - suffix.Length < rv)
            return;
        w.End(suffix.Length);
        if (suffix is "e" or "é" && w.Has("gu", w.Length) && w.Length - 1 >= rv)
            w.End(1);
    }

    private static bool CutIn(ref StemWord w, string suffix, int region)
    {
        if (suffix.Length == 0 || !w.Has(suffix, w.Length) || w.Length - suffix.Length < region)
            return false;
        w.End(suffix.Length);
        return true;
    }
}
