using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Salus.Client;
using Salus.Client.Profiles;
using Salus.Client.Readings;
using Salus.Client.Sharing;
using Salus.Client.Studies;
using Salus.Client.Transport;
using Salus.Client.Uploads;

namespace Salus.Bench.Fuzz.Targets;

/// <summary>JSON that a server answers, or that lies in the client's own files. What is read has all its parts: no null where the type says that there is none.</summary>
internal static class JsonTargets
{
    private const string Secret = """{"kind":"passphrase","salt":"AAAA","memoryKiB":65536,"passes":3,"ciphertext":"AAAA"}""";
    private const string Account = $$"""{"id":"0123456789abcdef0123456789abcdef","mail":"a@b.example","card":"AAAA","secrets":[{{Secret}}]}""";
    private const string Parties =
        """{"cloud":{"name":"cloud","url":"http://localhost:7100/","key":"00"},"trustees":[{"name":"trustee-1","url":"http://localhost:7101/","key":"00","box":"00"}]""" +
            ""","stores":[{"name":"s","url":"http://localhost:7110/","key":"00"}],"authority":null}""";

    private static readonly NullabilityInfoContext Nullability = new();
    private static readonly Lock Order = new();

    public static IReadOnlyList<Target> All { get; } =
    [
        Answer("parties", WireJson.Default.PartyDirectory, Parties),
        Answer("session", WireJson.Default.SessionStarted, $$"""{"token":"t","expires":"2026-03-04T05:06:07Z","account":{{Account}}}"""),
        Answer("sessions", WireJson.Default.SessionList, """{"sessions":[{"id":"a","name":null""" +
            ""","createdAt":"2026-03-04T05:06:07Z","lastSeenAt":"2026-03-04T05:06:07Z","expires":"2026-03-04T05:06:07Z","isCurrent":true}]}"""),
        Answer("passkeys", WireJson.Default.PasskeyList, """{"passkeys":[{"id":"AAAA","name":"a","createdAt":"2026-03-04T05:06:07Z","lastUsedAt":null,"isBackedUp":false}]}"""),
        Answer("challenge", WireJson.Default.PasskeyChallenge, """{"id":"a","expires":"2026-03-04T05:06:07Z","options":"{}"}"""),
        Answer("catalogue", WireJson.Default.CataloguePage, """{"records":[{"signed":"AAAA","sealedMetadata":"AAAA"}],"next":"a"}"""),
        Answer("found records", WireJson.Default.FoundRecords, """{"records":[{"signed":"AAAA","sealedMetadata":"AAAA"}],"deletions":["AAAA"]}"""),
        Answer("grants", WireJson.Default.GrantList, """{"grants":[{"signed":"AAAA","revocation":null,"receipts":["AAAA"]}]}"""),
        Answer("deposits", WireJson.Default.DepositList, """{"deposits":[{"signed":"AAAA","revocation":"AAAA"}]}"""),
        Answer("index updates", WireJson.Default.IndexUpdatePage, """{"updates":["AAAA"],"next":null}"""),
        Answer("directory", WireJson.Default.DirectoryView, """{"tag":"AAAA","sealedOwn":"AAAA"}"""),
        Answer("requests", WireJson.Default.RequestList,
            """{"incoming":[{"id":"a","asker":"b","sealed":"AAAA","createdAt":"2026-03-04T05:06:07Z","expires":"2026-03-04T05:06:07Z","state":"open"}]""" +
                ""","outgoing":[{"id":"a","createdAt":"2026-03-04T05:06:07Z","expires":"2026-03-04T05:06:07Z","state":"open","grant":null}]}"""),
        Answer("asked", WireJson.Default.AskedForAccess, """{"id":"a","expires":"2026-03-04T05:06:07Z","found":["AAAA"]}"""),
        Answer("studies", WireJson.Default.StudyPage, """{"studies":[{"signed":"AAAA","tokenKeys":["AAAA"],"end":null}],"next":null}"""),
        Answer("contributions", WireJson.Default.ContributionPage, """{"contributions":[{"header":"AAAA","receipts":["AAAA"],"withdrawal":null}],"next":null}"""),
        Answer("account", WireJson.Default.AccountView, Account),
        Answer("card", WireJson.Default.FoundCard, """{"signed":"AAAA","evaluation":"AAAA"}"""),
        Answer("code", WireJson.Default.CodeSent, """{"id":"a","expires":"2026-03-04T05:06:07Z"}"""),
        Answer("passkey", WireJson.Default.PasskeyView, """{"id":"AAAA","name":"a","createdAt":"2026-03-04T05:06:07Z","lastUsedAt":"2026-03-04T05:06:07Z","isBackedUp":true}"""),
        Answer("signed bytes", WireJson.Default.SignedBytes, """{"signed":"AAAA"}"""),
        Answer("record", WireJson.Default.CatalogueRecord, """{"signed":"AAAA","sealedMetadata":"AAAA"}"""),
        Answer("inventory", WireJson.Default.InventoryPages, """{"head":"AAAA","pages":[{"number":1,"content":"AAAA"}]}"""),
        Answer("claimed body", WireJson.Default.ClaimedBody, """{"body":"a","isStored":true}"""),
        Answer("unused bodies", WireJson.Default.UnusedBodies, """{"bodies":[{"body":"a","sealed":"AAAA","deletions":["AAAA"]}]}"""),
        Answer("segment", WireJson.Default.SegmentUpload, """{"dictionaryLength":5,"blocks":2,"isPublished":false}"""),
        Answer("study", WireJson.Default.StudyView, """{"signed":"AAAA","tokenKeys":["AAAA"],"end":"AAAA"}"""),
        Answer("state of a contribution", WireJson.Default.ContributionStateView, """{"isWithdrawn":true}"""),
        Answer("signed", WireJson.Default.SignedList, """{"signed":["AAAA","AAAA"]}"""),
        Parsed("problem", WireJson.Default.Problem, """{"type":"urn:salus:problem:too-many","title":"a","detail":"b","status":429}"""),
        Plan("upload plan", PlanJson.Default.UploadPlan,
            """{"record":"a","owner":"b","partition":"c","signed":"AAAA","sealedMetadata":"AAAA","restoreFrom":3,"fragments":[{"index":0""" +
                ""","store":"s","address":"AAAA","ownerHash":"AAAA","bytes":5}],"source":{"path":"p","length":4,"modified":"2026-03-04T05:06:07Z"},"index":[],"isPublished":false}"""),
        Plan("import journal", PlanJson.Default.ImportJournal,
            """{"import":"a","owner":"b","source":{"path":"p","length":4,"modified":"2026-03-04T05:06:07Z"},"records":[{"record":"a","partition":"b","resources":1,"bytes":2""" +
                ""","name":"n","personalFacts":["x"]}],"index":[]}"""),
        Parsed("queue of readings", ReadingJson.Default.QueueState, """{"next":3,"sent":{"k":2},"series":{"s":{"series":"a","name":"b","code":null,"unit":"c","decimals":1""" +
            ""","partition":"d","described":[1],"place":null,"sources":{}}},"heads":{"h":{"sequence":1,"hash":"AAAA"}}}"""),
        Parsed("queued upload", ReadingJson.Default.QueuedUpload, """{"number":1,"items":[{"kind":2,"signed":"AAAA","times":"AAAA","parcel0":"AAAA","parcel1":"AAAA"}],"after":null,"removed":null}"""),
        Parsed("state of a device", StateJson.Default.StateContent, JsonSerializer.Serialize(StateContent.Empty(), StateJson.Default.StateContent)),
        Parsed("plan of a contribution", ContributionJson.Default.ContributionPlan, """{"study":"a","contribution":"b","header":"AAAA","copy":null,"row":null,"isUploaded":false}"""),
        Parsed("note of a grant", NoteJson.Default.GrantNote, """{"owner":"a@b.example","partitions":{"p":"lab"}}"""),
        new("json/profile", () => [Utf8(
            $$"""{"format":2,"mail":"a@b.example","account":"0123456789abcdef0123456789abcdef","card":"AAAA","parties":{{Parties}},"secrets":[{{Secret}}],"token":"t","tokenExpires":null}""")],
            LoadProfile)
        {
            Shape = Shape.Text,
            Documented = static failure => failure is CannotException,
        },
    ];

