namespace Salus.Crypto.Dispersal;

/// <summary>How many fragments a store gets, and the threshold that follows from it.</summary>
public static class StoreBalance
{
    /// <summary>Fragments of the fullest store: n spread over the stores as evenly as it goes.</summary>
    public static int LargestLoad(int n, int stores)
    {
        Check(n, stores);
        return (n + stores - 1) / stores;
    }

    /// <summary>
    /// k such that any two stores may vanish: n minus the two largest loads, but 1 at least. n = 8 over 4 stores gives 4.
    /// With one or two stores no threshold survives the loss of two, and k = 1 means whole copies.
    /// </summary>
    public static int DefaultThreshold(int n, int stores)
    {
        Check(n, stores);
        var smallest = n / stores;
        var fuller = n % stores; // so many stores have one more
        var twoLargest = Math.Min(stores, 2) * smallest + Math.Min(fuller, 2);
        return Math.Max(1, n - twoLargest);
    }

    private static void Check(int n, int stores)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stores);
    }
}
