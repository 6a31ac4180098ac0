namespace Salus.Trustee.Hardening;

/// <summary>
/// What a key is for that the trustees hold together. Each purpose has a key of its own, for the function of one says nothing of that of another: what may be asked often must not
/// help to guess what may be asked seldom.
/// </summary>
internal sealed class KeyPurpose
{
    /// <summary>Telephone numbers: the hardening key.</summary>
    public static readonly KeyPurpose Numbers = new(1, [], options => options.EvaluationsPerHourAndAccount, options => options.EvaluationsPerHour);

    /// <summary>Contents of records: the keys of shared bodies.</summary>
    public static readonly KeyPurpose Contents = new(2, [2], options => options.ContentsPerHourAndAccount, options => options.ContentsPerHour);

    private KeyPurpose(short row, byte[] mark, Func<TrusteeOptions, int> turnsOfAccount, Func<TrusteeOptions, int> turnsOfAll) =>
        (Row, Mark, TurnsOfAccount, TurnsOfAll) = (row, mark, turnsOfAccount, turnsOfAll);

    public static IReadOnlyList<KeyPurpose> All { get; } = [Numbers, Contents];

    /// <summary>The row of its contribution and its key.</summary>
    public short Row { get; }

    /// <summary>What stands before an account where turns are counted.</summary>
    public byte[] Mark { get; }

    /// <summary>Evaluations for one account in an hour.</summary>
    public Func<TrusteeOptions, int> TurnsOfAccount { get; }

    /// <summary>Evaluations for all accounts together in an hour.</summary>
    public Func<TrusteeOptions, int> TurnsOfAll { get; }
}
