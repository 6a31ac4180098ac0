using System.Text;
using Salus.Health.Deidentification.Fhir;

namespace Salus.Health.Tests.Deidentification.Fhir;

/// <summary>Alone, because it looks at all that lives in the process.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
[Collection(nameof(MemoryTests))]
public class MemoryTests
{
    [Fact]
    public void MemoryGrowsWithTheLargestResourceAndNotWithTheFile()
    {
        var entry = """{"resource":{"resourceType":"Observation","status":"final","code":{"text":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}}}""";
        using var file = new MemoryStream();
        file.Write("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":["u8);
        for (var i = 0; i < 60_000; i++)
            file.Write(Encoding.UTF8.GetBytes((i == 0 ? "" : ",") + entry));
        file.Write("]}"u8);
        file.Position = 0;
        GC.Collect();
        var sink = new PeakStream(GC.GetTotalMemory(forceFullCollection: true));
        new FhirDeidentifier(FhirRules.SafeHarbor, Runs.Keys).Run(file, sink, TestContext.Current.CancellationToken);
        Assert.True(sink.Written > 5_000_000);
        Assert.True(sink.Peak < 8 * 1024 * 1024, $"{sink.Peak} bytes were held");
    }

    /// <summary>Throws away what it is given, and looks now and then at what lives.</summary>
    private sealed class PeakStream(long before) : MemoryStream
    {
        private int calls;

        public long Written { get; private set; }

        public long Peak { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Written += buffer.Length;
            if (++calls % 40 == 0)
                Peak = Math.Max(Peak, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    }
}
