namespace Salus.Crypto.Statistics.Computing;

/// <summary>Why a party ended a computation before a result. Each but the first two means that one of the two others cheats, or that both were asked for another computation.</summary>
public enum AbortReason
{
    /// <summary>A party did not answer in time, or has ended the computation itself.</summary>
    Unreachable,

    /// <summary>An earlier step of this computation failed; it cannot be gone on with.</summary>
    Ended,

    /// <summary>A message of another length, or one whose elements are not below p.</summary>
    Malformed,

    /// <summary>A part of a common coin is not the one that was committed to.</summary>
    Coin,

    /// <summary>The parties have not the same coins and challenges.</summary>
    Challenges,

    /// <summary>Products that a party sent are not those of its shares.</summary>
    Proof,

    /// <summary>Two parties differ on a key, an input of the third, or on what is computed.</summary>
    Confirmation,

    /// <summary>What must be zero is not: an input is no bit.</summary>
    NotZero,

    /// <summary>The two holders of a share opened it differently.</summary>
    Opening,
}
