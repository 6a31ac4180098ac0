import type { RecordSummary } from '../core/api'

export interface Filter { text: string, partition: string, source: string, kind: string, whose: 'mine' | 'others' | 'all' }

export const everything: Filter = { text: '', partition: '', source: '', kind: '', whose: 'mine' }

/** What a person would call the kind of a record. */
export type Kind = 'health' | 'image' | 'document' | 'data'

export function kindOf({ kind, mediaType, name }: Pick<RecordSummary, 'kind' | 'mediaType' | 'name'>): Kind {
  if (kind === 'fhir' || /fhir|hl7|ccda|cda\+xml/.test(mediaType) || /\.(hl7|ccda|cda)$/i.test(name)) return 'health'
  if (mediaType.startsWith('image/') || mediaType === 'application/dicom' || /\.(dcm|png|jpe?g|gif|webp)$/i.test(name)) return 'image'
  if (mediaType === 'application/pdf' || mediaType.startsWith('text/') || /msword|officedocument|opendocument|rtf/.test(mediaType)
    || /\.(pdf|txt|md|html?|docx?|odt|rtf)$/i.test(name)) return 'document'
  return 'data'
}

/** Records of the list that the filter leaves, newest first. `others` are records of other owners. */
export function filtered(mine: RecordSummary[], others: RecordSummary[], { text, partition, source, kind, whose }: Filter): RecordSummary[] {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  const from = whose === 'mine' ? mine : whose === 'others' ? others : [...mine, ...others]
  return from
    .filter(record => (!partition || record.partition === partition) && (!source || record.source === source) && (!kind || kindOf(record) === kind))
    .filter(record => {
      if (words.length === 0) return true
      const said = [record.name, record.source, record.owner, ...record.keywords].join('\n').toLocaleLowerCase()
      return words.every(word => said.includes(word))
    })
    .sort(newestFirst)
}

const newestFirst = (a: RecordSummary, b: RecordSummary): number =>
  a.sealedAt < b.sealedAt ? 1 : a.sealedAt > b.sealedAt ? -1 : a.name < b.name ? -1 : a.name > b.name ? 1 : a.record < b.record ? -1 : 1

export interface Month { key: string, first: Date, records: RecordSummary[] }

/** By the month of the reader's own clock; the order within stays. */
export function byMonth(records: RecordSummary[]): Month[] {
  const months: Month[] = []
  for (const record of records) {
    const day = new Date(record.sealedAt)
    const key = `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}`
    const last = months.at(-1)
    if (last?.key === key) last.records.push(record)
    else months.push({ key, first: new Date(day.getFullYear(), day.getMonth(), 1), records: [record] })
  }
  return months
}

/** The sources that occur, the own account first. */
export function sourcesOf(records: RecordSummary[]): string[] {
  const sources = [...new Set(records.map(record => record.source))].sort((a, b) => a.localeCompare(b))
  return sources.includes('you') ? ['you', ...sources.filter(source => source !== 'you')] : sources
}

/** The identifiers that a preference holds; of unknown content. */
export const readSeen = (value: unknown): string[] => (Array.isArray(value) ? value.filter((id): id is string => typeof id === 'string' && /^[0-9a-f]{32}$/.test(id)) : [])

const mostSeen = 4000

/** What others put into the own account and nobody here has opened. */
export const isNew = (record: RecordSummary, mine: string, seen: ReadonlySet<string>): boolean => record.source !== 'you' && record.account === mine && !seen.has(record.record)

/** The seen ones with these added; the oldest leave when there are too many. */
export const withSeen = (seen: string[], records: string[]): string[] => [...seen.filter(id => !records.includes(id)), ...records].slice(-mostSeen)
