namespace Salus.Health.Keywords.Stemming;

/// <summary>French, Snowball 2.2: snowballstem.org/algorithms/french/stemmer.html. Steps are numbered as there.</summary>
internal static class FrenchStemmer
{
    private const string Vowels = "aeiouyâàëéêèïîôûù";
    private const string KeepS = "aiouès";

    private const string Plain = "ance iqUe isme able iste eux ances iqUes ismes ables istes";
    private const string AfterIc = "atrice ateur ation atrices ateurs ations";

    private const string Other = "logie logies usion ution usions utions ence ences ement ements ité ités if ive ifs ives eaux aux euse euses issement issements "
        + "amment emment ment ments";

    private static readonly HashSet<string> AfterIcSet = [.. AfterIc.Split(' ')];
    private static readonly string[] Step1 = StemWord.Table(Plain, AfterIc, Other);
    private static readonly string[] BeforeEment = StemWord.Table("iv eus abl iqU ièr Ièr");
    private static readonly string[] BeforeIte = StemWord.Table("abil ic iv");

    private static readonly string[] Step2A = StemWord.Table(
        "îmes ît îtes i ie ies ir ira irai iraIent irais irait iras irent irez iriez irions irons iront is issaIent issais issait issant issante issantes",
        "issants isse issent isses issez issiez issions issons it");

    private const string WithE = "âmes ât âtes a ai aIent ais ait ant ante antes ants as asse assent asses assiez assions";

    private static readonly HashSet<string> WithESet = [.. WithE.Split(' ')];

    private static readonly string[] Step2B = StemWord.Table(WithE,
        "ions é ée ées és èrent er era erai eraIent erais erait eras erez eriez erions erons eront ez iez");

    private static readonly string[] Step4 = StemWord.Table("ion ier ière Ier Ière e");
    private static readonly string[] Step5 = StemWord.Table("enn onn ett ell eill");

    public static string Stem(string word)
    {
        var w = new StemWord(word, stackalloc char[StemWord.Room]);
        MarkConsonants(ref w);
        var rv = Verbal(w);
        var (r1, r2) = w.Regions(Vowels);

        if (RunStep1(ref w, rv, r1, r2) || RunStep2A(ref w, rv) || RunStep2B(ref w, rv, r2))
        {
            if (w.Has("Y", w.Length))
                w[w.Length - 1] = 'i';
            else if (w.Has("ç", w.Length))
                w[w.Length - 1] = 'c';
        }
        else
            RunStep4(ref w, rv, r2);
        if (w.Longest(Step5).Length > 0)
            w.End(1);
        RunStep6(ref w);
        Unmark(ref w);
        return w.ToString();
    }

    /// <summary>u, i and y that are consonants are written large, and vowels with a diaeresis as two letters, until the end.</summary>
    private static void MarkConsonants(ref StemWord w)
    {
        for (var at = 0; at < w.Length;)
        {
            var next = at + 1 < w.Length ? w[at + 1] : '\0';
            var isVowel = Vowels.Contains(w[at]);
            // A mark may make room for another at the same place, so only where nothing was marked the next letter is looked at.
            if (isVowel && next is 'u' or 'i' && at + 2 < w.Length && Vowels.Contains(w[at + 2]))
                w[at + 1] = char.ToUpperInvariant(next);
            else if (isVowel && next == 'y')
                w[at + 1] = 'Y';
            else if (w[at] is 'ë' or 'ï')
                w.Replace(at, at + 1, w[at] == 'ë' ? "He" : "Hi");
            else if (w[at] == 'y' && next != '\0' && Vowels.Contains(next))
                w[at] = 'Y';
            else if (w[at] == 'q' && next == 'u')
                w[at + 1] = 'U';
            else
                at++;
        }
    }

    private static void Unmark(ref StemWord w)
    {
        for (var at = 0; at < w.Length; at++)
            switch (w[at])
            {
                case 'I' or 'U' or 'Y':
                    w[at] = char.ToLowerInvariant(w[at]);
                    break;
                case 'H' when at + 1 < w.Length && w[at + 1] is 'e' or 'i':
                    w.Replace(at, at + 2, w[at + 1] == 'e' ? "ë" : "ï");
                    break;
                case 'H':
                    w.Replace(at, at + 1, "");
                    at--;
                    break;
            }
    }

    /// <summary>Where the region RV begins, in which verb endings stand.</summary>
    private static int Verbal(in StemWord w)
    {
        if (w.Length >= 3 && Vowels.Contains(w[0]) && Vowels.Contains(w[1]))
            return 3;
        if (w.StartsWith("par") || w.StartsWith("col") || w.StartsWith("tap"))
            return 3;
        var rv = w.Past(Vowels, 1);
        return rv < 0 ? w.Length : rv;
    }

