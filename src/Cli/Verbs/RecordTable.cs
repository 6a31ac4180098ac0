using System.Globalization;
using Salus.Client.Records;

namespace Salus.Cli.Verbs;

/// <summary>Records as lines: identifier, partition, size, date, name.</summary>
internal static class RecordTable
{
    public static void Print(Call call, IReadOnlyList<RecordSummary> records, bool withOwner = false)
    {
        foreach (var record in records)
            call.Terminal.Print(string.Create(CultureInfo.InvariantCulture,
                $"{record.Record}  {record.Partition,-12} {record.Bytes,11}  {record.SealedAt:yyyy-MM-dd HH:mm}  {record.Name}{Whose(record, withOwner)}"));
    }

    /// <summary>"  (lee@example.org, from City Laboratory)": as much of it as is not plain.</summary>
    private static string Whose(RecordSummary record, bool withOwner)
    {
        var source = record.Source is RecordSummary.Self || record.Source == record.Owner ? null : "from " + record.Source;
        var parts = new[] { withOwner ? record.Owner : null, source }.OfType<string>().ToArray();
        return parts.Length == 0 ? "" : $"  ({string.Join(", ", parts)})";
    }
}
