using System.Text.Json.Serialization;
using Salus.Cli.Parties;
using Salus.Cli.Verbs;
using Salus.Protocol.Http;

namespace Salus.Cli;

/// <summary>What `--json` prints when a verb fails.</summary>
internal sealed record Problem(string Error, int ExitCode);

/// <summary>Everything that the command line reads or writes as JSON, compiled: nothing is looked up by reflection at start-up.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(PartyDirectory))]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(Running))]
[JsonSerializable(typeof(Installation.Record))]
[JsonSerializable(typeof(PrintedIdentity))]
[JsonSerializable(typeof(DownDocument))]
[JsonSerializable(typeof(IdentityDocument))]
[JsonSerializable(typeof(DevicesDocument))]
[JsonSerializable(typeof(PutDocument))]
[JsonSerializable(typeof(ImportDocument))]
[JsonSerializable(typeof(RecordDocument))]
[JsonSerializable(typeof(RecordsDocument))]
[JsonSerializable(typeof(SharedDocument))]
[JsonSerializable(typeof(FindDocument))]
[JsonSerializable(typeof(CompactDocument))]
[JsonSerializable(typeof(IndexDocument))]
[JsonSerializable(typeof(GetDocument))]
[JsonSerializable(typeof(ExportDocument))]
[JsonSerializable(typeof(DeleteDocument))]
[JsonSerializable(typeof(ResumeDocument))]
[JsonSerializable(typeof(KeywordsDocument))]
[JsonSerializable(typeof(SignedCopiesDocument))]
[JsonSerializable(typeof(CohortDocument))]
[JsonSerializable(typeof(DeidentifyDocument))]
[JsonSerializable(typeof(StudyReleaseDocument))]
[JsonSerializable(typeof(ShareDocument))]
[JsonSerializable(typeof(GrantsDocument))]
[JsonSerializable(typeof(RevokeDocument))]
[JsonSerializable(typeof(ContactDocument))]
[JsonSerializable(typeof(DoneDocument))]
[JsonSerializable(typeof(PhoneDocument))]
[JsonSerializable(typeof(AskedDocument))]
[JsonSerializable(typeof(RequestsDocument))]
[JsonSerializable(typeof(ClaimDocument))]
[JsonSerializable(typeof(StudyDocument))]
[JsonSerializable(typeof(StatsDocument))]
[JsonSerializable(typeof(StatsStudyDocument))]
[JsonSerializable(typeof(StudiesDocument))]
[JsonSerializable(typeof(JoinedDocument))]
[JsonSerializable(typeof(ParticipationsDocument))]
[JsonSerializable(typeof(WithdrawnDocument))]
[JsonSerializable(typeof(ContributeDocument))]
[JsonSerializable(typeof(DemoDocument))]
[JsonSerializable(typeof(OpenDocument))]
[JsonSerializable(typeof(PageHostDocument))]
[JsonSerializable(typeof(PageDocument))]
[JsonSerializable(typeof(SeriesListDocument))]
[JsonSerializable(typeof(SensedDocument))]
[JsonSerializable(typeof(ReadingsDocument))]
[JsonSerializable(typeof(ReadingsDeletedDocument))]
internal sealed partial class CliJson : JsonSerializerContext;