    private static bool RunStep1(ref StemWord w, int rv, int r1, int r2)
    {
        var suffix = w.Longest(Step1);
        var stem = w.Length - suffix.Length;
        switch (suffix)
        {
            case "":
                return false;
            case "logie" or "logies":
                return TryReplace(ref w, suffix, r2, "log");
            case "usion" or "ution" or "usions" or "utions":
                return TryReplace(ref w, suffix, r2, "u");
            case "ence" or "ences":
                return TryReplace(ref w, suffix, r2, "ent");
            case "ement" or "ements":
                if (!TryReplace(ref w, suffix, rv, ""))
                    return false;
                AfterEment(ref w, rv, r1, r2);
                return true;
            case "ité" or "ités":
                if (!TryReplace(ref w, suffix, r2, ""))
                    return false;
                var before = w.Longest(BeforeIte);
                if (before.Length > 0 && !TryReplace(ref w, before, r2, "") && before != "iv")
                    w.End(before.Length, before == "abil" ? "abl" : "iqU");
                return true;
            case "if" or "ive" or "ifs" or "ives":
                if (!TryReplace(ref w, suffix, r2, ""))
                    return false;
                if (w.Has("at", w.Length) && TryReplace(ref w, "at", r2, ""))
                    ShortenIc(ref w, r2);
                return true;
            case "eaux":
                w.End(4, "eau");
                return true;
            case "aux":
                return TryReplace(ref w, suffix, r1, "al");
            case "euse" or "euses":
                return TryReplace(ref w, suffix, r2, "") || TryReplace(ref w, suffix, r1, "eux");
            case "issement" or "issements":
                return stem > 0 && !Vowels.Contains(w[stem - 1]) && TryReplace(ref w, suffix, r1, "");
            // After these the verb suffixes are tried as well: a participle often stands before -ment.
            case "amment":
                TryReplace(ref w, suffix, rv, "ant");
                return false;
            case "emment":
                TryReplace(ref w, suffix, rv, "ent");
                return false;
            case "ment" or "ments":
                if (stem > rv && Vowels.Contains(w[stem - 1]))
                    w.End(suffix.Length);
                return false;
            default:
                if (!TryReplace(ref w, suffix, r2, ""))
                    return false;
                if (AfterIcSet.Contains(suffix))
                    ShortenIc(ref w, r2);
                return true;
        }
    }

    private static void AfterEment(ref StemWord w, int rv, int r1, int r2)
    {
        var before = w.Longest(BeforeEment);
        switch (before)
        {
            case "iv":
                if (TryReplace(ref w, before, r2, "") && w.Has("at", w.Length))
                    TryReplace(ref w, "at", r2, "");
                break;
            case "eus":
                if (!TryReplace(ref w, before, r2, ""))
                    TryReplace(ref w, before, r1, "eux");
                break;
            case "abl" or "iqU":
                TryReplace(ref w, before, r2, "");
                break;
            case "ièr" or "Ièr":
                TryReplace(ref w, before, rv, "i");
                break;
        }
    }

    private static void ShortenIc(ref StemWord w, int r2)
    {
        if (w.Has("ic", w.Length) && !TryReplace(ref w, "ic", r2, ""))
            w.End(2, "iqU");
    }

    private static bool RunStep2A(ref StemWord w, int rv)
    {
        var suffix = w.Longest(Step2A, w.Length, rv);
        var stem = w.Length - suffix.Length;
        if (suffix.Length == 0 || stem <= rv || w[stem - 1] == 'H' || Vowels.Contains(w[stem - 1]))
            return false;
        w.End(suffix.Length);
        return true;
    }

    private static bool RunStep2B(ref StemWord w, int rv, int r2)
    {
        var suffix = w.Longest(Step2B, w.Length, rv);
        if (suffix.Length == 0 || (suffix == "ions" && w.Length - suffix.Length < r2))
            return false;
        w.End(suffix.Length);
        if (WithESet.Contains(suffix) && w.Length > rv && w.Has("e", w.Length))
            w.End(1);
        return true;
    }

    private static void RunStep4(ref StemWord w, int rv, int r2)
    {
        if (w.Has("s", w.Length) && w.Length > 1 && (w.Has("His", w.Length) || !KeepS.Contains(w[w.Length - 2])))
            w.End(1);
        var suffix = w.Longest(Step4, w.Length, rv);
        var stem = w.Length - suffix.Length;
        switch (suffix)
        {
            case "ion":
                if (stem >= r2 && stem > rv && w[stem - 1] is 's' or 't')
                    w.End(3);
                break;
            case "e":
                w.End(1);
                break;
            case { Length: > 0 }:
                w.End(suffix.Length, "i");
                break;
        }
    }

    /// <summary>é and è before the last consonants lose their accent.</summary>
    private static void RunStep6(ref StemWord w)
    {
        var at = w.Length;
        while (at > 0 && !Vowels.Contains(w[at - 1]))
            at--;
        if (at > 0 && at < w.Length && w[at - 1] is 'é' or 'è')
            w[at - 1] = 'e';
    }

    private static bool TryReplace(ref StemWord w, string suffix, int region, string with)
    {
        if (w.Length - suffix.Length < region)
            return false;
        w.End(suffix.Length, with);
        return true;
    }
}
