using System.Security.Cryptography;
using Salus.Crypto.Statistics.Sharing;

namespace Salus.Crypto.Statistics.Computing;

/// <summary>
/// One computation of three parties on values in replicated shares, each party running the same steps. Any one of them may do what it likes: the others then end with
/// <see cref="ComputationAbortedException"/> before anything was opened, or the result is right (up to a chance below 2^-53).
/// </summary>
/// <remarks>
/// Source: Araki, Furukawa, Lindell, Nof, Ohara (CCS 2016) for products, <see cref="ProductProof"/> for their verification. What is opened is what the caller opens:
/// noise is for the caller to add, in shares of its own. One use at a time.
/// </remarks>
public sealed class Computation : IDisposable
{
    private readonly PartyLink _link;
    private readonly List<ProductCheck> _unverified = [];
    private readonly List<SecretVector> _bits = [];
    private readonly List<SecretVector> _zeros = [];
    private bool _confirmed;

    private Computation(PartyLink link) => _link = link;

    /// <summary>This party, 0 to 2.</summary>
    public int Party => _link.Party;

    /// <summary>Begins: fresh keys between neighbours. <paramref name="context"/> says what is computed for whom on which rows; parties that differ in it abort.</summary>
    public static async ValueTask<Computation> StartAsync(IPeerChannel channel, int party, ReadOnlyMemory<byte> context, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        Parties.Check(party);
        var link = await PartyLink.StartAsync(channel, party, cancel);
        link.AddPublic(context.Span);
        return new Computation(link);
    }

    /// <summary>
    /// A vector that each party gives, in shares: of party 0, 1 and 2, in this order. <paramref name="elements"/> are this party's, as many as those of the others.
    /// </summary>
    public async ValueTask<SecretVector[]> InputAsync(ReadOnlyMemory<ulong> elements, CancellationToken cancel)
    {
        _confirmed = false;
        int count = elements.Length, previous = Parties.Previous(Party), next = Parties.Next(Party);
        // Of a giver d, x_d and x_(d+1) are streams of its two keys and x_(d+2) is sent. The streams of both keys in the order of the givers, which both holders follow.
        var ofOwnKey = new ulong[Parties.Count][];
        var ofNextKey = new ulong[Parties.Count][];
        for (var giver = 0; giver < Parties.Count; giver++)
        {
            ofOwnKey[giver] = _link.OwnKey.Draw(StreamPurpose.Input, count);
            ofNextKey[giver] = _link.NextKey.Draw(StreamPurpose.Input, count);
        }
        var third = new ulong[count];
        FieldVector.Subtract(elements.Span, ofOwnKey[Party], third);
        FieldVector.Subtract(third, ofNextKey[Party], third);
        var sent = PartyLink.Bytes(third);
        byte[] fromPrevious = new byte[sent.Length], fromNext = new byte[sent.Length];
        await _link.ExchangeAsync(sent, sent, fromPrevious, fromNext, cancel);
        // The two that were sent the same third share hold each other to it.
        _link.WithNext.Add(fromPrevious);
        _link.WithPrevious.Add(fromNext);

        var inputs = new SecretVector[Parties.Count];
        inputs[Party] = new SecretVector(Party, ofOwnKey[Party], ofNextKey[Party]);
        inputs[previous] = new SecretVector(Party, ofOwnKey[previous], _link.Elements(fromPrevious));
        inputs[next] = new SecretVector(Party, _link.Elements(fromNext), ofNextKey[next]);
        return inputs;
    }

    /// <summary>Products, all of them in one round; one vector for each.</summary>
    public async ValueTask<SecretVector[]> MultiplyAsync(IReadOnlyList<Product> products, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(products);
        _confirmed = false;
        var parts = new ulong[products.Sum(product => product.Outputs)];
        var streams = new (ulong Own, ulong Next)[products.Count];
        for (int i = 0, at = 0; i < products.Count; at += products[i].Outputs, i++)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(products[i].Left.Party, Party, nameof(products));
            streams[i] = (_link.OwnKey.Reserve(StreamPurpose.ProductMask), _link.NextKey.Reserve(StreamPurpose.ProductMask));
            Part(products[i], streams[i].Own, streams[i].Next, parts.AsSpan(at, products[i].Outputs));
        }
        var next = await _link.PassBackAsync(parts, cancel);

