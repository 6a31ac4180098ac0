namespace Salus.Client.Sealing;

/// <summary>How many batches are worked on at once.</summary>
internal static class Concurrency
{
    private const int Most = 2;

    /// <summary>A browser has one thread, on which one batch is hashed while WebCrypto encrypts the other.</summary>
    public static int Workers { get; } = OperatingSystem.IsBrowser() ? Most : Math.Min(Most, Environment.ProcessorCount);
}
