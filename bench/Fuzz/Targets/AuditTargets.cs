using System.Text.Json;
using Salus.Client;
using Salus.Client.Audit;
using Salus.Client.Repair;
using Salus.Client.Transport;
using Salus.Protocol.Audit;
using Salus.Protocol.Http;
using Salus.Protocol.Tests;

namespace Salus.Bench.Fuzz.Targets;

/// <summary>Audit and repair: what a client asks of a store and what the store answers, and the files that anybody may have written.</summary>
internal static class AuditTargets
{
    private const int Asked = 3;

    private static readonly string Key = Convert.ToHexStringLower(Parts.Signing(1).PublicKey.Bytes);
    private static readonly PartyDirectory Parties = new(new Party("cloud", new Uri("http://localhost:7100/"), Key),
        [new TrusteeParty("trustee-1", new Uri("http://localhost:7101/"), Key, Key)], [new Party("s", new Uri("http://localhost:7110/"), Key)]);

    public static IReadOnlyList<Target> All { get; } =
    [
        new("audit/challenge", () => [LeafChallenge.Of([1, 5, 9]).ToBytes()], bytes => LeafChallenge.TryRead(bytes, out var challenge)
            ? Verdict.Canonical(challenge.ToBytes(), $"{challenge.Leaves.Count}") : Verdict.Refused),
        new("audit/answer", () => [LeafAnswer.Write(Parts.Seed(1, 32), [Leaf(1), Leaf(2), Leaf(0)])], bytes => LeafAnswer.TryRead(bytes, Asked, out var answer)
            ? Verdict.Canonical(LeafAnswer.Write(answer.Root, answer.Leaves)) : Verdict.Refused),
        new("audit/list", () => [List()], bytes => OfFile(bytes, path => $"{AuditList.Read(path).Targets().Count}"))
        {
            Shape = Shape.Text,
            Documented = static failure => failure is CannotException,
            Allowance = (2 << 20, 400),
        },
        new("audit/plan of a repair", () => [Plan()], bytes => OfFile(bytes, path => $"{RepairPlan.Read(path).Records.Sum(record => record.Lost.Count)}"))
        {
            Shape = Shape.Text,
            Documented = static failure => failure is CannotException,
            Allowance = (2 << 20, 400),
        },
    ];

    /// <summary>Reads an input that lies in a file.</summary>
    internal static Verdict OfFile(byte[] bytes, Func<string, string> read)
    {
        var path = Path.Combine(Path.GetTempPath(), $"salus-fuzz-file-{Environment.ProcessId}");
        try
        {
            File.WriteAllBytes(path, bytes);
            return Verdict.Taken(read(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static ProvenLeaf Leaf(int hashes) => new(Parts.Seed(2, 40), hashes == 0 ? [] : Parts.Seed(3, 32 * hashes));

    private static byte[] List()
    {
        var (address, root) = (Convert.ToHexStringLower(Parts.Seed(4, 32)), Convert.ToHexStringLower(Parts.Seed(5, 32)));
        return JsonSerializer.SerializeToUtf8Bytes(AuditList.Of(Parties, [new(Key, address, root, 4), new(Key, root, address, 1024)]), AuditJson.Default.AuditList);
    }

    private static byte[] Plan()
    {
        var part = Parts.Seed(6, 32);
        var record = new RecordPlan("letter.pdf", 1000, 2, [.. Enumerable.Repeat(new PlannedSource(part, part, part, Key), 3)], [new(1, part, part, Key, false, part, part, Parts.Seed(7, 100), part)]);
        return JsonSerializer.SerializeToUtf8Bytes(RepairPlan.Of(Parties, [record]), RepairJson.Default.RepairPlan);
    }
}
