// FHIR JSON as it was written: numbers keep their digits (1.10 is not 1.1), and laying text out anew changes nothing but white space.

/** An object of unknown content. */
export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs

/** Parsed text. A number that JavaScript would write otherwise stays the text that it was. */
export function parseExactly(text: string): unknown {
  return JSON.parse(text.replace(/^\uFEFF/, '').replace(stringOrNumber, token => (token.startsWith('"') || String(Number(token)) === token ? token : `"${token}"`)))
}

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

/** JSON laid out over lines; every string and number as it was. What is no JSON comes back as it is. */
export function layOut(text: string): string {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs)
  if (!tokens) return text
  let [out, depth] = ['', 0]
  const line = () => `\n${'  '.repeat(Math.min(depth, 100))}`
  tokens.forEach((token, i) => {
    if (token === '{' || token === '[') {
      depth++
      out += token
      if (tokens[i + 1] !== '}' && tokens[i + 1] !== ']') out += line()
    } else if (token === '}' || token === ']') {
      depth--
      if (tokens[i - 1] !== '{' && tokens[i - 1] !== '[') out += line()
      out += token
    } else if (token === ',') out += token + line()
    else out += token === ':' ? ': ' : token
  })
  return out
}
