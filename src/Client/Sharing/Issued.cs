namespace Salus.Client.Sharing;

/// <summary>What became of a grant on its way to trustees and cloud.</summary>
internal enum Issued
{
    Done,

    /// <summary>Fewer than two trustees took their share.</summary>
    TooFew,

    /// <summary>The grant is locked and its lock has closed: no two trustees will ever serve it.</summary>
    Closed,

    /// <summary>The cloud has another version, or the grant's end.</summary>
    Overtaken,
}