        var results = new SecretVector[products.Count];
        for (int i = 0, at = 0; i < products.Count; at += products[i].Outputs, i++)
        {
            results[i] = new SecretVector(Party, parts.AsMemory(at, products[i].Outputs), next.AsMemory(at, products[i].Outputs));
            _unverified.Add(new ProductCheck(products[i], results[i], streams[i].Own, streams[i].Next));
        }
        return results;
    }

    /// <summary>Every element must be 0 or 1: checked with all else before anything is opened.</summary>
    public void AssertBits(SecretVector bits)
    {
        _confirmed = false;
        _bits.Add(bits);
    }

    /// <summary>Every element must be 0: checked with all else before anything is opened.</summary>
    public void AssertZero(SecretVector zeros)
    {
        _confirmed = false;
        _zeros.Add(zeros);
    }

    /// <summary>A coin of all three, 32 bytes, for weights that nobody may foresee.</summary>
    public ValueTask<byte[]> TossAsync(CancellationToken cancel)
    {
        _confirmed = false;
        return CommonCoin.TossAsync(_link, cancel);
    }

    /// <summary>
    /// Checks all that was computed and asserted since the last time, and that all parties have followed: until this has returned nothing may be opened or handed out.
    /// </summary>
    public async ValueTask VerifyAsync(CancellationToken cancel)
    {
        if (_confirmed)
            return;
        if (_bits.Count > 0)
        {
            var bits = SecretVector.Concat(_bits);
            _bits.Clear();
            _zeros.AddRange(await MultiplyAsync([BitCheck.Of(bits, await CommonCoin.TossAsync(_link, cancel))], cancel));
        }
        SecretVector? zero = null;
        if (_unverified.Count > 0 || _zeros.Count > 0)
        {
            var coin = await CommonCoin.TossAsync(_link, cancel);
            if (_unverified.Count > 0)
                await ProductProof.RunAsync(_link, _unverified, coin, cancel);
            _unverified.Clear();
            if (_zeros.Count > 0)
            {
                var zeros = SecretVector.Concat(_zeros);
                zero = zeros.Scale(BitCheck.Weights(coin, zeros.Count)).Sum();
                _zeros.Clear();
            }
        }
        await _link.ConfirmAsync(cancel);
        if (zero is not null)
            _link.Must((await OpenConfirmedAsync(zero, cancel))[0] == 0, AbortReason.NotZero);
        _confirmed = true;
    }

    /// <summary>Verifies what is not verified yet and gives a vector to all three.</summary>
    public async ValueTask<ulong[]> OpenAsync(SecretVector vector, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(vector);
        await VerifyAsync(cancel);
        return await OpenConfirmedAsync(vector, cancel);
    }

    /// <summary>Verifies what is not verified yet and gives this party's two shares, for a recipient that combines those of two or three parties: <see cref="Opening"/>.</summary>
    public async ValueTask<byte[]> RevealAsync(SecretVector vector, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(vector);
        await VerifyAsync(cancel);
        return Opening.Write(vector);
    }

    public void Dispose() => _link.Dispose();

    public override string ToString() => "[redacted]";

    /// <summary>Everyone lacks the share that both neighbours have: the previous party sends it, the next one its hash.</summary>
    private async ValueTask<ulong[]> OpenConfirmedAsync(SecretVector vector, CancellationToken cancel)
    {
        byte[] share = new byte[Field61.Size * vector.Count], hash = new byte[Opening.HashSize];
        await _link.ExchangeAsync(Opening.Hash(PartyLink.Bytes(vector.Next.Span)), PartyLink.Bytes(vector.Own.Span), share, hash, cancel);
        _link.Must(CryptographicOperations.FixedTimeEquals(hash, Opening.Hash(share)), AbortReason.Opening);
        var opened = _link.Elements(share);
        FieldVector.Add(opened, vector.Own.Span, opened);
        FieldVector.Add(opened, vector.Next.Span, opened);
        return opened;
    }

    /// <summary>z_i = sum of x_i·(y_i + y_(i+1)) + x_(i+1)·y_i, and what makes it uniform.</summary>
    private void Part(Product product, ulong ownStream, ulong nextStream, Span<ulong> part)
    {
        var (x, y) = (product.Left, product.Right);
        var mask = new ulong[part.Length];
        _link.OwnKey.Fill(ownStream, part);
        _link.NextKey.Fill(nextStream, mask);
        FieldVector.Subtract(part, mask, part);
        for (var output = 0; output < part.Length; output++)
        {
            var (start, count) = (output * product.Block, product.Block);
            ReadOnlySpan<ulong> own = x.Own.Span.Slice(start, count), right = y.Own.Span.Slice(start, count);
            var sum = Field61.Add(FieldVector.Dot(own, right), FieldVector.Dot(own, y.Next.Span.Slice(start, count)));
            part[output] = Field61.Add(part[output], Field61.Add(sum, FieldVector.Dot(x.Next.Span.Slice(start, count), right)));
        }
    }
}
