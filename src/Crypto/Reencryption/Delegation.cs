using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Reencryption;

/// <summary>
/// Threshold proxy re-encryption: a delegating key split among three trustees, any two of whom let one delegatee open capsules made for that key.
/// </summary>
/// <remarks>
/// Source: D. Nuñez, "Umbral: a threshold proxy re-encryption scheme" (2018), algorithms ReKeyGen, ReEncapsulate and DecapsulateFrags; here over
/// ristretto255 with t = 2, n = 3 and
/// the policy hashed into d and sx.
/// <code>
/// split    x random, X = xG, d = H(policy, X, pkB, pkA, x·pkB);  f0 = a·d⁻¹, f1 random
///          share: id random, sx = H(policy, X, pkB, pkA, x·pkB, id), rk = f0 + f1·sx, U1 = rk·U
/// open     x·pkB = b·X;  λ from sx1, sx2;  E' = Σ λ·E1, V' = Σ λ·V1;  check (s/d)·pkA = V' + h·E';  K from d·(E' + V')
/// </code>
/// Secret: a, b, x, d, every sx, rk. All scalar and point operations on them are constant time. The trustees never learn sx, so two of them cannot
/// interpolate; with the delegatee they learn a, which is why a is of one partition and epoch only.
/// </remarks>
public static class Delegation
{
    public const int Shares = 3;
    public const int Threshold = 2;

    private const int Part = 32;

    /// <summary>
    /// Delegates <paramref name="delegator"/> to <paramref name="delegatee"/>. <paramref name="policy"/>: the bytes that the three shares have in
    /// common;
    /// shares of another policy do not open together with these.
    /// </summary>
    public static KeyShare[] Split(DelegatingKey delegator, PublicKey delegatee, ReadOnlySpan<byte> policy)
    {
        using var x = SecretScalar.Random();
        using var f1 = SecretScalar.Random();
        var ids = RandomNumberGenerator.GetBytes(Shares * PublicShare.IdSize);
        return Split(delegator, delegatee, policy, x, f1, ids);
    }

    /// <summary>With chosen randomness, for vectors; <paramref name="ids"/>: three identifiers in a row, distinct.</summary>
    internal static KeyShare[] Split(
        DelegatingKey delegator, PublicKey delegatee, ReadOnlySpan<byte> policy, Secret x, Secret f1, ReadOnlySpan<byte> ids)
    {
        ArgumentNullException.ThrowIfNull(delegator);
        ArgumentNullException.ThrowIfNull(delegatee);
        Span<byte> work = stackalloc byte[4 * Part];
        using var wiped = new Wiped(work);
        Span<byte> shared = work[..Part], f0 = work[Part..(2 * Part)], sx = work[(2 * Part)..(3 * Part)], rk = work[(3 * Part)..];
        Span<byte> bigX = stackalloc byte[Part];
        Span<byte> u1 = stackalloc byte[Part];

        var made = Ristretto255.TryMultiplyBase(x.Bytes, bigX) & Ristretto255.TryMultiply(x.Bytes, delegatee.Bytes, shared);
        var agreement = new Agreement(policy, bigX, delegatee, delegator.PublicKey, shared);
        agreement.D(f0);
        made &= Ristretto255.TryInvert(f0, f0);
        Ristretto255.Multiply(delegator.Scalar.Bytes, f0, f0);

        var shares = new KeyShare[Shares];
        for (var i = 0; i < Shares; i++)
        {
            var id = ids.Slice(i * PublicShare.IdSize, PublicShare.IdSize);
            agreement.Sx(id, sx);
            made &= Ristretto255.IsScalar(sx);   // zero would hand out f0 itself
            Ristretto255.Multiply(f1.Bytes, sx, rk);
            Ristretto255.Add(f0, rk, rk);
            made &= Ristretto255.IsScalar(rk) & Ristretto255.TryMultiply(rk, SecondGenerator.Bytes, u1);
            if (!made)
                throw new CryptographicException("The random scalars are degenerate.");
            shares[i] = KeyShare.Of(PublicShare.Of(id, bigX, u1), rk);
        }
        return shares;
    }

    /// <summary>
    /// A trustee's answer. <paramref name="request"/>: everything of the request that the answer is for, its nonce and time among it; it is hashed
    /// into the proof.
    /// </summary>
    public static CFrag ReEncrypt(VerifiedCapsule capsule, KeyShare share, ReadOnlySpan<byte> request)
    {
        ArgumentNullException.ThrowIfNull(capsule);
        ArgumentNullException.ThrowIfNull(share);
        Span<byte> entropy = stackalloc byte[Part];
        using var wiped = new Wiped(entropy);
        RandomNumberGenerator.Fill(entropy);
        return CFrag.Make(capsule, share, request, entropy);
    }

