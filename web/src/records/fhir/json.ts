// FHIR JSON as it was written: numbers keep their digits (1.10 is not 1.1), and laying text out anew changes nothing but white space.

/** An object of unknown content. */
export type Fields = Readonly<Record<string, unknown>>

/** A number whose digits JavaScript would not keep. */
export class Exact {
  readonly digits: string
  constructor(digits: string) {
    this.digits = digits
  }
}

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Exact)

const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs

/** Parsed text; a number that JavaScript would write otherwise is an `Exact`. */
export function parseExactly(text: string): unknown {
  const marked = text.replace(/^\uFEFF/, '').replace(stringOrNumber, token => (token.startsWith('"') || String(Number(token)) === token ? token : `"\\u0001${token}"`))
  return JSON.parse(marked, (_, value: unknown) => (typeof value === 'string' && /^\u0001-?\d[\d.eE+-]*$/.test(value) ? new Exact(value.slice(1)) : value))
}

/** Parsed JSON as text again, over lines, with the digits that were there. */
export const written = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (inner instanceof Exact ? `\u0001${inner.digits}` : inner), 2).replace(/"\\u0001(-?\d[\d.eE+-]*)"/g, '$1')

/** The resources of a text: one resource, a Bundle, an array, or one of these on each line. Empty when it is nothing of FHIR. */
export function resourcesOf(text: string): Fields[] {
  let whole: unknown
  try {
    whole = parseExactly(text)
  } catch {
    const lines = text.split(/\r?\n/).filter(line => line.trim() !== '')
    if (lines.length < 2) return []
    try {
      whole = lines.map(parseExactly)
    } catch {
      return []
    }
  }
  const found: Fields[] = []
  const collect = (value: unknown, depth: number): void => {
    if (Array.isArray(value)) {
      for (const one of value) collect(one, depth + 1)
    } else if (isFields(value) && depth < 8) {
      if (value.resourceType === 'Bundle' && Array.isArray(value.entry)) collect(value.entry, depth + 1)
      else if (typeof value.resourceType === 'string') found.push(value)
      else if (isFields(value.resource)) collect(value.resource, depth + 1)
    }
  }
  collect(whole, 0)
  return found
}
