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
                $"{record.Record}  {record.Partition,-12} {record.Bytes,11}  {record.SealedAt:yyyy-MM-dd HH:mm}  {record.Name}{(withOwner ? $"  ({record.Owner})" : "")}"));
    }
}
