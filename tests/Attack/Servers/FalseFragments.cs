using System.Globalization;
using Salus.Protocol;

namespace Salus.Attack.Tests.Servers;

/// <summary>Stores that hand out files of their own making: each fragment is made from the true one, or from those of other records, and then served by ranges as a store does.</summary>
internal static class FalseFragments
{
    /// <summary>Serves from now on what <paramref name="make"/> makes of a fragment's file; null when there is none.</summary>
    /// <param name="party">"store" for all, or one by its name.</param>
    public static void Serve(this HostileServers servers, string party, Func<string, byte[], byte[]?> make) => servers.Instead(party, exchange =>
    {
        if (exchange.Method != "GET" || !exchange.Path.StartsWith("/v1/fragments/", StringComparison.Ordinal))
            return false;
        var address = exchange.Path["/v1/fragments/".Length..];
        var file = HostileServers.Names.Where(name => name.StartsWith("store", StringComparison.Ordinal)).Select(store => FileOf(servers.Salus, store, address)).FirstOrDefault(File.Exists);
        if (file is null || make(address, File.ReadAllBytes(file)) is not { } made)
        {
            exchange.Status = 404;
            return true;
        }
        var range = exchange.RequestHeaders["Range"]["bytes=".Length..].Split('-').Select(part => long.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        if (range[0] >= made.Length)
        {
            exchange.Status = 416;
            return true;
        }
        var (from, until) = ((int)range[0], (int)Math.Min(range[1], made.Length - 1));
        (exchange.Status, exchange.Body) = (206, made[from..(until + 1)]);
        exchange.Headers["Content-Range"] = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{until}/{made.Length}");
        return true;
    });

    public static string FileOf(SalusInstallation salus, string store, string address) => salus.In(store, "fragments", address[..2], address, "data");

    /// <summary>The addresses of a record's fragments, in their order, with the store and the bytes of each.</summary>
    public static async Task<IReadOnlyList<(string Address, string Store, byte[] Bytes)>> FilesAsync(this Person owner, RecordId record) =>
        [.. (await owner.FragmentsAsync(record)).Select(fragment => (Path.GetFileName(Path.GetDirectoryName(fragment.File)!), fragment.Store, File.ReadAllBytes(fragment.File)))];
}
