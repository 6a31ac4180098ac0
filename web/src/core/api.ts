// What the page can ask of the core: one entry for each operation, its arguments and its answer. src/Browser/Operations implements exactly this.
// Times are RFC 3339 in UTC, identifiers 32 hexadecimal digits, bytes base64. A `File` is handed over as it is and read piece by piece.

import type { AddedReadings, Readings, ReadingSeries } from './readings'
import type { CohortReport, JoinPreview, QueryDescription, StatisticsAnswer, Study, StudyBudget, StudyTerms } from './research'

export interface Identity {
  account: string
  mail: string
  organisation: string | null
  fingerprint: string
  sessionExpires: string | null
}

export interface Warning { code: 'not-proven-newest' | 'card-not-checked' | 'kit-without-counter' | 'mail-not-typed' | '', message: string }

/** How an account is unlocked. A PRF output has 32 bytes; the worker zeroes what it was given. */
export type Unlocking = { passphrase: string } | { credential: string, prf: Uint8Array }

export interface PendingCode { id: string, mail: string, expires: string }

export interface ProfileState {
  /** The account of this browser, locked or not; null before registration or login. */
  profile: { mail: string, account: string, organisation: string | null, hasPassphrase: boolean, passkeys: string[], sessionExpires: string | null } | null
  unlocked: boolean
  cloud: string
  /** Uploads that wait for a store or were cut short. */
  unfinished: number
}

export type PartitionName = string

export interface RecordSummary {
  record: string
  partition: PartitionName
  name: string
  mediaType: string
  bytes: number
  /** The pinned mail address of whose record it is; of somebody whose address is not pinned, the number of the account. */
  owner: string
  /** The number of the owner's account: who it is goes by this. */
  account: string
  /** "you", the name of an organisation, or a mail address. */
  source: string
  sealedAt: string
  kind: 'file' | 'fhir' | 'attachment'
  resources: number
  import: string | null
  needsSequenceKey: boolean
  version: number
  fragments: number
  restoreFrom: number
  keywords: string[]
}

export interface Records { records: RecordSummary[], complaints: string[] }

/** A FHIR resource within a record: where it stands, without its JSON. */
export interface ResourceEntry { type: string, id: string | null, title: string | null, date: string | null, offset: number, bytes: number }

export interface Content { blob: Blob, complaints: string[] }

export interface Progress {
  what: 'sealing' | 'storing' | 'fetching'
  /** A store's name; null for the whole. */
  party: string | null
  done: number
  total: number
}

/** Where the fragments of an upload go, told before the first byte is sent: drawn as they land. */
export interface Placement { fragments: { index: number, store: string, bytes: number }[], restoreFrom: number }

export type UploadReport = { progress: Progress } | { placement: Placement } | { landed: { index: number, store: string } }

export interface Dispersal {
  /** An owner-held sequence key; null for a generated one that the record carries. */
  sequenceKey?: string | null
  restoreFrom?: number | null
}

export interface PutArguments extends Dispersal {
  file: File
  partition?: PartitionName | null
  keywords?: string[]
  findable?: boolean
  /** Mail address of a patient who lets this account add records. */
  for?: string | null
}

/** `missing`: stores that did not take their fragments yet. `waiting`: why the words of the record are not in the search index yet; both are brought by `resume`. */
export interface StoredRecord { record: string, partition: PartitionName, bytes: number, fragments: number, missing: string[], searchable: boolean, waiting: string | null }

export interface ImportedRecord { record: string, partition: PartitionName, resources: number, bytes: number, name: string, personalFacts: string[] }

export type SequenceKeyFault = 'none' | 'tooShort' | 'tooLong' | 'whiteSpace' | 'repeatedCharacter' | 'ambiguous' | 'notVisible'

/** The bytes that one server holds of a record, fetched now, as they are. */
export interface Holding {
  party: string
  role: 'cloud' | 'trustee' | 'store'
  /** What the bytes are: "signed header", "sealed metadata", "fragment 3", "sealed share of grant …"; English terms of the specification. */
  what: string
  /** All bytes of it at that server; `bytes` may be a beginning. */
  total: number
  bytes: string
  /** Why nothing could be fetched, or null. A store that has no fragment of the record has `total` 0. */
  failure: string | null
}

export interface Hit {
  record: string
  partition: PartitionName
  score: number
  name: string
  source: string
  owner: string
  account: string
  resource: string | null
  date: string | null
  title: string | null
  /** Text with the words that were looked for as [start, end) pairs of UTF-16 units. */
  snippet: { text: string, marks: [number, number][] } | null
  note: string | null
}

