namespace Salus.Client.Sealing;

/// <summary>What is wrong with a fragment.</summary>
public enum FragmentFault
{
    None,

    /// <summary>There is no source, or it says that it has no such fragment.</summary>
    Missing,

    /// <summary>Reading failed.</summary>
    Unreadable,

    /// <summary>No answer within the deadline.</summary>
    Slow,

    /// <summary>Bytes that are not those sealed, or too few of them.</summary>
    Damaged,

    /// <summary>A well-formed fragment, but of another place, record or version.</summary>
    WrongLabel,
}

/// <summary>A fragment that failed.</summary>
/// <param name="Index">Place in the sequence key, 0 &lt;= index &lt; n.</param>
/// <param name="Name">Name of its source; empty when there is none.</param>
/// <param name="Fault">The first thing found wrong.</param>
public sealed record BadFragment(int Index, string Name, FragmentFault Fault)
{
    /// <summary>The same in words.</summary>
    public override string ToString() => $"{(Name.Length == 0 ? "a store that is gone" : Name)} {Fault switch
    {
        FragmentFault.Missing => "has not the fragment it should have",
        FragmentFault.Unreadable => "could not be read",
        FragmentFault.Slow => "did not answer in time",
        FragmentFault.Damaged => "gave damaged bytes",
        _ => "gave another fragment than the one asked for",
    }} (fragment {Index + 1})";
}

/// <summary>The outcome of an opening that gave all the bytes asked for.</summary>
/// <param name="Length">Plaintext bytes written.</param>
/// <param name="Bad">Fragments found wanting on the way, to be repaired. Fragments that were not needed were not looked at.</param>
public sealed record OpenReport(long Length, IReadOnlyList<BadFragment> Bad);

/// <summary>Why a body cannot be opened.</summary>
public enum OpenFailure
{
    /// <summary>A stripe has fewer than k good units: <see cref="BodyUnavailableException.Bad"/> names the fragments.</summary>
    TooFewFragments,

    /// <summary>The keys do not fit this body. Nothing tells a wrong sequence key from damage.</summary>
    WrongKeyOrDamaged,
}

/// <summary>
/// The body, or the rest of it, cannot be had. It is thrown rather than returned, because output ends in the middle and nobody may take it for the whole.
/// </summary>
public sealed class BodyUnavailableException : IOException
{
    internal BodyUnavailableException(OpenFailure failure, IReadOnlyList<BadFragment> bad)
        : base(failure == OpenFailure.WrongKeyOrDamaged
            ? "Wrong sequence key or damaged fragments."
            : $"Too few good fragments: {string.Join("; ", bad)}.")
    {
        Failure = failure;
        Bad = bad;
    }

    public OpenFailure Failure { get; }

    public IReadOnlyList<BadFragment> Bad { get; }
}
