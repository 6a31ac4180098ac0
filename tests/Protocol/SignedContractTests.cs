using System.Buffers.Binary;
using System.Reflection;
using Salus.Crypto;
using Salus.Testing;

namespace Salus.Protocol.Tests;

/// <summary>What holds for every signed message: there is one encoding, and nothing but it, under one label and key, is accepted.</summary>
public class SignedContractTests
{
    public static TheoryData<string> Names => [.. SignedCases.All.Select(one => one.Name)];

    private static IReadOnlyList<string> Labels { get; } = [.. typeof(Domains).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral && field.Name.StartsWith("Sign", StringComparison.Ordinal)).Select(field => (string)field.GetRawConstantValue()!)];

    [Fact]
    public void EverySignedTypeIsUnderTheContract()
    {
        var types = typeof(AccountCard).Assembly.GetExportedTypes()
            .Where(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static).Any(method => method.Name is "TryVerify" or "TryOpen"))
            .Where(type => !OperatingSystem.IsBrowser() || !ReadingCases.Sealed.Contains(type.Name));
        Assert.Equal(types.Select(type => type.Name).Order(), SignedCases.All.Select(one => one.Name).Order());
        Assert.Equal(SignedCases.All.Count, SignedCases.All.Select(one => one.Label).Distinct().Count());
    }

    [Theory, MemberData(nameof(Names))]
    public void ReadsWhatWasWritten(string name)
    {
        var one = Case(name);
        var read = one.Read(one.Signed);
        Assert.NotNull(read);
        Assert.Equal(one.Made, read.Value.Fields);
        Assert.Equal(one.Signed, read.Value.Signed);
    }

    [Theory, MemberData(nameof(Names))]
    public void RefusesEveryTruncation(string name)
    {
        var one = Case(name);
        for (var length = 0; length < one.Signed.Length; length++)
            Assert.True(one.Read(one.Signed[..length]) is null, $"{length} of {one.Signed.Length} bytes were accepted");
    }

    [Theory, MemberData(nameof(Names))]
    public void RefusesEveryFlippedBit(string name)
    {
        var one = Case(name);
        var altered = (byte[])one.Signed.Clone();
        for (var bit = 0; bit < 8 * altered.Length; bit += Sampling.Step)
        {
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(one.Read(altered) is null, $"bit {bit % 8} of byte {bit / 8} may be flipped");
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void RefusesTrailingBytes(string name)
    {
        var one = Case(name);
        Assert.Null(one.Read([.. one.Signed, 0]));
        Assert.Null(one.Read([0, .. one.Signed]));
    }

    [Theory, MemberData(nameof(Names))]
    public void RefusesAPayloadOfAnotherLengthThoughItsSignerSignedIt(string name)
    {
        var one = Case(name);
        var payload = one.Payload;
        Assert.NotNull(one.Read(one.Resign(payload, one.Label)));
        for (var length = 0; length < payload.Length; length++)
            Assert.True(one.Read(one.Resign(payload[..length], one.Label)) is null, $"{length} of {payload.Length} bytes are accepted when they are signed");
        Assert.Null(one.Read(one.Resign([.. payload, 0], one.Label)));
        Assert.Null(one.Read(one.Resign([.. payload, .. payload], one.Label)));
    }

    [Theory, MemberData(nameof(Names))]
    public void RefusesMalformedFieldsThoughTheirSignerSignedThem(string name)
    {
        var one = Case(name);
        foreach (var malformation in one.Malformations)
            Assert.True(one.Read(one.Resign(malformation.Apply(one.Payload), one.Label)) is null, malformation.Name);
    }

    [Theory, MemberData(nameof(Names))]
    public void RefusesTheSignatureOfAnotherType(string name)
    {
        var one = Case(name);
        Assert.True(Labels.Count > 8);
        foreach (var label in Labels)
            Assert.Equal(label == one.Label, one.Read(one.Resign(one.Payload, label)) is not null);
    }

    [Theory, MemberData(nameof(Names))]
    public void RefusesTheMessagesOfAllOtherTypes(string name)
    {
        foreach (var other in SignedCases.All.Where(other => other.Name != name))
            Assert.Null(Case(name).Read(other.Signed));
    }

    [Theory, MemberData(nameof(Names))]
    public void HugeCountsAllocateNothing(string name)
    {
        var one = Case(name);
        foreach (var offset in one.Counts)
            foreach (var count in (uint[])[uint.MaxValue, int.MaxValue, 0x80000000, 1 << 24])
            {
                var payload = one.Payload;
                Assert.True(BinaryPrimitives.ReadUInt32BigEndian(payload.AsSpan(offset)) is > 0 and < 100, "there is no count here");
                BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(offset), count);
                var signed = one.Resign(payload, one.Label);
                var before = GC.GetAllocatedBytesForCurrentThread();
                Assert.Null(one.Read(signed));
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
            }
    }

    private static SignedCase Case(string name) => SignedCases.All.Single(one => one.Name == name);
}
