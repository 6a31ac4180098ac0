using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Salus.Bench.Harness;
using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Crypto;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Bench.Records;

/// <summary>An installation of its own, on the disk of the checkout: `salus up`, until it is disposed.</summary>
internal sealed partial class Installed : IDisposable
{
    // The cloud, three trustees, four stores and PostgreSQL.
    private const int Ports = 9;

    private readonly string _program;
    private readonly string _data;
    private readonly PartyDirectory _parties;

    public Installed(Workbench bench)
    {
        string[] places = [Path.Combine(bench.Published, "Cli"), Path.Combine(bench.Root, "artifacts", "bin", "Salus.Cli", "release")];
        _program = places.Select(place => Path.Combine(place, "Salus.Cli")).FirstOrDefault(File.Exists) ?? throw new NotRunException("the programs are not built: ./salus build");
        _data = Path.Combine(bench.Folder("installation"), "data");
        Peer.Run("/", _program, "up", "--detach", "--data", _data, "--port", FreePort.Row(Ports).ToString(CultureInfo.InvariantCulture));
        _parties = JsonSerializer.Deserialize<PartyDirectory>(File.ReadAllBytes(Path.Combine(_data, "parties.json")), JsonSerializerOptions.Web)!;
    }

    /// <summary>Bytes of the fragments at all stores.</summary>
    public long Stored => _parties.Stores.SelectMany(store => Directory.EnumerateFiles(Path.Combine(_data, store.Name, "fragments"), "data", SearchOption.AllDirectories))
        .Sum(file => new FileInfo(file).Length);

    /// <summary>A fresh account, unlocked.</summary>
    public async Task<Account> RegisterAsync(string name)
    {
        var (mail, profile) = ($"{name}@example.org", new Profile(Path.Combine(_data, "profiles", name)));
        using var enrolment = new Enrolment(profile, _parties);
        var pending = await enrolment.StartRegistrationAsync(mail, CancellationToken.None);
        using var passphrase = Secret.CopyOf(Encoding.UTF8.GetBytes($"a passphrase of {name}, long enough"));
        using (await enrolment.CompleteRegistrationAsync(pending, await CodeAsync(mail), passphrase, null, CancellationToken.None))
            return await Account.UnlockAsync(profile, passphrase, TimeProvider.System);
    }

    public void Dispose()
    {
        Peer.Run("/", _program, "down", "--data", _data);
        // Where the user postgres could not come through, its folder is elsewhere.
        if (new DirectoryInfo(Path.Combine(_data, "postgres")).ResolveLinkTarget(returnFinalTarget: true) is { } elsewhere)
            Directory.Delete(Path.GetDirectoryName(elsewhere.FullName)!, recursive: true);
    }

    private async Task<string> CodeAsync(string mail)
    {
        for (var tries = 0; tries < 600; tries++, await Task.Delay(50))
            foreach (var letter in Directory.GetFiles(Path.Combine(_data, "mail"), "*.eml").Select(File.ReadAllText))
                if (letter.Contains($"To: {mail}\r\n", StringComparison.Ordinal) && Code().Match(letter) is { Success: true } code)
                    return code.Value.Trim();
        throw new NotRunException("no letter with a code came");
    }

    [GeneratedRegex(@"(?m)^\s*\d{4} \d{4}\s*$")]
    private static partial Regex Code();
}
