using System.Text.Json.Serialization;
using Salus.Protocol.Http;

namespace Salus.Cloud;

/// <summary>
/// The JSON bodies of the cloud's routes, generated at compile time. What is strict about them is set in <see cref="CloudServer"/>.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
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
[JsonSerializable(typeof(CatalogueRecord))]
[JsonSerializable(typeof(CataloguePage))]
[JsonSerializable(typeof(TicketRequest))]
[JsonSerializable(typeof(GrantList))]
[JsonSerializable(typeof(RevokeGrant))]
[JsonSerializable(typeof(RecordLookup))]
[JsonSerializable(typeof(FoundRecords))]
[JsonSerializable(typeof(SegmentUpload))]
[JsonSerializable(typeof(IndexUpdatePage))]
[JsonSerializable(typeof(DepositList))]
[JsonSerializable(typeof(DirectoryEntry))]
[JsonSerializable(typeof(DirectoryView))]
[JsonSerializable(typeof(AskForAccess))]
[JsonSerializable(typeof(AskedForAccess))]
[JsonSerializable(typeof(RequestList))]
[JsonSerializable(typeof(ApproveRequest))]
[JsonSerializable(typeof(OpenStudy))]
[JsonSerializable(typeof(StudyPage))]
[JsonSerializable(typeof(ContributionPage))]
[JsonSerializable(typeof(ContributionStateView))]
[JsonSerializable(typeof(PartyDirectory))]
[JsonSerializable(typeof(CloudAddress))]
internal sealed partial class CloudJson : JsonSerializerContext;
