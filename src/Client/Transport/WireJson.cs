using System.Text.Json.Serialization;
using Salus.Protocol.Http;

namespace Salus.Client.Transport;

/// <summary>The JSON of the cloud's routes, generated at compile time: no reflection at start-up, and none in the browser.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = false)]
[JsonSerializable(typeof(PartyDirectory))]
[JsonSerializable(typeof(MailRequest))]
[JsonSerializable(typeof(CodeSent))]
[JsonSerializable(typeof(CompleteRegistration))]
[JsonSerializable(typeof(CompleteLogin))]
[JsonSerializable(typeof(SessionStarted))]
[JsonSerializable(typeof(AccountView))]
[JsonSerializable(typeof(ReplaceSecret))]
[JsonSerializable(typeof(SessionList))]
[JsonSerializable(typeof(PasskeyChallenge))]
[JsonSerializable(typeof(AddPasskey))]
[JsonSerializable(typeof(RemovePasskey))]
[JsonSerializable(typeof(CompletePasskeyLogin))]
[JsonSerializable(typeof(PasskeyView))]
[JsonSerializable(typeof(PasskeyList))]
[JsonSerializable(typeof(SignedBytes))]
[JsonSerializable(typeof(SignedList))]
[JsonSerializable(typeof(InventoryPages))]
[JsonSerializable(typeof(InventoryPageRequest))]
[JsonSerializable(typeof(CatalogueRecord))]
[JsonSerializable(typeof(CataloguePage))]
[JsonSerializable(typeof(TicketRequest))]
[JsonSerializable(typeof(GrantView))]
[JsonSerializable(typeof(GrantList))]
[JsonSerializable(typeof(RevokeGrant))]
[JsonSerializable(typeof(DepositView))]
[JsonSerializable(typeof(DepositList))]
[JsonSerializable(typeof(RecordLookup))]
[JsonSerializable(typeof(FoundRecords))]
[JsonSerializable(typeof(SegmentUpload))]
[JsonSerializable(typeof(IndexUpdatePage))]
[JsonSerializable(typeof(DirectoryEntry))]
[JsonSerializable(typeof(DirectoryView))]
[JsonSerializable(typeof(AskForAccess))]
[JsonSerializable(typeof(AskedForAccess))]
[JsonSerializable(typeof(RequestList))]
[JsonSerializable(typeof(ApproveRequest))]
[JsonSerializable(typeof(OpenStudy))]
[JsonSerializable(typeof(StudyView))]
[JsonSerializable(typeof(StudyPage))]
[JsonSerializable(typeof(ContributionPage))]
[JsonSerializable(typeof(ContributionStateView))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class WireJson : JsonSerializerContext;

/// <summary>Problem details (RFC 9457), as much as a client reads of them.</summary>
internal sealed record Problem(string? Type, string? Title, string? Detail, int? Status);
