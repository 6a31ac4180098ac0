using Salus.Crypto;
using Salus.Protocol.Statistics;
using Salus.Protocol.Tests.Studies;

namespace Salus.Protocol.Tests.Statistics;

/// <summary>The signed messages of statistics, under the contract as all others.</summary>
internal static class StatisticsCases
{
    private static readonly SigningKey Researcher = Parts.Signing(1);
    private static readonly SigningKey Trustee = StudyCases.Trustees[0];
    private static readonly SigningKey Other = StudyCases.Trustees[1];
    private static readonly byte[] TooLate = [0, 0, 0xe6, 0x77, 0xd2, 0x1f, 0xdc, 0x00];
    private static readonly byte[] TooMuch = [0, 0, 2, 0, 0, 0, 0, 0];

    public static Question Question { get; } = Question.Create(Measure.Joint, [1, 0], [new Filter(FilterKind.Variable, 0, 0b0110), new Filter(FilterKind.Attribute, 0, 0b1001)]);

    public static IReadOnlyList<SignedCase> All { get; } = [Hello(), Query(), Answer(), Budget()];

    private static SignedCase<PeerHello> Hello() => new(nameof(PeerHello), Domains.SignPeerHello, Trustee,
        PeerHello.Create(Trustee, Other.PublicKey, Parts.Box(5).PublicKey, Parts.Seed(1, 32), out _), hello => hello.Signed,
        hello => $"{hello.Sender} {hello.Receiver} {Convert.ToHexString(hello.Computation)}", PeerHello.TryVerify)
    {
        Malformations = [new("another magic", 0, "salus peer hello 2\n"u8.ToArray()), new("another sender", 19, Other.PublicKey.Bytes.ToArray())],
    };

    private static SignedCase<StatisticsQuery> Query()
    {
        const int Start = 25 + 32 + 16 + 4;
        var end = Start + Question.Bytes.Length;
        return new(nameof(StatisticsQuery), Domains.SignStatisticsQuery, Researcher, StatisticsQuery.Create(Researcher, StudyCases.Terms.Id, Question, 5000, Parts.Now),
            query => query.Signed, query => $"{query.Researcher} {query.Study} {Convert.ToHexString(query.Question.Bytes)} {query.RhoMicros} {query.At:o} {Convert.ToHexString(query.Nonce)}",
            StatisticsQuery.TryVerify)
        {
            Counts = [Start - 4],
            Malformations =
            [
                new("another researcher", 25, Other.PublicKey.Bytes.ToArray()), new("no measure", Start, [9]), new("operands out of order", Start + 2, [1, 0]),
                new("one operand twice", Start + 2, [1, 1]),
                new("another number of operands", Start + 1, [1]), new("nine filters", Start + 4, [9]), new("no kind of filter", Start + 5, [3]), new("filters out of order", Start + 5, [2, 7]),
                new("a filter of nobody", Start + 5 + 17, [0]), new("free", end, new byte[8]), new("dearer than any budget", end, TooMuch), new("after the year 9999", end + 8, TooLate),
            ],
        };
    }

    private static SignedCase<StatisticsAnswer> Answer()
    {
        var name = Question.Name(StudyCases.Terms.Id, 5000);
        const int Sums = 26 + 32 + 16 + 32 + 8;
        return new(nameof(StatisticsAnswer), Domains.SignStatisticsAnswer, Trustee,
            StatisticsAnswer.Create(Trustee, StudyCases.Terms.Id, name, Parts.Now, [12, -7, long.MinValue], 1_500_000, 5000), answer => answer.Signed,
            answer => $"{answer.Trustee} {answer.Study} {Convert.ToHexString(answer.Name)} {answer.At:o} {string.Join(',', answer.Sums)} {answer.BudgetMicros} {answer.SpentMicros}",
            (ReadOnlySpan<byte> signed, out StatisticsAnswer? answer) => StatisticsAnswer.TryVerify(signed, Trustee.PublicKey, name, out answer))
        {
            Counts = [Sums],
            Malformations =
            [
                new("another trustee", 26, Other.PublicKey.Bytes.ToArray()), new("another question", 26 + 48, [1, 2, 3]), new("after the year 9999", 26 + 80, TooLate),
                new("more spent than there was", Sums + 4 + 24 + 8, [0, 0, 0, 1]), new("too large a budget", Sums + 4 + 24, TooMuch),
            ],
        };
    }

    private static SignedCase<StatisticsBudget> Budget() => new(nameof(StatisticsBudget), Domains.SignStatisticsBudget, Trustee,
        StatisticsBudget.Create(Trustee, StudyCases.Terms.Id, Parts.Now, 1_500_000, 5000), budget => budget.Signed,
        budget => $"{budget.Trustee} {budget.Study} {budget.At:o} {budget.Micros} {budget.SpentMicros}",
        (ReadOnlySpan<byte> signed, out StatisticsBudget? budget) => StatisticsBudget.TryVerify(signed, Trustee.PublicKey, StudyCases.Terms.Id, out budget))
    {
        Malformations =
        [
            new("another trustee", 26, Other.PublicKey.Bytes.ToArray()), new("another study", 26 + 32, [1]), new("after the year 9999", 26 + 48, TooLate),
            new("more spent than there was", 26 + 64, [0, 0, 0, 1]), new("too large a budget", 26 + 56, TooMuch),
        ],
    };
}
