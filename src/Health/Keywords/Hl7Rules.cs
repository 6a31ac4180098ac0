using System.Collections.Frozen;

namespace Salus.Health.Keywords;

/// <summary>What a field of an HL7 v2 segment is.</summary>
internal enum Hl7Field : byte
{
    /// <summary>Words, with escapes.</summary>
    Text = (byte)'t',

    /// <summary>Words of the first component only; identifiers follow it.</summary>
    First = (byte)'f',

    /// <summary>A code, its name and its system, and the same in another system (CE, CWE).</summary>
    Coded = (byte)'c',

    /// <summary>The name of somebody who treats (XCN); the identifier is left aside.</summary>
    Name = (byte)'n',

    Date = (byte)'d',

    /// <summary>What OBX-2 says.</summary>
    Value = (byte)'v',
}

/// <summary>
/// The fields that are read, by segment (HL7 v2.3 to 2.8). What is not named is not read: a segment of the patient, of relatives or of insurance,
/// and those that a hospital made up.
/// </summary>
internal static class Hl7Rules
{
    private static readonly FrozenDictionary<string, FrozenDictionary<int, Hl7Field>> Segments = new Dictionary<string, string>
    {
        ["MSH"] = "4f 7d 9t",
        ["EVN"] = "2d",
        ["PV1"] = "7n 8n 9n 10t 17n 44d 45d",
        ["PV2"] = "3c 8d 9d",
        ["DG1"] = "3c 4t 5d 16n",
        ["PR1"] = "3c 4t 5d 8n 11n 12n",
        ["AL1"] = "2c 3c 4c 5t 6d",
        ["IAM"] = "2c 3c 4c 5t 11d",
        ["PRB"] = "2d 3c 7d 8d 9d",
        ["ORC"] = "9d 12n 15d 16c",
        ["OBR"] = "4c 7d 8d 13t 14d 16n 22d 24t 28n 31c 32n 33n 34n 44c",
        ["OBX"] = "3c 5v 6c 14d 16n 17c",
        ["SPM"] = "4c 8c 17d",
        ["NTE"] = "3t",
        ["TXA"] = "2t 4d 5n 6d 7d 9n 10n 17t 19t 22n 25t",
        ["RXO"] = "1c 5c 6c 7c",
        ["RXE"] = "2c 7c 13n 21c",
        ["RXD"] = "2c 3d 10n",
        ["RXG"] = "4c 13c",
        ["RXA"] = "3d 4d 5c 9c 10n 17c 18c",
        ["RXR"] = "1c 2c",
        ["RXC"] = "2c",
        ["TQ1"] = "7d 8d",
        ["SCH"] = "6c 7c 8c 16n",
        ["AIS"] = "3c 4d",
        ["AIG"] = "3c",
        ["AIP"] = "3n",
        ["FT1"] = "4d 7c 8t 19c 20n 21n 25c",
    }.ToFrozenDictionary(segment => segment.Key, segment => segment.Value.Split(' ')
        .ToFrozenDictionary(field => int.Parse(field[..^1], System.Globalization.CultureInfo.InvariantCulture), field => (Hl7Field)field[^1]));

    /// <summary>Fields of PID that name the patient, to be taken out of notes, and how many of their components do.</summary>
    public static IReadOnlyList<(int Field, int Components)> PatientFields { get; } =
        [(2, 1), (3, 1), (4, 1), (5, 3), (6, 3), (7, 1), (9, 3), (11, 3), (13, 1), (14, 1), (18, 1), (19, 1), (20, 1)];

    public static FrozenDictionary<int, Hl7Field>? Of(ReadOnlySpan<char> segment) => Segments.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(segment, out var fields) ? fields : null;
}
