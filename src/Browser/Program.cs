namespace Salus.Browser;

/// <summary>Nothing happens at the start: the worker calls <see cref="Exports"/>.</summary>
internal static class Program
{
    private static void Main()
    {
    }
}
