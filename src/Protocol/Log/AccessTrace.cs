using System.Diagnostics.CodeAnalysis;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Log;

/// <summary>
/// What shows a trustee that an access is in the log: the owner's card, the requester's statement, the seed from which the entry was sealed to the owner, and the proof that it is included.
/// The trustee makes the entry again from the first three and looks for it where the proof leads.
/// Wire: card (variable) | statement (variable) | seed 32 | proof (variable).
/// </summary>
/// <param name="Owner">Verified; the reader checks that it is the owner's that it means.</param>
/// <param name="Statement">Verified by the requester's signature.</param>
/// <param name="Proof">A .tlog-proof, not read yet: <see cref="LogProof"/>.</param>
public sealed record AccessTrace(AccountCard Owner, AccessStatement Statement, byte[] Seed, byte[] Proof)
{
    private const int MaxCard = 1024;

    public byte[] ToBytes() =>
        new WireWriter().Variable(Owner.Signed).Variable(Statement.Signed).Fixed(AccessEntry.SeedSize, Seed).Variable(Proof).ToArray();

    /// <summary>False when the bytes are no trace, or when the card or the statement is not signed by whom it names.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out AccessTrace? trace)
    {
        trace = null;
        var reader = new WireReader(bytes);
        if (!reader.Variable(MaxCard, out var cardBytes) || !reader.Variable(Limits.MaxAccessStatement, out var statementBytes) || !reader.Bytes(AccessEntry.SeedSize, out var seed)
            || !reader.Variable(Limits.MaxLogProof, out var proof) || !reader.AtEnd
            || !AccountCard.TryVerify(cardBytes, out var card) || !AccessStatement.TryVerify(statementBytes, out var statement))
            return false;
        trace = new AccessTrace(card, statement, seed.ToArray(), proof.ToArray());
        return true;
    }
}
