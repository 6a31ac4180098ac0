using System.Text.Json;
using System.Text.Json.Serialization;
using Salus.Client.Transport;
using Salus.Protocol.Http;

namespace Salus.Client.Profiles;

/// <summary>What a profile keeps in clear: where the account is, its card, its session, and the wrapped account secret. Never a key.</summary>
public sealed record ProfileContent(
    int Format, string Mail, string Account, byte[] Card, PartyDirectory Parties, IReadOnlyList<WrappedSecret> Secrets, string? Token, DateTimeOffset? TokenExpires)
{
    /// <summary>Whether a passphrase opens the account.</summary>
    public bool OpensByPassphrase() => Secrets.Any(secret => secret.Kind == SecretKinds.Passphrase);
}

/// <summary>
/// A folder on the user's own machine for one account: <c>profile.json</c> (0600), <c>state.sealed</c> (what this device has seen, sealed under the account's
/// own key) and <c>outbox/</c> (sealed records that are on their way to the stores).
/// </summary>
public sealed class Profile(string folder)
{
    private const int Format = 2;

    /// <summary>The folder's path.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    public bool Exists => File.Exists(ContentPath);

    /// <summary>Uploads that wait for a store or were cut short by a kill.</summary>
    public int Unfinished => Directory.Exists(Outbox) ? Directory.GetDirectories(Outbox).Length : 0;

    internal string Outbox => Path.Combine(Folder, "outbox");

    /// <summary>Sealed dictionaries of search indexes.</summary>
    internal string Index => Path.Combine(Folder, "index");

    /// <summary>The newest inventory that was read, sealed. What is lost is read again.</summary>
    internal string InventoryPath => Path.Combine(Folder, "inventory.sealed");

    internal string StatePath => Path.Combine(Folder, "state.sealed");

    private string ContentPath => Path.Combine(Folder, "profile.json");

    /// <summary>Reads the profile; a missing or damaged one says what to do.</summary>
    public ProfileContent Load()
    {
        if (!Exists)
            throw new CannotException("Nobody is registered in this profile. Use `salus register` for a new account, or `salus login` for one that exists.", Reasons.NoAccount);
        try
        {
            var content = JsonSerializer.Deserialize(File.ReadAllBytes(ContentPath), ProfileJson.Default.ProfileContent);
            if (content is { Format: Format } && WholeAnswer.Is(content, ProfileJson.Default.ProfileContent))
                return content;
        }
        catch (JsonException)
        {
            // Told below, as a wrong format is.
        }
        throw new CannotException($"{ContentPath} is damaged. Move it away and use `salus login`: the account itself is safe.", Reasons.DamagedProfile);
    }

    public void Save(ProfileContent content) => DurableFile.Write(ContentPath, JsonSerializer.SerializeToUtf8Bytes(content, ProfileJson.Default.ProfileContent));

    /// <summary>Removes everything that this device keeps of the account; what names it goes last, so that a kill in between leaves a profile that can be forgotten again.</summary>
    public void Forget()
    {
        if (!Directory.Exists(Folder))
            return;
        foreach (var folder in Directory.GetDirectories(Folder))
            Directory.Delete(folder, recursive: true);
        foreach (var file in Directory.GetFiles(Folder).OrderBy(path => path == ContentPath))
            File.Delete(file);
    }

    public static ProfileContent Content(PartyDirectory parties, SessionStarted session) =>
        new(Format, session.Account.Mail, session.Account.Id, session.Account.Card, parties, session.Account.Secrets, session.Token, session.Expires);
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ProfileContent))]
internal sealed partial class ProfileJson : JsonSerializerContext;
