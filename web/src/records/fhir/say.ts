import type { Format } from '../../text'
import { Exact, isFields, type Fields } from './json'

// One text for any value of FHIR: by the shape of the value, whatever the element is called.

export interface Words {
  /** Codes that stand for themselves: `final`, `female`, … */
  codes: Record<string, string>
  /** Of time, as UCUM writes them. */
  units: Record<string, string>
  yes: string
  no: string
  until: (end: string) => string
  since: (start: string) => string
  range: (low: string, high: string) => string
  atLeast: (low: string) => string
  atMost: (high: string) => string
}

export interface Speaker {
  words: Words
  format: Pick<Format, 'day' | 'time' | 'month' | 'locale'>
  /** What a reference leads to, among what is at hand. */
  resolve?: (reference: string) => Fields | null
}

/** Finds resources by `Type/id`, as absolute references end, and by `urn:uuid:`. */
export function resolver(resources: Fields[]): (reference: string) => Fields | null {
  const found = new Map<string, Fields>()
  for (const resource of resources) if (typeof resource.id === 'string') {
    found.set(`${String(resource.resourceType)}/${resource.id}`, resource)
    found.set(`urn:uuid:${resource.id}`, resource)
  }
  return reference => found.get(reference) ?? found.get(reference.split('/').slice(-2).join('/')) ?? null
}

const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : value instanceof Exact ? value.digits : '')
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value])

/** A FHIR date says as much as it was written with: a year, a month, a day or an instant. */
export function sayDate(value: unknown, { format }: Speaker): string {
  const written = text(value)
  const parts = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(T.*)?)?)?$/.exec(written)
  if (!parts) return written
  const [, year, month, day, time] = parts
  const date = time ? new Date(written) : new Date(Number(year), Number(month ?? 1) - 1, Number(day ?? 1))
  if (Number.isNaN(date.getTime())) return written
  return time ? format.time(date) : day ? format.day(date) : month ? format.month(date) : year!
}

/** A number in the reader's language with the digits that were written; of what a computer has divided, six are enough. */
export function sayNumber(value: unknown, locale: string): string {
  const written = text(value)
  const digits = /^-?\d+(?:\.(\d+))?$/.exec(written)
  if (!digits) return written
  const places = digits[1]?.length ?? 0
  if (places > 4) return new Intl.NumberFormat(locale, { maximumSignificantDigits: 6, useGrouping: Math.abs(Number(written)) >= 10_000 }).format(Number(written))
  return new Intl.NumberFormat(locale, { minimumFractionDigits: places, maximumFractionDigits: places, useGrouping: Math.abs(Number(written)) >= 10_000 }).format(Number(written))
}

export function sayConcept(value: unknown, words: Words): string {
  if (typeof value === 'string') return words.codes[value] ?? value
  if (!isFields(value)) return ''
  const codings = list(value.coding).filter(isFields)
  const said = text(value.text) || codings.map(coding => text(coding.display)).find(Boolean)
  if (said) return said
  const code = codings.map(coding => text(coding.code)).find(Boolean) ?? ''
  // A code of words is said as words.
  return words.codes[code] ?? (/^[a-z]+(-[a-z]+)+$/.test(code) ? code.replaceAll('-', ' ') : code)
}

export function sayName(value: unknown): string {
  if (!isFields(value)) return text(value)
  const given = list(value.given).map(text).filter(Boolean)
  return [...list(value.prefix).map(text), ...given, text(value.family), ...list(value.suffix).map(text)].filter(Boolean).join(' ') || text(value.text)
}

function sayQuantity(value: Fields, speaker: Speaker): string {
  const unit = text(value.unit) || text(value.currency) || text(value.code)
  const amount = sayNumber(value.value, speaker.format.locale)
  return amount ? [text(value.comparator), amount, unit === '1' ? '' : unit.replace(/^\{.*\}$/, '')].filter(Boolean).join(' ') : ''
}

function sayPeriod(value: Fields, speaker: Speaker): string {
  const [start, end] = [sayDate(value.start, speaker), sayDate(value.end, speaker)]
  if (start && end) return start === end ? start : speaker.words.range(start, end)
  return start ? speaker.words.since(start) : end ? speaker.words.until(end) : ''
}

