namespace Salus.Testing;

/// <summary>Code that is interpreted, in a browser, gets a sample of what is tried natively.</summary>
public static class Sampling
{
    /// <summary>Of bits and sizes in a row every one natively, every so-manieth in a browser: odd, so that all bits of a byte have their turn.</summary>
    public static int Step { get; } = OperatingSystem.IsBrowser() ? 11 : 1;
}
