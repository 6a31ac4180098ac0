using System.Text.Json;
using System.Text.Json.Nodes;
using Salus.Protocol.Http;

namespace Salus.Cli.Parties;

/// <summary>
/// The configuration files of the servers. `up` sets what follows from the installation (addresses, folders, keys, the database) at each start;
/// anything else in a file is its operator's and stays.
/// </summary>
internal sealed class Configurations(DataFolder data, Installation installation, Authority? authority, IReadOnlyDictionary<string, string> passwords)
{
    private const long DefaultQuota = 1L << 40;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static JsonObject Read(DataFolder data, PartyPlan party)
    {
        var path = data.Configuration(party);
        try
        {
            return JsonNode.Parse(File.ReadAllText(path), null, Lenient) as JsonObject
                ?? throw Installation.Damaged(data, $"{path} is no JSON object");
        }
        catch (FileNotFoundException)
        {
            throw Installation.Damaged(data, $"{path}, the configuration of {party.Name}, is missing");
        }
        catch (JsonException error)
        {
            throw Installation.Damaged(data, $"{path}, the configuration of {party.Name}, cannot be read ({error.Message})");
        }
    }

    public void Write(PartyPlan party, PartyDirectory parties)
    {
        var path = data.Configuration(party);
        var json = File.Exists(path) ? Read(data, party) : [];
        var before = json.ToJsonString();
        json["url"] = Text(party.Url(installation.BasePort, installation.Tls));
        json["data"] = data.Of(party);
        json["tls"] = authority is null ? null : new JsonObject { ["certificate"] = authority.CertificateOf(party), ["key"] = authority.KeyOf(party) };
        json["pageOrigins"] = Origins(json["pageOrigins"] as JsonArray, Text(PartyPlan.Cloud.Url(installation.BasePort, installation.Tls)));
        if (party.Role is { } role)
            json["database"] = Cluster.ConnectionString(installation.PostgresPort, role, passwords[role]);
        switch (party.Kind)
        {
            case PartyKind.Cloud:
                json["authority"] = authority?.CertificatePath;
                json["page"] = PagePackage.Find() is { } page ? new JsonObject { ["folder"] = page.Folder, ["key"] = page.Key } : null;
                json["trustees"] = new JsonArray([.. parties.Trustees.Select(Member)]);
                json["stores"] = new JsonArray([.. parties.Stores.Select(store =>
                    new JsonObject { ["name"] = store.Name, ["url"] = Text(store.Url), ["key"] = store.Key })]);
                json["mail"] ??= new JsonObject { ["from"] = "salus@localhost" };
                if (json["mail"] is JsonObject mail && !mail.ContainsKey("smtp"))
                    mail["pickup"] = data.Mail;
                break;
            case PartyKind.Trustee:
                json["name"] ??= party.Name;
                json["cloudKey"] = parties.Cloud.Key;
                json["log"] = parties.Cloud.Log;
                json["directory"] = parties.Cloud.Directory;
                json["authority"] = authority?.CertificatePath;
                json["trustees"] = new JsonArray([.. parties.Trustees.Select(Member)]);
                break;
            case PartyKind.Store:
                json["name"] ??= party.Name;
                json["cloudKey"] = parties.Cloud.Key;
                json["quotaBytes"] ??= DefaultQuota;
                break;
        }
        if (json.ToJsonString() != before)
            DataFolder.WritePrivate(path, json.ToJsonString(Indented) + "\n");
    }

    private static JsonObject Member(TrusteeParty trustee) =>
        new() { ["name"] = trustee.Name, ["url"] = Text(trustee.Url), ["key"] = trustee.Key, ["box"] = trustee.Box, ["witness"] = trustee.Witness };

    /// <summary>The cloud's own address, where it hosts the page, and those that the operator has added.</summary>
    private static JsonArray Origins(JsonArray? before, string cloud) =>
        new([.. (before ?? []).Select(origin => (string?)origin).Append(cloud).OfType<string>().Distinct(StringComparer.Ordinal).Select(origin => JsonValue.Create(origin))]);

    // Without the slash that Uri adds.
    private static string Text(Uri url) => url.GetLeftPart(UriPartial.Authority);
}