export type Role = 'family' | 'friend' | 'doctor' | 'pharmacist' | 'insurer' | 'researcher'
export type Purpose = 'treatment' | 'payment' | 'family' | 'research' | 'emergency' | 'coordination'

export interface Contact { mail: string, account: string, organisation: string | null, fingerprint: string, verified: boolean }

/** A grant before it is made. `proposal` confirms exactly this one; it is gone after lock. */
export interface Proposal {
  proposal: number
  to: Contact
  /** Null for a permission to add records and read nothing. */
  role: Role | null
  purpose: Purpose | null
  partitions: PartitionName[]
  from: string
  until: string | null
  onlyNew: boolean
  /** When the request that this answers was made; null for a grant of the owner's own accord. */
  askedAt: string | null
}

export interface ShareArguments {
  to: string
  role: Role
  partitions?: PartitionName[]
  from?: string | null
  until?: string | null
  purpose?: Purpose | null
  onlyNew?: boolean
}

export type GrantState = 'live' | 'future' | 'expired' | 'revoked' | 'locked'

export interface Grant {
  grant: string
  to: string
  role: Role
  purpose: Purpose
  partitions: PartitionName[]
  from: string
  until: string | null
  state: GrantState
  receipts: number
}

export interface Deposit { grant: string, to: string, partitions: PartitionName[], from: string, until: string | null, state: GrantState }

/** Who has granted something: `owner` and `account` as of a record. `callsThemselves`: what somebody whose address is not pinned writes of themselves, which nobody has checked. */
export interface Granter { owner: string, account: string, callsThemselves: string | null }

/** What others have granted to this account. */
export interface ReceivedGrant extends Granter { grant: string, role: Role, purpose: Purpose, partitions: PartitionName[], from: string, until: string | null, state: GrantState }
export interface ReceivedDeposit extends Granter { grant: string, partitions: PartitionName[], from: string, until: string | null, state: GrantState }

export interface Revoked { grant: string, receipts: number, pending: string[], partitions: PartitionName[], rekeyed: number }

export interface Findable { phone: string | null, records: number, keywords: string[] }

export type RequestState = 'pending' | 'approved' | 'denied' | 'expired'

export interface IncomingRequest {
  request: string
  state: RequestState
  createdAt: string
  expires: string
  account: string | null
  from: string | null
  fingerprint: string | null
  verified: boolean
  role: Role | null
  reason: string | null
  keywords: string[]
  unopened: string | null
}

export interface OutgoingRequest { request: string, state: RequestState, createdAt: string, expires: string, grant: string | null, claimed: boolean }

export interface Device { id: string, name: string | null, createdAt: string, lastSeenAt: string, expires: string, isCurrent: boolean }

export interface Passkey { credential: string, name: string, createdAt: string }

/** An alarm that this browser raised, kept sealed with what it remembers. */
export interface Alarm { id: string, at: string, kind: AlarmKind, message: string, operation: string, acknowledged: boolean }

export type AlarmKind = 'Integrity' | 'KeyChanged' | 'Rollback' | 'Withheld' | 'Downgrade' | 'Fork' | 'Injected' | 'Revived' | 'Unlogged'

/**
 * How an operation ends when it does not succeed.
 * cannot: the user asked for what cannot be done as things are; nothing was changed. alarm: a server handed out what its author did not make; nothing unverified was shown.
 * refused: a server says no. unreachable: a server does not answer. locked: the account is not unlocked in this worker. cancelled. fault: a mistake of Salus.
 */
export interface CoreError {
  kind: 'cannot' | 'alarm' | 'refused' | 'unreachable' | 'locked' | 'cancelled' | 'fault'
  /** The alarm's kind, the problem code of a server, or the reason (`wrong-passphrase`, `unknown-contact`, …); empty when there is none of use. */
  code: string
  /** English, for the details: the page says it in its own words by kind and code. */
  message: string
  party: string | null
}

/** What somebody did with this account's data: as they signed it, and trustees answered it. `who` is a mail address or name that this browser knows, else a sentence with the account's number. */
export interface AccessEvent {
  at: string
  account: string
  who: string
  kind: 'open' | 'search' | 'readings'
  grant: string
  partition: PartitionName
  /** Of the grant; null when it is not there. */
  purpose: Purpose | null
  /** `name`: null for what is there no more. */
  items: { id: string, name: string | null }[]
  /** Its place in the log. */
  index: number
  /** Empty for what the log alone has. */
  answeredBy: string[]
  /** The permission was taken back, and the trustees that answered had not heard of it yet. */
  beforeNotice: boolean
}

