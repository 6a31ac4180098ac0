namespace Salus.Protocol;

/// <summary>
/// Where a page stands among those of its builder. In the log it is one number, <see cref="Logged"/>, so that the newest entry alone says which pages may still be used.
/// </summary>
/// <param name="Number">Greater for a newer page: seconds since 1970 of what it was built from.</param>
/// <param name="Minimum">The smallest number that may still be used once this page is in the log: raised when an older page turns out to be dangerous.</param>
public readonly record struct PageNumber(uint Number, uint Minimum)
{
    /// <summary>As it stands in the log: the number, then the minimum, 32 bits each.</summary>
    public ulong Logged => ((ulong)Number << 32) | Minimum;

    public static PageNumber FromLogged(ulong logged) => new((uint)(logged >> 32), (uint)(logged & uint.MaxValue));
}
