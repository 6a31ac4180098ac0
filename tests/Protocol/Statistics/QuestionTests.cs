using Salus.Crypto.Statistics.Sharing;
using Salus.Protocol.Statistics;
using Salus.Protocol.Studies;
using Salus.Protocol.Tests.Studies;

namespace Salus.Protocol.Tests.Statistics;

public class QuestionTests
{
    private static readonly Filter First = new(FilterKind.Attribute, 0, 0b0011);
    private static readonly Filter Second = new(FilterKind.Variable, 0, 0b0110);

    [Fact]
    public void EqualQuestionsAreEqualBytes()
    {
        Assert.Equal(Question.Create(Measure.Joint, [0, 1], [First, Second]), Question.Create(Measure.Joint, [1, 0], [Second, First]));
        Assert.Equal(Question.Create(Measure.Table, [1, 0], []), Question.Create(Measure.Table, [0, 1], []));
        Assert.Equal(Question.Create(Measure.Gram, [0, 2, 1], []), Question.Create(Measure.Gram, [0, 1, 2], []));
        Assert.NotEqual(Question.Create(Measure.Gram, [1, 0, 2], []), Question.Create(Measure.Gram, [0, 1, 2], []));
        Assert.Equal(Question.Create(Measure.Count, [], [First with { Members = 0b0111 }, First with { Members = 0b1011 }]), Question.Create(Measure.Count, [], [First]));
        var question = Question.Create(Measure.Joint, [0, 1], [First]);
        Assert.Equal(question.Name(new StudyId(1), 5), Question.Create(Measure.Joint, [1, 0], [First]).Name(new StudyId(1), 5));
        Assert.NotEqual(question.Name(new StudyId(1), 5), question.Name(new StudyId(1), 6));
        Assert.NotEqual(question.Name(new StudyId(1), 5), question.Name(new StudyId(2), 5));
    }

    [Fact]
    public void EveryChangeOfABitIsAnotherQuestionOrNone()
    {
        var bytes = Question.Create(Measure.Joint, [0, 1], [First, Second]).Bytes.ToArray();
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            byte[] changed = [.. bytes];
            changed[bit / 8] ^= (byte)(1 << bit % 8);
            if (Question.TryRead(changed, out var read))
                Assert.Equal(changed, Question.Create(read.Measure, read.Operands, read.Filters).Bytes.ToArray());
        }
        for (var length = 0; length < bytes.Length; length++)
            Assert.False(Question.TryRead(bytes.AsSpan(0, length), out _));
        Assert.False(Question.TryRead([.. bytes, 0], out _));
    }

    [Fact]
    public void AStudyIsAskedAboutWhatItDeclares()
    {
        var terms = StudyCases.Terms;
        Assert.True(Question.Create(Measure.Joint, [0, 1], [First, Second]).Fits(terms));
        foreach (var question in (Question[])
        [
            Question.Create(Measure.Total, [2], []), Question.Create(Measure.Categories, [1], []), Question.Create(Measure.Buckets, [1], []), Question.Create(Measure.Table, [0, 1], []),
            Question.Create(Measure.Count, [], [First with { Members = 0b1111 }]), Question.Create(Measure.Count, [], [First with { Members = 0b10000 }]),
            Question.Create(Measure.Count, [], [Second with { Members = 0b10000 }]), Question.Create(Measure.Count, [], [Second with { Index = 1, Members = 1 }]),
        ])
            Assert.False(question.Fits(terms));
        var wide = terms with { Variables = [terms.Variables[0] with { Lower = 0, Upper = 1L << 40, Bounds = [] }] };
        Assert.True(Question.Create(Measure.Total, [0], []).Fits(wide));
        Assert.False(Question.Create(Measure.Spread, [0], []).Fits(wide)); // its sum of squares could leave the field
    }

    [Fact]
    public void NoiseIsWhatThePriceSays()
    {
        // rho = sum of move^2 / (2 variance), over the sums that one participant moves.
        foreach (var question in (Question[])[Question.Create(Measure.Total, [0], []), Question.Create(Measure.Joint, [0, 1], []), Question.Create(Measure.Gram, [1, 0], [])])
        {
            var (moves, variances) = (question.Moves(StudyCases.Terms), question.NoiseVariances(StudyCases.Terms, 100));
            Crypto.Statistics.Results.Rational cost = 0;
            for (var i = 0; i < moves.Count; i++)
                cost += moves[i] * new System.Numerics.BigInteger(moves[i]) / (2 * variances[i]);
            Assert.Equal(new Crypto.Statistics.Results.Rational(100, 1_000_000), cost);
        }
        Assert.All(Question.Create(Measure.Buckets, [0], []).NoiseVariances(StudyCases.Terms, 100), variance => Assert.Equal((Crypto.Statistics.Results.Rational)5000, variance));
    }

    [Fact]
    public void ARowOpensAtItsTrusteeAloneAndFitsTheStudyThatItsContributorHasRead()
    {
        var study = StudyCases.Study;
        using var split = SplitVector.SplitElements(study.Terms.Layout().Encode([700, null], [2]));
        var commitments = split.Commit();
        var header = ContributionHeader.Create(Parts.Signing(9), study.Id, [], RowDelivery.Commit(study, commitments));
        var receipts = StudyCases.Trustees.Take(2).Select(trustee => ContributionReceipt.Create(trustee, study.Id, header.Digest).Signed).ToArray();
        var sealedRow = RowDelivery.Seal(Parts.Box(5).PublicKey, header, receipts, commitments, split.Parcel(0));
        Assert.True(RowDelivery.TryUnseal(Parts.Box(5), sealedRow, out var delivery));
        Assert.True(delivery.Fits(study));
        Assert.Equal(split.Parcel(0), delivery.Parcel);
        Assert.False(delivery.Fits(Study.Create(Parts.Signing(1), StudyCases.Terms with { BudgetMicros = 9 })));
        Assert.False(RowDelivery.TryUnseal(Parts.Box(6), sealedRow, out _));
        for (var i = 0; i < sealedRow.Length; i += 13)
        {
            byte[] changed = [.. sealedRow];
            changed[i] ^= 1;
            Assert.False(RowDelivery.TryUnseal(Parts.Box(5), changed, out _));
        }
        Assert.False(RowDelivery.TryUnseal(Parts.Box(5), sealedRow.AsSpan(0, sealedRow.Length - 1), out _));
        Assert.False(RowDelivery.TryUnseal(Parts.Box(5), new byte[RowDelivery.MaxSize + 1], out _));
    }
}
