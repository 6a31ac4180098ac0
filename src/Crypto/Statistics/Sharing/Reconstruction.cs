namespace Salus.Crypto.Statistics.Sharing;

/// <summary>
/// Values out of the answers of two or three parties. Two parties hold one vector in common and three hold each vector twice, so a wrong share is noticed; who gave it is
/// told by three answers when it is wrong in both vectors of a party, and by <see cref="SharePair.Fits"/> always.
/// </summary>
public static class Reconstruction
{
    /// <summary>False, and zeros, when the answers disagree on the vector that both hold. Throws for two answers of one party and for different lengths.</summary>
    public static bool TryFromTwo(SharePair first, SharePair second, Span<ulong> elements)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentOutOfRangeException.ThrowIfEqual(second.Party, first.Party, nameof(second));
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Count, first.Count, nameof(second));
        ArgumentOutOfRangeException.ThrowIfNotEqual(elements.Length, first.Count, nameof(elements));
        elements.Clear();
        var (left, right) = Parties.Next(first.Party) == second.Party ? (first, second) : (second, first);
        if (!FieldVector.AreEqual(left.Vector(right.Party), right.Vector(right.Party)))
            return false;
        FieldVector.Add(left.Vector(left.Party), right.Vector(right.Party), elements);
        FieldVector.Add(elements, right.Vector(Parties.Next(right.Party)), elements);
        return true;
    }

    /// <summary>
    /// The values, or zeros and the parties to suspect: one when it alone explains what disagrees; two when only the vector differs that they hold in common; otherwise all.
    /// </summary>
    /// <param name="answers">One of each party, in any order.</param>
    /// <param name="elements">As many as each answer has.</param>
    public static Suspects FromThree(ReadOnlySpan<SharePair> answers, Span<ulong> elements)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(answers.Length, Parties.Count, nameof(answers));
        elements.Clear();
        var byParty = new SharePair?[Parties.Count];
        foreach (var answer in answers)
            byParty[answer.Party] = answer;
        if (Array.IndexOf(byParty, null) >= 0)
            throw new ArgumentException("Two answers are of one party.", nameof(answers));

        var differing = 0;
        for (var vector = 0; vector < Parties.Count; vector++)
            if (!FieldVector.AreEqual(byParty[vector]!.Vector(vector), byParty[Parties.Previous(vector)]!.Vector(vector)))
                differing |= 1 << vector;
        if (differing == 0)
            return TryFromTwo(byParty[0]!, byParty[1]!, elements) ? Suspects.None : throw new InvalidOperationException("Equal vectors differ.");
        return differing switch
        {
            0b001 => Suspects.Party2 | Suspects.Party0,
            0b010 => Suspects.Party0 | Suspects.Party1,
            0b100 => Suspects.Party1 | Suspects.Party2,
            0b011 => Suspects.Party0,
            0b110 => Suspects.Party1,
            0b101 => Suspects.Party2,
            _ => Suspects.Party0 | Suspects.Party1 | Suspects.Party2,
        };
    }
}
