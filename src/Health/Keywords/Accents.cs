using System.Collections.Frozen;

namespace Salus.Health.Keywords;

/// <summary>
/// Letters without their accents. The framework's own normalisation needs ICU, which Salus does without (it would differ between machines and the
/// browser), so the table is here: Unicode 15, the letters of Latin, Greek and Cyrillic with a decomposition, and those that are written out.
/// </summary>
internal static class Accents
{
    /// <summary>What the stemmers know as one letter, when it comes as a letter and a combining mark.</summary>
    private static readonly FrozenDictionary<(char Letter, char Mark), char> Composed = Compositions(
        ('\u0300', "aeiou", "àèìòù"), ('\u0301', "aeiouy", "áéíóúý"), ('\u0302', "aeiou", "âêîôû"), ('\u0303', "ano", "ãñõ"),
        ('\u0308', "aeiouy", "äëïöüÿ"), ('\u0327', "c", "ç"));

    private static readonly FrozenDictionary<char, string> Plain = Build();

    /// <summary>The letter for a small letter and a combining mark, or '\0'.</summary>
    public static char Compose(char letter, char mark) => Composed.GetValueOrDefault((letter, mark));

    /// <summary>What stands for a small letter when accents do not count; null for the letter itself.</summary>
    public static string? PlainOf(char letter) => letter < 0x80 ? null : Plain.GetValueOrDefault(letter);

    private static FrozenDictionary<(char, char), char> Compositions(params (char Mark, string Letters, string Composed)[] rows) =>
        rows.SelectMany(row => row.Letters.Zip(row.Composed, (letter, composed) => KeyValuePair.Create((letter, row.Mark), composed))).ToFrozenDictionary();

    private static FrozenDictionary<char, string> Build() => Groups.SelectMany(line => line.Split(';')).Select(group => group.Split(' '))
        .SelectMany(group => group[1].Select(letter => KeyValuePair.Create(letter, group[0]))).ToFrozenDictionary();

    /// <summary>The plain letters, a space, and the letters that fold to them.</summary>
    private static string[] Groups =>
    [
        "0 ０;1 １;2 ２;3 ３;4 ４;5 ５;6 ６;7 ７;8 ８;9 ９;a ªàáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặａ;b ḃḅḇｂ;c çćĉċčḉｃ;d ðďđḋḍḏḑḓｄ",
        "e èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệｅ;f ƒḟｆ;g ĝğġģǧǵḡｇ;h ĥħȟḣḥḧḩḫẖｈ;i ìíîïĩīĭįİıǐȉȋḭḯỉịｉ;j ĵǰｊ;k ķĸǩḱḳḵｋ;l ĺļľłḷḹḻḽｌ;m ḿṁṃｍ;n ñńņňŋǹṅṇṉṋｎ",
        "o ºòóôõöøōŏőơǒǫǭǿȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợｏ;p ṕṗｐ;q ｑ;r ŕŗřȑȓṙṛṝṟｒ;s śŝşšſșṡṣṥṧṩẛｓ;t ţťŧțṫṭṯṱẗｔ;u ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữựｕ",
        "v ṽṿｖ;w ŵẁẃẅẇẉẘｗ;x ẋẍｘ;y ýÿŷȳẏẙỳỵỷỹｙ;z źżžẑẓẕｚ;ʒ ǯ;ʹ ʹ;α άἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇᾰᾱᾲᾳᾴᾶᾷ;β ϐ;ε έϵἐἑἒἓἔἕὲέ;η ήἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗῂῃῄῆῇ",
        "θ ϑ;ι ΐίϊἰἱἲἳἴἵἶἷὶίιῐῑῒΐῖῗ;κ ϰ;μ µ;ο όὀὁὂὃὄὅὸό;π ϖ;ρ ϱῤῥ;σ ςϲ;υ ΰϋύϒϓϔὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ;φ ϕ;ω ώὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧῲῳῴῶῷ;а ӑӓ;г ѓ",
        "е ѐёӗ;ж ӂӝ;з ӟ;и йѝӣӥ;к ќ;о ӧ;у ўӯӱӳ;ч ӵ;ы ӹ;э ӭ;і ї;ѵ ѷ;ә ӛ;ө ӫ;ae æǣǽ;aʾ ẚ;dz ǆǳ;ff ﬀ;ffi ﬃ;ffl ﬄ;fi ﬁ;fl ﬂ;ij ĳ;lj ǉ;nj ǌ;oe œ",
        "ss ßẞ;st ﬅﬆ;th þ;ʼn ŉ",
    ];
}
