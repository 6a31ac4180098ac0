using Salus.Testing;

namespace Salus.Fault.Tests;

/// <summary>A party's folder on a file system of its own that can be filled and emptied. Only root may mount one.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly Machine _machine;
    private readonly string _party;
    private readonly string _folder;
    private readonly string _aside;

    private SmallDisk(Machine machine, string party, string folder) => (_machine, _party, _folder, _aside) = (machine, party, folder, folder + ".aside");

    private string Ballast => Path.Combine(_folder, "ballast");

    /// <summary>Why it cannot be done here; null when it can.</summary>
    public static async Task<string?> WhyNotAsync()
    {
        using var folder = new TemporaryFolder();
        var (code, _, errors) = await ServerProcess.RunAsync("mount", "-t", "tmpfs", "-o", "size=64k", "none", folder.Path);
        if (code != 0)
            return "This user may not mount a file system: " + errors;
        await DoAsync("umount", folder.Path);
        return null;
    }

    /// <summary>Moves the party's folder to a small disk that has this room left, and starts the party on it.</summary>
    public static async Task<SmallDisk> UnderAsync(Machine machine, string party, int room)
    {
        var folder = machine.Salus.In(party);
        var disk = new SmallDisk(machine, party, new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder);
        await machine.StopAsync(party);
        await DoAsync("sh", "-c",
            """
            set -e
            used=$(du -s --block-size=1 "$0" | cut -f1)
            mkdir "$1"; cp -a "$0/." "$1"
            mount -t tmpfs -o "size=$((used + used / 10 + $2))" none "$0"
            chown --reference="$1" "$0"; chmod --reference="$1" "$0"
            cp -a "$1/." "$0"
            """, disk._folder, disk._aside, $"{room}");
        try
        {
            await machine.StartAsync(party);
            return disk;
        }
        catch
        {
            await disk.DisposeAsync();
            throw;
        }
    }

    /// <summary>Leaves no byte of room.</summary>
    public Task FillAsync() => DoAsync("sh", "-c", "cat /dev/zero > \"$0\" 2>/dev/null; exit 0", Ballast);

    public void Empty() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        Empty();
        await _machine.KillAsync(_party);
        await DoAsync("sh", "-c", """set -e; rm -rf "$1"; mkdir "$1"; cp -a "$0/." "$1"; umount "$0"; rm -rf "$0"/*; cp -a "$1/." "$0"; rm -rf "$1" """, _folder, _aside);
        await _machine.HealAsync();
    }

    private static async Task DoAsync(string program, params string[] arguments)
    {
        var (code, _, errors) = await ServerProcess.RunAsync(program, arguments);
        if (code != 0)
            throw new InvalidOperationException($"{program}: {errors}");
    }
}
