using Salus.Crypto.Statistics.Sharing;

namespace Salus.Crypto.Statistics.Computing;

/// <summary>
/// Each party proves to the two others that the parts z_i which it sent are z_i = x_i·y_i + x_i·y_(i+1) + x_(i+1)·y_i + F(k_i) - F(k_(i+1)), for all products at once and
/// in a logarithmic number of bytes, and shows nothing else.
/// </summary>
/// <remarks>
/// Source: Boneh, Boyle, Corrigan-Gibbs, Gilboa, Ishai, CRYPTO 2019 (fully linear proofs on data distributed among the verifiers); Boyle, Gilboa, Ishai, Nof, CCS 2019 (three
/// parties). All is weighted by a coin tossed after the z were sent, and the mixed terms are one inner product of length 2n: A = (w·x_i | w·y_i), which the party before the
/// prover has (the left verifier), B = (y_(i+1) | x_(i+1)), which the party behind has (the right one); what it must be is the sum of what left and right know. The product is
/// folded: the prover gives the values of the rows' product polynomial in two shares, the right one being a stream; both verifiers know the next challenge from their own key,
/// and the left one tells it when the share has come. At last a column of masks makes the two remaining elements uniform, and the left verifier multiplies them.
/// Three proofs run side by side. docs/spec/statistics.md has the argument and the error, below 2^-53.
/// </remarks>
internal sealed class ProductProof
{
    private const int WideFold = 4;
    private const int NarrowFold = 8;
    private const int NarrowFrom = 8192;
    private const int LastLength = 16;

    private readonly PartyLink _link;

    // As the prover; as the left verifier of the next party; as the right verifier of the previous one.
    private readonly FoldingVector _proverA = new();
    private readonly FoldingVector _proverB = new();
    private readonly FoldingVector _leftA = new();
    private readonly FoldingVector _rightB = new();
    private readonly RunningHash _echo = new(Domains.ComputationEcho);
    private readonly RunningHash _expectedEcho = new(Domains.ComputationEcho);
    private ulong _left;
    private ulong _right;

    private ProductProof(PartyLink link, IReadOnlyList<ProductCheck> checks, ReadOnlySpan<byte> coin)
    {
        _link = link;
        _echo.Add(link.WithNext.Read(link.Party));
        _expectedEcho.Add(link.WithPrevious.Read(Parties.Previous(link.Party)));
        for (var i = 0; i < checks.Count; i++)
        {
            var weights = new ulong[checks[i].Product.Outputs];
            FieldStream.Fill(coin, (ulong)i, weights);
            // The first of all need not be weighted: if it alone is wrong the sum is, and if another one is, that one's weight hides it with chance 1/p.
            if (i == 0 && weights.Length > 0)
                weights[0] = 1;
            State(checks[i], weights);
        }
    }

    /// <summary>Throws <see cref="ComputationAbortedException"/> when this party, as a verifier, is not convinced.</summary>
    public static async ValueTask RunAsync(PartyLink link, IReadOnlyList<ProductCheck> checks, ReadOnlyMemory<byte> coin, CancellationToken cancel)
    {
        var proof = new ProductProof(link, checks, coin.Span);
        while (proof._proverA.Length > LastLength)
            await proof.FoldAsync(proof._proverA.Length > NarrowFrom ? WideFold : NarrowFold, cancel);
        await proof.FinishAsync(cancel);
    }

    /// <summary>A product as inner products, and what left and right verifier know of their sum.</summary>
    private void State(ProductCheck check, ulong[] weights)
    {
        var (x, y, block) = (check.Product.Left, check.Product.Right, Math.Max(1, check.Product.Block));
        _proverA.Add(x.Own, weights, block);
        _proverB.Add(y.Next);
        _proverA.Add(y.Own, weights, block);
        _proverB.Add(x.Next);
        _leftA.Add(x.Next, weights, block);
        _rightB.Add(y.Own);
        _leftA.Add(y.Next, weights, block);
        _rightB.Add(x.Own);

        var mask = new ulong[weights.Length];
        _link.OwnKey.Fill(check.OwnStream, mask);
        _right = Field61.Add(_right, FieldVector.Dot(weights, mask));
        _link.NextKey.Fill(check.NextStream, mask);
        FieldVector.Subtract(check.Result.Next.Span, mask, mask);
        for (var output = 0; output < mask.Length; output++)
        {
            var (start, count) = (output * check.Product.Block, check.Product.Block);
            mask[output] = Field61.Subtract(mask[output], FieldVector.Dot(x.Next.Span.Slice(start, count), y.Next.Span.Slice(start, count)));
        }
        _left = Field61.Add(_left, FieldVector.Dot(weights, mask));
    }