/** What was proven of the log; `root` is hexadecimal. `accesses` are in it as trustees say, `own` are the account's own epochs, grants, revocations and records. */
export interface LogEvidence { size: number, root: string, cosignedBy: string[], cosignedAt: string, accesses: number, own: number }

/** `evidence`: null when nothing was to be proven. `alarms` are kept already. `whole`: all was looked at that was to be. */
export interface AccessHistory { events: AccessEvent[], evidence: LogEvidence | null, alarms: { kind: AlarmKind, message: string }[], complaints: string[], whole: boolean }

export type StoreState = 'failing' | 'silent' | 'slow' | 'good'

/** One store in an audit: `held` of `asked` challenges were proven. Counts of fragments follow. */
export interface StoreHealth {
  store: string
  state: StoreState
  fragments: number
  asked: number
  held: number
  missing: number
  damaged: number
  exchanged: number
  unanswered: number
  moved: number
  onlySmall: boolean
  /** It answers for some fragments and, asked twice, not for others. */
  selective: boolean
  slowestSeconds: number
}

/** `whole`: every leaf was asked for. `probability`: that it would have found rot in a hundredth of the leaves. */
export interface AuditReport {
  at: string
  whole: boolean
  fragments: number
  asked: number
  answered: number
  probability: number
  stores: StoreHealth[]
  findings: { store: string, kind: string, what: string, record: string | null, detail: string }[]
  skipped: string[]
}

/** How many of how many are done. */
export interface Counted { done: number, total: number }

/** Every operation: [arguments, answer, reports while it runs]. */
export interface Operations {
  /** First of all: opens the profile of this browser, and asks the cloud for its parties when there is none. */
  start: [{ cloud: string }, ProfileState, never]

  'register.start': [{ mail: string }, PendingCode, never]
  /** Makes and unlocks the account. Without a passphrase a passkey or passphrase must follow at once: until then only the kit opens it. */
  'register.complete': [{ pending: PendingCode, code: string, organisation?: string | null, passphrase?: string | null, device: string }, { identity: Identity, kit: string }, never]
  'login.start': [{ mail: string }, PendingCode, never]
  'login.complete': [{ pending: PendingCode, code: string, passphrase: string, device: string }, Identity, never]
  'recovery.restore': [{ pending: PendingCode, code: string, kit: string, passphrase: string, device: string }, Identity, never]
  unlock: [Unlocking, Identity, never]
  /** Ends the session at the cloud; the profile stays, as after lock, unless `forget`. */
  logout: [{ everywhere: boolean, forget: boolean }, { done: true }, never]
  identity: [Record<string, never>, Identity, never]
  /** What could not be made sure of since the account was opened: `code` is empty for what only `message` says, in English. */
  'account.warnings': [Record<string, never>, Warning[], never]
  'recovery.prove': [{ kit: string }, { done: true }, never]
  /** Makes a recovery kit that opens nothing yet: the one before it is in force until `recovery.adopt`, so that one of them is on paper at any moment. */
  'recovery.renew': [Record<string, never>, { kit: string }, never]
  /** Puts the kit that was made last into force. When it fails either kit may be: it is done again until it succeeds. */
  'recovery.adopt': [{ kit: string }, { done: true }, never]
  'passphrase.set': [{ passphrase: string }, { done: true }, never]

  /** WebAuthn options as JSON (PublicKeyCredentialCreationOptionsJSON), with the PRF salt in base64url. */
  'passkey.create': [Record<string, never>, { options: string, prfSalt: string }, never]
  /** `credential` is PublicKeyCredential.toJSON() as text. */
  'passkey.add': [{ credential: string, prf: Uint8Array, name: string }, Passkey, never]
  'passkey.list': [Record<string, never>, Passkey[], never]
  'passkey.remove': [{ credential: string }, { done: true }, never]
  /** Options to log in anywhere with a discoverable credential, and the salts to evaluate. */
  'passkey.request': [Record<string, never>, { options: string, prfSalt: string }, never]
  'passkey.login': [{ credential: string, prf: Uint8Array, device: string }, Identity, never]
  /** The PRF salt for unlocking the account of this browser, without a server. */
  'passkey.salt': [Record<string, never>, { prfSalt: string, credentials: string[] }, never]

