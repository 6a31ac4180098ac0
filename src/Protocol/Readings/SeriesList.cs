using System.Diagnostics.CodeAnalysis;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Readings;

/// <summary>The content of an answer which series there are: u32 count, signed series (variable) of the newest epoch that the requester may see.</summary>
public static class SeriesList
{
    public static byte[] Encode(IReadOnlyList<byte[]> signed)
    {
        var writer = new WireWriter().UInt32((uint)signed.Count);
        foreach (var one in signed)
            writer.Variable(one);
        return writer.ToArray();
    }

    /// <summary>False unless all are series, signed by one owner, each once.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> content, AccountId owner, [NotNullWhen(true)] out IReadOnlyList<Series>? list)
    {
        list = null;
        var reader = new WireReader(content);
        if (!reader.UInt32(out var count) || count > Limits.MaxSeries)
            return false;
        var read = new List<Series>();
        for (var i = 0; i < count; i++)
        {
            if (!reader.Variable(content.Length, out var signed) || !Series.TryVerify(signed, out var series) || series.Owner.Account != owner
                || read.Exists(other => other.Id == series.Id))
                return false;
            read.Add(series);
        }
        list = read;
        return reader.AtEnd;
    }
}
