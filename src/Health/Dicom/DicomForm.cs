namespace Salus.Health.Dicom;

/// <summary>How a data set is written.</summary>
internal readonly record struct DicomForm(bool IsExplicit, bool IsBigEndian, bool IsDeflated)
{
    public const string ImplicitUid = "1.2.840.10008.1.2", ExplicitUid = "1.2.840.10008.1.2.1", DeflatedUid = "1.2.840.10008.1.2.1.99", BigEndianUid = "1.2.840.10008.1.2.2";

    private const string Compressed = "1.2.840.10008.1.2.4.";

    private static readonly string[] Methods =
    [
        "50", "51", "52", "53", "54", "55", "56", "57", "58", "59", "60", "61", "62", "63", "64", "65", "66", "70", "80", "81", "90", "91", "92", "93", "100", "100.1", "101", "101.1", "102", "102.1",
        "103", "103.1", "104", "104.1", "105", "105.1", "106", "106.1", "107", "108", "110", "111", "112", "201", "202", "203",
    ];

    /// <summary>The transfer syntax of a data set without encapsulated pixels.</summary>
    public string Uid => IsDeflated ? DeflatedUid : IsBigEndian ? BigEndianUid : IsExplicit ? ExplicitUid : ImplicitUid;

    /// <summary>How a transfer syntax is written (PS3.5 section 10 and annex A); false of one that is not known, or keeps its pixels elsewhere.</summary>
    public static bool TryOf(string uid, out DicomForm form)
    {
        form = uid switch
        {
            ImplicitUid => new(IsExplicit: false, IsBigEndian: false, IsDeflated: false),
            BigEndianUid => new(IsExplicit: true, IsBigEndian: true, IsDeflated: false),
            DeflatedUid => new(IsExplicit: true, IsBigEndian: false, IsDeflated: true),
            _ => new(IsExplicit: true, IsBigEndian: false, IsDeflated: false),
        };
        return uid is ImplicitUid or ExplicitUid or BigEndianUid or DeflatedUid || IsEncapsulated(uid);
    }

    /// <summary>Run lengths, JPEG in all its kinds, MPEG, HEVC, and encapsulated uncompressed; not JPIP, whose pixels are on a server.</summary>
    public static bool IsEncapsulated(string uid) =>
        uid is "1.2.840.10008.1.2.5" or "1.2.840.10008.1.2.1.98" || (uid.StartsWith(Compressed, StringComparison.Ordinal) && Methods.Contains(uid[Compressed.Length..]));
}
