namespace Salus.Crypto.Statistics.Sharing;

/// <summary>Parties of which at least one gave wrong shares.</summary>
[Flags]
public enum Suspects
{
    /// <summary>All answers agree.</summary>
    None = 0,

    Party0 = 1,

    Party1 = 2,

    Party2 = 4,
}