    /// <summary>
    /// The key of the capsule, from the answers of two trustees. False when they are not of two distinct shares of one delegation, were made for
    /// another capsule,
    /// or do not open it under this policy, delegator and delegatee.
    /// </summary>
    public static bool TryOpen(
        VerifiedCapsule capsule, ReceivingKey delegatee, PublicKey delegator, ReadOnlySpan<byte> policy,
        VerifiedCFrag first, VerifiedCFrag second, [NotNullWhen(true)] out Secret? key)
    {
        ArgumentNullException.ThrowIfNull(capsule);
        ArgumentNullException.ThrowIfNull(delegatee);
        ArgumentNullException.ThrowIfNull(delegator);
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        key = null;

        // 1. Both for this capsule, from two shares of one delegation by this delegator.
        if (!capsule.PublicKey.Equals(delegator)
            || !first.Capsule.IsSameAs(capsule)
            || !second.Capsule.IsSameAs(capsule)
            || first.Share.Id.SequenceEqual(second.Share.Id)
            || !first.Share.X.SequenceEqual(second.Share.X))
            return false;

        // 2. What delegator and delegatee agreed on.
        Span<byte> work = stackalloc byte[9 * Part];
        using var wiped = new Wiped(work);
        Span<byte> shared = work[..Part], d = work[Part..(2 * Part)], sx1 = work[(2 * Part)..(3 * Part)],
            sx2 = work[(3 * Part)..(4 * Part)], scale1 = work[(4 * Part)..(5 * Part)], scale2 = work[(5 * Part)..(6 * Part)];
        Span<byte> e = work[(6 * Part)..(7 * Part)], v = work[(7 * Part)..(8 * Part)], other = work[(8 * Part)..];
        if (!Ristretto255.TryMultiply(delegatee.Scalar.Bytes, first.Share.X, shared))
            return false;
        var agreement = new Agreement(policy, first.Share.X, delegatee.PublicKey, delegator, shared);
        agreement.D(d);
        agreement.Sx(first.Share.Id, sx1);
        agreement.Sx(second.Share.Id, sx2);

        // 3. d·λ at zero: λ1 = sx2/(sx2 - sx1), λ2 = -sx1/(sx2 - sx1). With d multiplied in here, e = d·E' and v = d·V':
        //    two multiplications of points and an inversion less, and the check below is that of the paper times d.
        Ristretto255.Subtract(sx2, sx1, other);
        if (!Ristretto255.TryInvert(other, other))
            return false;
        Ristretto255.Multiply(d, other, other);
        Ristretto255.Multiply(other, sx2, scale1);
        Ristretto255.Multiply(other, sx1, scale2);
        if (!TryDifference(scale1, first.CFrag.E1, scale2, second.CFrag.E1, e) || !TryDifference(scale1, first.CFrag.V1, scale2, second.CFrag.V1, v))
            return false;

        // 4. s·pkA = d·V' + h·d·E': two true answers to another delegation fail here.
        Span<byte> left = stackalloc byte[Part];
        if (!Ristretto255.TryMultiply(capsule.Capsule.S, delegator.Bytes, left)
            || !Ristretto255.TryMultiply(capsule.H, e, other)
            || !Ristretto255.TryAdd(v, other, other)
            || !CryptographicOperations.FixedTimeEquals(left, other))
            return false;

        // 5. d·(E' + V') = a·(E + V).
        if (!Ristretto255.TryAdd(e, v, shared) || !Ristretto255.IsPoint(shared))
            return false;
        key = capsule.DeriveKey(shared);
        return true;
    }

    /// <summary>s1·P1 - s2·P2.</summary>
    private static bool TryDifference(ReadOnlySpan<byte> s1, ReadOnlySpan<byte> p1, ReadOnlySpan<byte> s2, ReadOnlySpan<byte> p2, Span<byte> result)
    {
        Span<byte> subtrahend = stackalloc byte[Part];
        using var wiped = new Wiped(subtrahend);
        return Ristretto255.TryMultiply(s1, p1, result)
            && Ristretto255.TryMultiply(s2, p2, subtrahend)
            && Ristretto255.TrySubtract(result, subtrahend, result);
    }

    /// <summary>What both ends of a delegation hash: policy, X, pkB, pkA, x·pkB = b·X (secret).</summary>
    private readonly ref struct Agreement(
        ReadOnlySpan<byte> policy, ReadOnlySpan<byte> x, PublicKey delegatee, PublicKey delegator, ReadOnlySpan<byte> shared)
    {
        private readonly ReadOnlySpan<byte> _policy = policy;
        private readonly ReadOnlySpan<byte> _x = x;
        private readonly ReadOnlySpan<byte> _shared = shared;

        public void D(Span<byte> d)
        {
            using var transcript = Begin(Domains.DelegationSecret);
            transcript.ToScalar(d);
        }

        public void Sx(ReadOnlySpan<byte> id, Span<byte> sx)
        {
            using var transcript = Begin(Domains.ShareIndex);
            transcript.Append(id).ToScalar(sx);
        }

        private Transcript Begin(string label) =>
            new Transcript(label).Append(_policy).Append(_x).Append(delegatee.Bytes).Append(delegator.Bytes).Append(_shared);
    }
}