  'devices.list': [Record<string, never>, Device[], never]
  'devices.end': [{ id: string }, { done: true }, never]

  list: [{ partition?: PartitionName | null }, Records, never]
  /** Records of others, and what they let this account do. */
  shared: [Record<string, never>, Records & { grants: ReceivedGrant[], deposits: ReceivedDeposit[] }, never]
  /** What is in a FHIR record whose owner holds the sequence key is listed when the key is given. */
  show: [{ record: string, sequenceKey?: string | null }, RecordSummary & { resourceEntries: ResourceEntry[] }, never]
  /** A whole record, or one FHIR resource of it by `Type/id`. Every byte is verified before it comes out. */
  read: [{ record: string, resource?: string | null, sequenceKey?: string | null }, Content, Progress]
  put: [PutArguments, StoredRecord, UploadReport]
  import: [PutArguments, { import: string, records: ImportedRecord[], missing: string[], searchable: boolean, waiting: string | null }, UploadReport]
  export: [{ import?: string | null }, { blob: Blob, sha256: string, exact: boolean, partitions: PartitionName[], complaints: string[] }, Progress]
  delete: [{ record: string, sequenceKey?: string | null }, { record: string, unreached: string[] }, never]
  /** `failures`: what still waits, and why. */
  resume: [Record<string, never>, { records: StoredRecord[], failures: string[] }, UploadReport]
  /** What each server holds of a record: every server is asked now. `limit`: bytes of each at most. */
  holdings: [{ record: string, sequenceKey?: string | null, limit?: number }, { holdings: Holding[] }, { holding: Holding }]
  'sequenceKey.check': [
    { text: string },
    { fault: SequenceKeyFault, character: string | null, length: number, fragments: number, restoreFrom: number, stores: { name: string, fragments: number }[] },
    never,
  ]

  /** `owner`: an account's number, or a pinned mail address. Hits come as reports, best first, and all of them again at the end. An alarm ends it after the verified ones were reported. */
  find: [{ query: string, owner?: string | null, limit?: number }, { hits: Hit[], complaints: string[] }, { hit: Hit }]
  /** Says what is wrong with a query, in English; null when it is one. */
  'find.check': [{ query: string }, { fault: string | null }, never]
  index: [Record<string, never>, { records: string[], complaints: string[] }, never]

  'contacts.list': [Record<string, never>, Contact[], never]
  /** Looks a mail address up and pins its card when it is new. */
  'contacts.resolve': [{ mail: string }, Contact, never]
  'contacts.confirm': [{ mail: string, fingerprint: string }, Contact, never]
  /** The card that the cloud shows now although another is pinned; taken by `contacts.confirm` with its fingerprint and `acceptNewKey`. */
  'contacts.newKey': [{ mail: string }, Contact, never]
  'contacts.acceptNewKey': [{ mail: string, fingerprint: string }, Contact, never]

  'share.propose': [ShareArguments, Proposal, never]
  'deposit.propose': [{ to: string, partitions?: PartitionName[], from?: string | null, until?: string | null }, Proposal, never]
  'share.confirm': [{ proposal: number }, { grant: string, complaints: string[] }, never]
  grants: [Record<string, never>, { grants: Grant[], deposits: Deposit[], complaints: string[] }, never]
  revoke: [{ grant: string }, Revoked, never]

  'phone.get': [Record<string, never>, Findable, never]
  'phone.set': [{ phone: string }, Findable, never]
  'phone.remove': [Record<string, never>, Findable, never]
  'request.send': [{ phone: string, keywords: string[], reason: string, role: Role }, { request: string, found: number, expires: string }, never]
  requests: [Record<string, never>, { incoming: IncomingRequest[], outgoing: OutgoingRequest[] }, never]
  'request.propose': [{ request: string, partitions?: PartitionName[], until?: string | null }, Proposal, never]
  'request.approve': [{ proposal: number }, { grant: string, complaints: string[] }, never]
  'request.deny': [{ request: string }, { done: true }, never]
  claim: [{ grant?: string | null, code: string }, { grant: string, owner: string, account: string, partitions: PartitionName[], released: number, pending: string[] }, never]

