// A query as it is typed (docs/spec/search.md, Query): read here only to narrow it and to say in the reader's language what is wrong. The core reads it for itself.

export interface Item {
  excluded: boolean
  key: string | null
  value: string
  quoted: boolean
  /** As it was typed. */
  text: string
}

export type FilterKey = 'partition' | 'from' | 'date'

export type QueryFault =
  | 'tooLong' | 'tooMany' | 'quote' | 'nothing' | 'anyAlone' | 'anyExcluded' | 'anyPhrase' | 'phraseExcluded' | 'phraseEmpty' | 'code' | 'date' | 'prefix' | 'filterExcluded' | 'filterEmpty'
  | 'unknownKey'

const maxLength = 1000
const maxTerms = 64
const itemPattern = /(?:"[^"]*"|[^\s\p{Cc}"])+/gu
const letterOrDigit = /[\p{L}\p{N}]/u

/** Null when a quotation mark is not closed. */
export function itemsOf(query: string): Item[] | null {
  if ((query.match(/"/g)?.length ?? 0) % 2 === 1) return null
  return (query.match(itemPattern) ?? []).map(text => {
    const excluded = text.startsWith('-')
    const rest = excluded ? text.slice(1) : text
    const key = /^[A-Za-z]+(?=:)/.exec(rest)?.[0] ?? null
    const value = (key === null ? rest : rest.slice(key.length + 1)).replaceAll('"', '')
    return { excluded, key: key?.toLowerCase() ?? null, value, quoted: text.includes('"'), text }
  })
}

export const hasFilter = (query: string, key: FilterKey, value: string): boolean =>
  (itemsOf(query) ?? []).some(item => isFilter(item, key) && item.value.toLowerCase() === value.toLowerCase())

/** The query narrowed. Of dates there is one: a document has to have every date that is named. */
export function withFilter(query: string, key: FilterKey, value: string): string {
  const kept = (itemsOf(query) ?? []).filter(item => key !== 'date' || !isFilter(item, 'date')).map(item => item.text)
  const plain = value.replaceAll('"', '')
  return [...kept, `${key}:${/[\s\p{Cc}]/u.test(plain) ? `"${plain}"` : plain}`].join(' ')
}

export const withoutFilter = (query: string, key: FilterKey, value: string): string =>
  (itemsOf(query) ?? []).filter(item => !isFilter(item, key) || item.value.toLowerCase() !== value.toLowerCase()).map(item => item.text).join(' ')

const isFilter = (item: Item, key: FilterKey) => item.key === key && !item.excluded

/** What is wrong with a query, and at which word; null when the core takes it. */
export function faultOf(query: string): { fault: QueryFault, at: string } | null {
  if (query.length > maxLength) return { fault: 'tooLong', at: '' }
  const items = itemsOf(query)
  if (!items) return { fault: 'quote', at: '' }
  let terms = 0
  let groups = 0
  let allAlternatives = false
  let alternatives = 0
  for (const item of items) {
    const fault = faultOfItem(item)
    if (fault) return { fault, at: fault === 'unknownKey' || fault.startsWith('filter') ? `${item.key}:` : item.text }
    if (item.key === 'partition' || item.key === 'from') continue
    if (item.key === 'any' && item.value === '') {
      allAlternatives = true
      continue
    }
    const words = item.quoted && item.key === null ? item.value.split(/\s+/).filter(word => letterOrDigit.test(word)).length : 1
    if (item.key === null && !letterOrDigit.test(item.value)) continue
    terms += words
    if (item.excluded) continue
    if (item.key === 'any' || (allAlternatives && item.key === null && !item.quoted)) alternatives++
    else groups++
  }
  if (allAlternatives && alternatives === 0) return { fault: 'anyAlone', at: 'any:' }
  if (groups + alternatives === 0) return { fault: 'nothing', at: '' }
  return terms > maxTerms ? { fault: 'tooMany', at: '' } : null
}

function faultOfItem({ key, value, quoted, excluded }: Item): QueryFault | null {
  switch (key) {
    case null:
      if (!quoted) return faultOfWord(value)
      return excluded ? 'phraseExcluded' : letterOrDigit.test(value) ? null : 'phraseEmpty'
    case 'any':
      return excluded ? 'anyExcluded' : quoted ? 'anyPhrase' : faultOfWord(value)
    case 'code':
      return letterOrDigit.test(value) ? null : 'code'
    case 'date':
      return isDate(value) ? null : 'date'
    case 'partition':
    case 'from':
      return excluded ? 'filterExcluded' : value === '' ? 'filterEmpty' : null
    default:
      return 'unknownKey'
  }
}

function faultOfWord(word: string): QueryFault | null {
  if (!word.includes('*')) return null
  const prefix = word.slice(0, -1)
  return word.endsWith('*') && !prefix.includes('*') && (prefix.match(/[\p{L}\p{N}]/gu)?.length ?? 0) >= 2 ? null : 'prefix'
}

function isDate(text: string): boolean {
  const parts = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text)
  if (!parts || parts[1] === '0000') return false
  const [month, day] = [Number(parts[2] ?? 1), Number(parts[3] ?? 1)]
  const date = new Date(Date.UTC(2000, month - 1, day))
  date.setUTCFullYear(Number(parts[1]), month - 1, day)
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}
