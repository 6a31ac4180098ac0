using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Search;

/// <summary>
/// While an index is read, another device of its owner may merge it, or end a grant or a deposit: segments and epochs that were just shown are gone, and nobody did anything wrong. So what
/// does not hold is read once more from the beginning, and is wrong when it does not hold again.
/// </summary>
internal static class SecondLook
{
    /// <param name="look">Reads, beginning with a fresh view. Given false the first time, when it should throw what <see cref="Suspicions"/> say is withheld.</param>
    public static async Task<T> TakeAsync<T>(Func<bool, Task<T>> look)
    {
        try
        {
            return await look(false);
        }
        catch (Exception trouble) when (trouble is AlarmException or RefusedException { Code: Problems.NotGranted })
        {
            return await look(true);
        }
    }
}