    private async ValueTask FoldAsync(int k, CancellationToken cancel)
    {
        var pad = _link.NextKey.Draw(StreamPurpose.ProofPad, 2 * k - 2);
        var values = FoldingVector.Products(_proverA, _proverB, k);
        FieldVector.Subtract(values, pad, values);
        values = await _link.PassBackAsync(values, cancel);

        // Only now, when the next party's values are here, may it learn the point.
        ulong[] point = [Challenge(_link.OwnKey)];
        var own = (await _link.PassOnAsync(point, cancel))[0];
        var rightPoint = Challenge(_link.NextKey);
        _echo.Add(PartyLink.Bytes(own));
        _expectedEcho.Add(PartyLink.Bytes(rightPoint));

        _left = Reduce(_left, values, k, point[0]);
        _right = Reduce(_right, _link.OwnKey.Draw(StreamPurpose.ProofPad, 2 * k - 2), k, rightPoint);
        _proverA.Fold(k, own);
        _proverB.Fold(k, own);
        _leftA.Fold(k, point[0]);
        _rightB.Fold(k, rightPoint);
    }

    private async ValueTask FinishAsync(CancellationToken cancel)
    {
        var m = Math.Max(1, _proverA.Length);
        ulong[] a = Row(_proverA, m, _link.OwnKey.Draw(StreamPurpose.LeftMask, 1)), b = Row(_proverB, m, _link.NextKey.Draw(StreamPurpose.RightMask, 1));
        ulong[] values = new ulong[2 * m], scratch = new ulong[m + 1];
        Polynomial.Extend(a, m + 1, 1, scratch);
        Polynomial.Extend(b, m + 1, 1, scratch);
        FieldVector.Multiply(a.AsSpan(1), b.AsSpan(1), values);
        FieldVector.Subtract(values, _link.NextKey.Draw(StreamPurpose.ProofPad, 2 * m), values);
        byte[] received = new byte[Field61.Size * values.Length], echo = new byte[RunningHash.Size];
        await _link.ExchangeAsync(PartyLink.Bytes(values), _echo.Read(_link.Party), echo, received, cancel);
        // A prover that was told other points than those of the right verifier has folded other vectors: what follows would then tell something of them.
        _link.Must(echo.AsSpan().SequenceEqual(_expectedEcho.Read(Parties.Previous(_link.Party))), AbortReason.Challenges);

        ulong leftPoint = MaskedChallenge(_link.OwnKey, m), rightPoint = MaskedChallenge(_link.NextKey, m);
        _left = Reduce(_left, _link.Elements(received), m, leftPoint);
        _right = Reduce(_right, _link.OwnKey.Draw(StreamPurpose.ProofPad, 2 * m), m, rightPoint);
        var left = Last(_leftA, m, _link.NextKey.Draw(StreamPurpose.LeftMask, 1), leftPoint);
        var right = Last(_rightB, m, _link.OwnKey.Draw(StreamPurpose.RightMask, 1), rightPoint);
        var ofRight = await _link.PassOnAsync([right, _right], cancel);
        _link.Must(Field61.Multiply(left, ofRight[0]) == Field61.Add(_left, ofRight[1]), AbortReason.Proof);
    }

    /// <summary>A share of the sum at 0 to summed-1 and shares of the values at 1, 2 …, as a share of the value at a point: what is true of the sum fixes the value at 0.</summary>
    private static ulong Reduce(ulong sum, ReadOnlySpan<ulong> values, int summed, ulong point)
    {
        Span<ulong> all = stackalloc ulong[values.Length + 1];
        all[0] = Field61.Subtract(sum, FieldVector.Sum(values[..(summed - 1)]));
        values.CopyTo(all[1..]);
        return Polynomial.Evaluate(all, point);
    }

    /// <summary>The elements left, the mask behind them, and room for the values up to 2m.</summary>
    private static ulong[] Row(FoldingVector vector, int m, ulong[] mask)
    {
        var row = new ulong[2 * m + 1];
        vector.ToArray().CopyTo(row, 0);
        row[m] = mask[0];
        return row;
    }

    private static ulong Last(FoldingVector vector, int m, ulong[] mask, ulong point) => Polynomial.Evaluate(Row(vector, m, mask).AsSpan(0, m + 1), point);

    private static ulong Challenge(PairKey key) => key.Draw(StreamPurpose.Challenge, 1)[0];

    /// <summary>Not one of the points where the mask has no part.</summary>
    private static ulong MaskedChallenge(PairKey key, int m)
    {
        ulong point;
        do
            point = Challenge(key);
        while (point < (ulong)m);
        return point;
    }
}
