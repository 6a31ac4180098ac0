// What the page asks of the core for research: studies and statistics over shares. Part of the contract that api.ts is.

/** Whom a study names, by the card that stands in it. `mail`: the pinned address; null when this browser has pinned none for the account. */
export interface StudyParty { account: string, mail: string | null, organisation: string | null, fingerprint: string, verified: boolean }

export type StudyState = 'future' | 'open' | 'ended'

/** A number of a participant's row. Bounds are those of the number as it is written, in `unit`. */
export interface StudyVariable {
  /** Small letters, digits and hyphens. */
  name: string
  /** "loinc:CODE": the latest observation of that code. "column:NAME": of a table. */
  source: string
  unit: string
  decimals: number
  lower: number
  upper: number
  /** Upper bounds, exclusive, of all classes of a histogram but the last; none for no histogram. */
  bounds: number[]
}

/** A property of a participant by which is filtered. `source`: "quasi:COLUMN", "loinc:CODE" or "column:NAME". */
export interface StudyAttribute { name: string, source: string, categories: string[] }

/** A column by which people could be told apart. `hierarchy`: how it is made coarser; empty for the column's own way. */
export interface QuasiIdentifier { column: string, hierarchy: string }

/** What must hold before anything is released: `t` and `suppression` from 0 to 1. */
export interface ReleaseRules { k: number, l: number, t: number, suppression: number, minimumCohort: number }

/** What a study is, wants and promises. */
export interface StudyTerms {
  title: string
  purpose: string
  /** De-identification rules in JSON; empty for the built-in ones. */
  rules: string
  /** FHIR resource types whose de-identified copies are wanted; none for no copies. */
  resources: string[]
  quasiIdentifiers: QuasiIdentifier[]
  /** The column whose values l and t speak of; empty for none. */
  sensitive: string
  release: ReleaseRules
  /** Of the answers: rho of zero-concentrated differential privacy. 0 for no answers. */
  budget: number
  variables: StudyVariable[]
  attributes: StudyAttribute[]
  opens: string
  ends: string
}

/** "started": a contribution was begun and did not get through; joining again finishes it. */
export type Part = 'none' | 'started' | 'contributed' | 'withdrawn'

export interface Study extends StudyTerms {
  study: string
  researcher: StudyParty
  custodian: StudyParty
  state: StudyState
  /** What this account has to do with it, but for whoever may take part. An organisation contributes for its patients. */
  role: 'researcher' | 'custodian' | 'organisation' | null
  part: Part
}

/** What would be contributed, made on this device and sent nowhere. */
export interface JoinPreview {
  copy: {
    /** Resources of each type that stay in the copy. */
    resources: { type: string, count: number }[]
    /** How often what was done where: "redact", "cryptoHash", "dateShift", … at a path of FHIR. Never a value. */
    changes: { method: string, path: string, count: number }[]
    /** Of the sealed copy: a size that many copies share. */
    bytes: number
    /** What the custodian sees beside it, to compare people: columns and their values. */
    columns: { column: string, value: string }[]
    /** Pictures in it; and those left out, since somebody would have to look at them first. */
    images: number
    imagesLeftOut: number
  } | null
  /** The own figures and properties, as they go into shares; null for what the records do not have. */
  row: { name: string, value: number | string | null }[]
}

/** What is known of a query before it is asked. */
export interface QueryDescription {
  /** As the trustees keep it: the same question is the same text. */
  query: string
  /** What is wrong with it, in English; null when it is a query that the study can be asked. */
  fault: string | null
}

/**
 * A number of an answer. `label`: the function's name, "intercept", a variable, a category ("unknown" for those of whom nothing is known), or a class "60..100".
 * `error`: half the width of the interval that holds the number without noise in 95 of 100 answers.
 */
export interface Estimate { label: string, value: number, error: number }

/** An answer that two trustees gave alike. */
export interface StatisticsAnswer {
  query: string
  kind: 'number' | 'histogram' | 'regression'
  unit: string
  /** None when too few take part, or when the noise leaves no answer: `why`. */
  estimates: Estimate[]
  why: 'tooFew' | 'tooNoisy' | null
  /** How many took part, with noise; null when that is not said. */
  participants: Estimate | null
  /** Rho. */
  cost: number
  /** When it was computed: a question that was asked before has its old answer. */
  at: string
  complaints: string[]
}

/** Rho: what there is, and what the answers have taken of it. */
export interface StudyBudget { total: number, spent: number }

/** What an observer can tell from a table of people; l and t are null without a sensitive column. */
export interface CohortFigures { rows: number, classes: number, k: number, uniques: number, l: number | null, t: number | null, risk: number }

/** What the custodian finds in the contributions. `weighed` releases exactly this; it is gone after lock. */
export interface CohortReport {
  weighed: number
  listed: number
  withdrawn: number
  /** Not paid for, or not what its head names. */
  refused: number
  /** Paid for, but nothing that a participant's device makes. */
  unreadable: number
  /** Those that remain. */
  participants: number
  /** As they came; null when nobody has contributed a copy. */
  before: CohortFigures | null
  /** The least generalisation that keeps what the study promises, with `suppressed` people left out; null when none does. */
  release: { levels: { column: string, level: number, highest: number }[], suppressed: number, figures: CohortFigures } | null
}