  /** Series of readings: one's own, and those of others who share the part of their records that they are in. `waiting`: some of this browser's wait for a server. */
  series: [Record<string, never>, { series: ReadingSeries[], waiting: boolean, complaints: string[] }, never]
  /** `owner`: an account's number. From `from` to `to`, both included. */
  readings: [{ series: string, owner: string, from?: string | null, to?: string | null }, Readings, never]
  /**
   * A CSV of times and values, or FHIR observations: added to the series of this name, which is made when there is none. What is not told is what the code is usually given with.
   * Stored is what two trustees have; the rest waits in this browser.
   */
  'readings.add': [
    { file: File, name: string, code?: string | null, unit?: string | null, decimals?: number | null },
    { series: AddedReadings[], stored: boolean, missing: string[] },
    Counted,
  ]
  /** Sends what waits. `missing`: the trustees that do not have all of it yet. */
  'readings.resume': [Record<string, never>, { missing: string[] }, Counted]
  /** A whole series. */
  'readings.delete': [{ series: string }, { missing: string[] }, never]

  /** `elsewhere`: the cloud is asked as well, as by nobody, in which of them this account takes part from another device. */
  studies: [{ elsewhere?: boolean }, { studies: Study[], complaints: string[] }, never]
  /** What this account would contribute: made here, nothing is sent. */
  'study.preview': [{ study: string }, JoinPreview, Progress]
  'study.join': [{ study: string }, { bytes: number, complaints: string[] }, Progress]
  /** For good. `missing`: who has not deleted it yet; done again until nobody is left. */
  'study.withdraw': [{ study: string }, { missing: string[] }, never]
  /** Signs a study and opens it; `custodian` is a mail address. The same again opens the same study, whatever cut it short. */
  'study.open': [StudyTerms & { custodian: string }, { study: string }, never]
  'study.close': [{ study: string }, { missing: string[] }, never]
  'study.budget': [{ study: string }, StudyBudget, never]
  /** For the custodian: fetches and opens the contributions, and runs the release gate on them. */
  'study.cohort': [{ study: string }, CohortReport, never]
  /** For the custodian: what passed the gate becomes a record that is shared with the researcher. */
  'study.release': [{ weighed: number }, { rows: number, record: string, partition: PartitionName, complaints: string[] }, Counted]
  /** Says what queries are, and what is wrong with them; asks no server. */
  'statistics.describe': [{ study: string, queries: string[] }, { queries: QueryDescription[] }, never]
  /** `cost`: rho. The same question at the same price has the same answer, and costs nothing. */
  'statistics.ask': [{ study: string, query: string, cost: number }, StatisticsAnswer, never]

  /** Who opened what. With `verify` every access is held against the log; what does not hold becomes an alarm, and the rest is told. */
  'access.history': [{ verify: boolean }, AccessHistory, never]
  /** What the last audit on this device has found. */
  'storage.last': [Record<string, never>, { report: AuditReport | null }, never]
  /** Asks the stores to prove what they have: 459 leaves of all, or every one. */
  'storage.audit': [{ all: boolean }, { report: AuditReport }, Counted]
  /** Has lost pieces made again from the others, by the stores alone. `waiting` and `lost` say what could not be, in English. */
  /** `lost`: records that cannot be restored any more. */
  'storage.repair': [Record<string, never>, { repaired: number, waiting: string[], lost: { record: string, name: string }[], skipped: string[] }, Counted]
  /**
   * Holds this page against the log: `manifest` is base64, `key` its builder's in hexadecimal; `own` comes from this machine, and need not be in the log. A page that is not there, or that
   * may not be used any more, is an alarm.
   */
  'page.check': [{ manifest: string, key: string, own: boolean }, { standing: 'newest' | 'older' | 'development' | 'own' | 'outdated' }, never]
  'alarms.list': [Record<string, never>, Alarm[], never]
  'alarms.acknowledge': [{ id: string }, { done: true }, never]
  /** Settings of the page that are sealed with the profile (language, theme, what the emergency card shows). */
  'preferences.get': [Record<string, never>, { json: string }, never]
  'preferences.set': [{ json: string }, { done: true }, never]
}

export type OperationName = keyof Operations
export type ArgumentsOf<O extends OperationName> = Operations[O][0]
export type AnswerOf<O extends OperationName> = Operations[O][1]
export type ReportOf<O extends OperationName> = Operations[O][2]

/** Thrown by `core.call`. */
export class CoreFailure extends Error {
  readonly error: CoreError
  constructor(error: CoreError) {
    super(error.message)
    this.name = 'CoreFailure'
    this.error = error
  }
}
