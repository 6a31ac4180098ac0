using System.Text;

namespace Salus.Cli.Parties;

/// <summary>Where everything of one installation lies below its data folder. Every file in it is for its user alone.</summary>
internal sealed class DataFolder(string root)
{
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string Root => root;

    public string Installation => In("installation.json");

    /// <summary>The directory of parties, which clients pin.</summary>
    public string Directory => In("parties.json");

    /// <summary>What runs: see <see cref="Running"/>.</summary>
    public string State => In("up.json");

    /// <summary>Held by the `up` that runs; the system lets go of it when that process ends, however it ends.</summary>
    public string Lock => In("up.lock");

    public string Logs => In("logs");

    public string Mail => In("mail");

    public string Configurations => In("config");

    public string Postgres => In("postgres");

    /// <summary>The passwords of the roles.</summary>
    public string Passwords => In("database.json");

    public string Authority => In("ca");

    /// <summary>What `open` gives the page's server.</summary>
    public string Page => In("page");

    /// <summary>What the audits of `up` have found.</summary>
    public string Audit => In("audit");

    /// <summary>The lists that `up` audits.</summary>
    public string AuditLists => Path.Combine(Audit, "lists");

    public string Of(PartyPlan party) => In(party.Name);

    public string Configuration(PartyPlan party) => Path.Combine(Configurations, party.Name + ".json");

    public string Log(string name) => Path.Combine(Logs, name + ".log");

    /// <summary>Makes the data folder itself.</summary>
    /// <param name="passage">Whether the group, that of the user postgres, may pass through to its own folder.</param>
    public void Make(bool passage)
    {
        System.IO.Directory.CreateDirectory(root, Mine);
        File.SetUnixFileMode(root, passage ? Mine | UnixFileMode.GroupExecute : Mine);
    }

    /// <summary>Makes a folder that only its user can enter, or makes it so.</summary>
    public static void MakePrivate(string folder)
    {
        System.IO.Directory.CreateDirectory(folder, Mine);
        if (File.GetUnixFileMode(folder) != Mine)
            File.SetUnixFileMode(folder, Mine);
    }

    /// <summary>Writes a file that is whole or not there, readable by its user alone.</summary>
    public static void WritePrivate(string path, string text)
    {
        var partial = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using (var file = new FileStream(partial, options))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        File.Move(partial, path, overwrite: true);
    }

    private string In(string name) => Path.Combine(root, name);
}
