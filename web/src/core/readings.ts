// What the page asks of the core about readings. Part of the contract that api.ts is.

/** Values of one kind over time, in shares at the three trustees. */
export interface ReadingSeries {
  series: string
  /** What its owner calls it. */
  name: string
  /** LOINC; null when it has none. */
  code: string | null
  /** UCUM; empty when it has none. */
  unit: string
  decimals: number
  partition: string
  /** As of a record: a pinned mail address, or the account's number. */
  owner: string
  account: string
}

/** Times in milliseconds since 1970, ascending, and the value at each. */
export interface Readings {
  times: number[]
  values: number[]
  complaints: string[]
  /** How many servers were caught at false answers, which the values do not rest on: each is among the alarms. */
  alarms: number
}

/** What a file has brought to one series; `known`: values that the same file had brought before. */
export interface AddedReadings { series: string, name: string, added: number, known: number }
