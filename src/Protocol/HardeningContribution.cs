using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Oprf;
using Salus.Crypto.Primitives;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>
/// What one trustee adds to the hardening key: commitments to a line, and its value for each of the three, sealed to that one with the trustee's name, so that
/// nobody can hand on another's values as its own. A trustee makes one, once. An instance exists only after its signature was verified or made; whether the values
/// fit is for each to see who can open its own.
/// Wire: "salus hardening part 1\n" | trustee 32 | members 192 | commitments 64 | 3 of sealed (trustee 32 | value 32) 112 | signature 64.
/// </summary>
public sealed class HardeningContribution
{
    private const int MaxSize = 1024;
    private const int SealedSize = VerifyingKey.Size + ThresholdShare.Size + SealedBox.Overhead;

    private readonly byte[][] _sealed;

    private HardeningContribution(byte[] signed, VerifyingKey trustee, HardeningMembers members, KeyContribution commitments, byte[][] sealedValues) =>
        (Signed, Trustee, Members, Commitments, _sealed) = (signed, trustee, members, commitments, sealedValues);

    private static ReadOnlySpan<byte> Magic => "salus hardening part 1\n"u8;

    public VerifyingKey Trustee { get; }

    public HardeningMembers Members { get; }

    public KeyContribution Commitments { get; }

    public byte[] Signed { get; }

    /// <summary>Draws a line and seals its values; nothing of it is kept but this message, for the maker's own value is in it too.</summary>
    public static HardeningContribution Create(SigningKey trustee, HardeningMembers members)
    {
        var commitments = KeyContribution.Make(out var values);
        try
        {
            var writer = members.Write(new WireWriter().Bytes(Magic).Key(trustee.PublicKey)).Bytes(commitments.Bytes);
            using var named = new Secret(VerifyingKey.Size + ThresholdShare.Size);
            trustee.PublicKey.Bytes.CopyTo(named.Writable);
            for (var i = 0; i < values.Length; i++)
            {
                values[i].Bytes.CopyTo(named.Writable[VerifyingKey.Size..]);
                writer.Fixed(SealedSize, members[i].Box.Seal(named.Bytes));
            }
            return TryRead(SignedMessage.Sign(Domains.SignHardeningPart, trustee, writer.ToArray()), out var made)
                ? made : throw SignedMessage.Mistake(nameof(HardeningContribution));
        }
        finally
        {
            foreach (var value in values)
                value.Dispose();
        }
    }

    /// <summary>False when the bytes are no contribution or not signed by the trustee named within. The reader checks that the members are those it knows.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out HardeningContribution? contribution)
    {
        if (TryRead(signed, out contribution) && SignedMessage.Verify(Domains.SignHardeningPart, contribution.Trustee, signed))
            return true;
        contribution = null;
        return false;
    }

    /// <summary>The value for a member, opened by it and held against the commitments. False when it does not open, was sealed by another trustee, or does not fit.</summary>
    public bool TryOpenValue(UnboxingKey box, int index, [NotNullWhen(true)] out Secret? value)
    {
        value = null;
        if (!box.TryOpen(_sealed[index], out var opened))
            return false;
        try
        {
            var own = opened.AsSpan(VerifyingKey.Size);
            if (!opened.AsSpan(0, VerifyingKey.Size).SequenceEqual(Trustee.Bytes) || !Commitments.Fits(index, own))
                return false;
            value = Secret.CopyOf(own);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(opened);
        }
    }

    /// <summary>The three in the order of their members, each behind its length: what a trustee is handed.</summary>
    public static byte[] EncodeAll(IEnumerable<HardeningContribution> three)
    {
        var writer = new WireWriter();
        foreach (var contribution in three.OrderBy(contribution => contribution.Members.IndexOf(contribution.Trustee)))
            writer.Variable(contribution.Signed);
        return writer.ToArray();
    }

    /// <summary>False unless these are verified contributions of three members that know each other, in their order.</summary>
    public static bool TryVerifyAll(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out IReadOnlyList<HardeningContribution>? three)
    {
        three = null;
        var reader = new WireReader(bytes);
        var read = new HardeningContribution[ThresholdKey.Holders];
        for (var i = 0; i < read.Length; i++)
        {
            if (!reader.Variable(MaxSize, out var signed) || !TryVerify(signed, out var contribution)
                || contribution.Members.IndexOf(contribution.Trustee) != i || (i > 0 && !contribution.Members.Equals(read[0].Members)))
                return false;
            read[i] = contribution;
        }
        three = read;
        return reader.AtEnd;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out HardeningContribution? contribution)
    {
        contribution = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey trustee) || !HardeningMembers.TryRead(ref reader, out var members) || members.IndexOf(trustee) < 0
            || !reader.Bytes(KeyContribution.Size, out var bytes) || !KeyContribution.TryParse(bytes, out var commitments))
            return false;
        var values = new byte[ThresholdKey.Holders][];
        for (var i = 0; i < values.Length; i++)
        {
            if (!reader.Bytes(SealedSize, out var value))
                return false;
            values[i] = value.ToArray();
        }
        if (!reader.AtEnd)
            return false;
        contribution = new HardeningContribution(signed.ToArray(), trustee, members, commitments, values);
        return true;
    }
}