/** How something is taken: its own words, else dose, times and way. */
function sayDosage(value: Fields, speaker: Speaker, depth: number): string {
  if (text(value.text)) return text(value.text)
  const rate = list(value.doseAndRate).find(isFields)
  const repeat = isFields(value.timing) && isFields(value.timing.repeat) ? value.timing.repeat : {}
  const [frequency, period, unit] = [text(repeat.frequency), text(repeat.period), text(repeat.periodUnit)]
  const every = period && period !== '1' ? `${period} ` : ''
  const often = frequency && unit ? `${frequency} × / ${every}${speaker.words.units[unit] ?? unit}` : say(isFields(value.timing) ? value.timing.code : undefined, speaker, depth + 1)
  return [say(rate?.doseQuantity ?? rate?.doseRange, speaker, depth + 1), often, say(value.route, speaker, depth + 1)].filter(Boolean).join(', ')
}

/** A person or thing that a reference leads to, by its name. */
function nameOf(resource: Fields | null, words: Words): string {
  if (!resource) return ''
  const name = list(resource.name)[0]
  return (typeof name === 'string' ? name : sayName(name)) || sayConcept(resource.code ?? resource.type, words)
}

function sayRange(low: unknown, high: unknown, speaker: Speaker): string {
  const [from, to] = [say(low, speaker), say(high, speaker)]
  return from && to ? speaker.words.range(from, to) : from ? speaker.words.atLeast(from) : to ? speaker.words.atMost(to) : ''
}

const maxDepth = 5
const maxItems = 40

/** Any value, in one line. Empty when there is nothing to say. */
export function say(value: unknown, speaker: Speaker, depth = 0): string {
  const { words } = speaker
  if (depth > maxDepth || value === null || value === undefined) return ''
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (typeof value === 'number' || value instanceof Exact) return sayNumber(value, speaker.format.locale)
  if (typeof value === 'string') {
    if (/^\d{4}-\d{2}(-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2})?)?)?$/.test(value)) return sayDate(value, speaker)
    return Object.hasOwn(words.codes, value) ? words.codes[value]! : value.trim()
  }
  if (Array.isArray(value)) return value.slice(0, maxItems).map(one => say(one, speaker, depth + 1)).filter(Boolean).join('; ')
  if (!isFields(value)) return ''
  return saySomething(value, speaker, depth)
}

function saySomething(value: Fields, speaker: Speaker, depth: number): string {
  const has = (...names: string[]) => names.some(name => value[name] !== undefined)
  const { words } = speaker
  if (has('timing', 'doseAndRate')) return sayDosage(value, speaker, depth)
  if (has('coding') || (has('text') && !has('div', 'time'))) return sayConcept(value, speaker.words)
  if (has('family', 'given')) return sayName(value)
  if (has('reference', 'display') && !has('system', 'code')) return text(value.display)
    || (typeof value.reference === 'string' ? nameOf(speaker.resolve?.(value.reference) ?? null, words) || shortReference(value.reference) : say(value.identifier, speaker,
    depth + 1))
  if (has('value') && has('unit', 'currency', 'comparator', 'code') && !has('use', 'type')) return sayQuantity(value, speaker)
  if (has('low', 'high') && (isFields(value.low) || isFields(value.high))) return text(value.text) || sayRange(value.low, value.high, speaker)
  if (has('start', 'end') && Object.keys(value).every(key => ['start', 'end', 'id', 'extension', '_start', '_end'].includes(key))) return sayPeriod(value, speaker)
  if (has('numerator', 'denominator')) return [say(value.numerator, speaker, depth + 1), say(value.denominator, speaker, depth + 1)].filter(Boolean).join(' / ')
  if (has('line', 'city', 'postalCode')) return [...list(value.line).map(text), [text(value.postalCode), text(value.city)].filter(Boolean).join(' '), text(value.state),
    text(value.country)].filter(Boolean).join(', ')
  if (has('system', 'display', 'code') && !has('value')) return text(value.display) || sayConcept(text(value.code), speaker.words)
  if (has('value') && has('system')) return text(value.value)
  if (has('contentType', 'data', 'url') && has('contentType')) return [text(value.title), text(value.contentType)].filter(Boolean).join(', ')
  return Object.entries(value).filter(([name]) => !unsaid.has(name) && !name.startsWith('_')).slice(0, maxItems)
    .map(([, inner]) => say(inner, speaker, depth + 1)).filter(Boolean).join(', ')
}

/** What is for machines. */
const unsaid = new Set(['id', 'extension', 'modifierExtension', 'meta', 'div', 'data', 'hash', 'fullUrl', 'implicitRules', 'contained'])

const shortReference = (reference: string): string => (/^(urn:|#)/.test(reference) ? '' : reference.replace(/\?.*/, '').replace(/^https?:\/\/.*\/([A-Z]\w+\/[^/]+)$/, '$1'))
