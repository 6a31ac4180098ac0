namespace Salus.InBrowser;

internal static class Program
{
    private static void Main()
    {
    }
}
