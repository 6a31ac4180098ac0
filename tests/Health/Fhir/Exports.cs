using Salus.Health.Fhir;

namespace Salus.Health.Tests.Fhir;

/// <summary>Exports an import again, through the serialised indexes, as a reader of the sealed records would.</summary>
internal static class Exports
{
    public static (byte[] Output, ExportReport Report) Of(FhirImport import, params string[] partitions) => Of(import, withAttachments: true, partitions);

    public static (byte[] Output, ExportReport Report) Of(FhirImport import, bool withAttachments, params string[] partitions)
    {
        var slices = import.Slices.Where(s => partitions.Length == 0 || partitions.Contains(s.Partition)).Select(Open).Reverse().ToList();
        var attachments = import.Attachments.ToDictionary(a => a.Id);
        var output = new MemoryStream();
        var report = FhirExport.Write(slices, id => withAttachments ? new MemoryStream(Bytes(attachments[id].OpenRead())) : null, output);
        return (output.ToArray(), report);
    }

    public static SliceSource Open(PartitionSlice slice)
    {
        Assert.True(SliceIndex.TryParse(slice.Index.ToBytes(), out var index));
        return new SliceSource(index, new MemoryStream(Bytes(slice.OpenRead())));
    }

    public static byte[] Bytes(Stream stream)
    {
        using (stream)
        {
            var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        }
    }
}
