using System.Security.Cryptography;
using System.Text;
using Salus.Health.Fhir;

namespace Salus.Health.Tests.Fhir;

/// <summary>A file of 100 MB, and one attachment of 100 MB: memory is bounded by what is found, not by the bytes.</summary>
public sealed class BigBundleTests : IDisposable
{
    private const long Size = 100_000_000;

    private readonly string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(path);

    /// <summary>A stream that notes the largest read.</summary>
    private sealed class Watched(Stream inner) : Stream
    {
        public int LargestRead { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override int Read(Span<byte> buffer)
        {
            LargestRead = Math.Max(LargestRead, buffer.Length);
            return inner.Read(buffer);
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }

    private (FhirImport Import, Watched Source) Read(long memory)
    {
        var source = new Watched(File.OpenRead(path));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var import = FhirImport.Read(source);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, memory);
        Assert.InRange(source.LargestRead, 1, 128 * 1024);
        return (import, source);
    }

    private void AssertExact(FhirImport import)
    {
        var slices = import.Slices.Select(s => new SliceSource(s.Index, s.OpenRead())).ToList();
        var attachments = import.Attachments.ToDictionary(a => a.Id);
        var report = FhirExport.Write(slices, id => attachments[id].OpenRead(), Stream.Null);
        using var file = File.OpenRead(path);
        Assert.Equal(SHA256.HashData(file), report.Sha256);
        Assert.Equal(ExportOutcome.Exact, report.Outcome);
    }

    [Fact]
    public void AHundredMegabytesOfResources()
    {
        var entries = FhirFiles.Read("Vanesa40_Grant908_c79d46db-3ba8-406a-8bc3-201509059978.json");
        var text = Encoding.UTF8.GetString(entries);
        var (head, tail) = (text.IndexOf("\"entry\": [", StringComparison.Ordinal) + 10, text.LastIndexOf("\n  ]", StringComparison.Ordinal));
        using (var file = new StreamWriter(path))
        {
            file.Write(text.AsSpan(0, head));
            for (var n = 0; file.BaseStream.Position < Size; n++)
            {
                // Other ids in every copy, so that references and their targets grow with the file.
                file.Write(n == 0 ? "" : ",");
                file.Write(text[head..tail].Replace("urn:uuid:", $"urn:uuid:{n:x4}-", StringComparison.Ordinal));
            }
            file.Write(text.AsSpan(tail));
        }
        var (import, source) = Read(memory: Size);
        using (source)
        {
            Assert.InRange(import.Resources, 35_000, 60_000);
            Assert.Equal(4, import.Slices.Count);
            AssertExact(import);
            // The index of 40,000 resources is still small enough to go with the slice.
            Assert.InRange(import.Slices.Sum(s => (long)s.Index.ToBytes().Length), 1, Size / 10);
        }
    }

    [Fact]
    public void AHundredMegabytesInOneAttachment()
    {
        var piece = Convert.ToBase64String(RandomNumberGenerator.GetBytes(750_000));
        using (var file = new StreamWriter(path))
        {
            file.Write("{\"resourceType\":\"Media\",\"content\":{\"contentType\":\"video/mp4\",\"data\":\"");
            for (var n = 0; n < 100; n++)
                file.Write(piece);
            file.Write("\"}}");
        }
        var (import, source) = Read(memory: 2_000_000);
        using (source)
        {
            Assert.Equal(75_000_000, Assert.Single(import.Attachments).Length);
            Assert.InRange(import.Slices[0].Length, 1, 400);
            AssertExact(import);
        }
    }

    [Fact]
    public void AHundredMegabytesInOneStringThatStays()
    {
        using (var file = new StreamWriter(path))
        {
            file.Write("{\"resourceType\":\"Basic\",\"text\":{\"div\":\"");
            for (var n = 0; n < 100; n++)
                file.Write(new string('\u00e9', 500_000));
            file.Write("\"}}");
        }
        var (import, source) = Read(memory: 2_000_000);
        using (source)
            AssertExact(import);
    }
}
