using Salus.Crypto.Dispersal;
using Salus.Protocol.Dispersal;

namespace Salus.Client.Sealing;

/// <summary>Puts fragments that lie about without their addresses (a folder of files) into the order of the sequence key, by following the chain of labels.</summary>
public static class FragmentOrder
{
    /// <summary>The sources in order, null where none was found. Those of other records, and second ones of a label, are left out.</summary>
    /// <remarks>Labels are not authentic: <see cref="BodyOpener"/> finds out what the fragments are worth.</remarks>
    public static async Task<FragmentSource?[]> ArrangeAsync(IEnumerable<FragmentSource> sources, FragmentKeys keys, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(keys);
        var labels = new byte[keys.Count][];
        for (var i = 0; i < labels.Length; i++)
            keys.Label(i, labels[i] = new byte[FragmentLayout.LabelSize]);

        var arranged = new FragmentSource?[keys.Count];
        var header = new byte[FragmentHeader.Size];
        foreach (var source in sources)
        {
            if (!await ReadHeaderAsync(source, header, cancellation) || !FragmentHeader.TryParse(header, out var fields))
                continue;
            var index = Array.FindIndex(labels, label => fields!.Label.SequenceEqual(label));
            if (index >= 0)
                arranged[index] ??= source;
        }
        return arranged;
    }

    private static async ValueTask<bool> ReadHeaderAsync(FragmentSource source, Memory<byte> header, CancellationToken cancellation)
    {
        try
        {
            for (var read = 0; read < header.Length;)
            {
                var more = await source.ReadAsync(read, header[read..], cancellation);
                if (more <= 0 || more > header.Length - read)
                    return false;
                read += more;
            }
            return true;
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            return false; // one of several: whether enough are left, opening will say
        }
    }
}