    private static Target Answer<T>(string name, JsonTypeInfo<T> type, string seed) where T : class => new("json/answer: " + name, () => [Utf8(seed)], bytes =>
    {
        var read = Channel.Read(bytes, type, "cloud");
        return Lacking(read, typeof(T).Name) is { } lacking ? throw new InvalidDataException($"{lacking} is null") : Verdict.Taken();
    }) { Shape = Shape.Text, Documented = static failure => failure is AlarmException };

    private static Target Parsed<T>(string name, JsonTypeInfo<T> type, string seed) where T : class =>
        new("json/" + name, () => [Utf8(seed)], bytes => Verdict.When(JsonSerializer.Deserialize(bytes, type) is not null))
        {
            Shape = Shape.Text, Documented = static failure => failure is JsonException,
        };

    private static Target Plan<T>(string name, JsonTypeInfo<T> type, string seed) where T : class =>
        new("json/" + name, () => [Utf8(seed)], bytes => Verdict.When(PlanJson.Parse(bytes, type) is not null)) { Shape = Shape.Text };

    private static Verdict LoadProfile(byte[] bytes)
    {
        var profile = new Profile(Path.Combine(Path.GetTempPath(), $"salus-fuzz-{Environment.ProcessId}"));
        Directory.CreateDirectory(profile.Folder);
        try
        {
            File.WriteAllBytes(Path.Combine(profile.Folder, "profile.json"), bytes);
            return Lacking(profile.Load(), "profile") is { } lacking ? throw new InvalidDataException($"{lacking} is null") : Verdict.Taken();
        }
        finally
        {
            Directory.Delete(profile.Folder, recursive: true);
        }
    }

    /// <summary>The first part that its type says is there and that is not.</summary>
    internal static string? Lacking(object value, string path, bool inLists = true)
    {
        if (value is string or byte[] or Uri || value.GetType().IsValueType)
            return null;
        if (value is IEnumerable all)
            return all.Cast<object?>().Select(one => one is null ? inLists ? path + "[]" : null : Lacking(one, path + "[]", inLists)).FirstOrDefault(lacking => lacking is not null);
        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0 && property.CanWrite))
        {
            var part = property.GetValue(value);
            if (part is null ? !MayBeNull(property) : Lacking(part, $"{path}.{property.Name}", inLists) is not null)
                return part is null ? $"{path}.{property.Name}" : Lacking(part, $"{path}.{property.Name}", inLists);
        }
        return null;
    }

    private static bool MayBeNull(PropertyInfo property)
    {
        lock (Order)
            return Nullability.Create(property).ReadState != NullabilityState.NotNull;
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
