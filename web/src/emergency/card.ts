// What an emergency card says: only what its owner has chosen, as plain text.

export const sections = ['name', 'born', 'blood', 'allergy', 'condition', 'medication', 'contact', 'note'] as const
export type Section = (typeof sections)[number]

export interface Line { section: Section, text: string }

export const front: Section[] = ['name', 'born', 'blood', 'allergy', 'condition']
export const back: Section[] = ['medication', 'contact', 'note']

const mostLines = 60
const longest = 200

const clean = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim().slice(0, longest)

/** The lines that a preference holds; of unknown content. */
export function readCard(value: unknown): Line[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((one: unknown) => {
    const { section, text } = (typeof one === 'object' && one !== null ? one : {}) as { section?: unknown, text?: unknown }
    const known = sections.find(name => name === section)
    return known && typeof text === 'string' && clean(text) ? [{ section: known, text: clean(text) }] : []
  }).slice(0, mostLines)
}

export const has = (lines: Line[], { section, text }: Line): boolean => lines.some(line => line.section === section && line.text === clean(text))

export const withLine = (lines: Line[], { section, text }: Line): Line[] => {
  const line = { section, text: clean(text) }
  return line.text === '' || has(lines, line) ? lines : [...lines, line].slice(0, mostLines)
}

export const withoutLine = (lines: Line[], { section, text }: Line): Line[] => lines.filter(line => line.section !== section || line.text !== clean(text))

/** The text of the QR code: a line for each section that has something. */
export const textOf = (lines: Line[], title: string, labels: Record<Section, string>): string =>
  [title, ...sections.flatMap(section => {
    const texts = lines.filter(line => line.section === section).map(line => line.text)
    return texts.length ? [`${labels[section]}: ${texts.join('; ')}`] : []
  })].join('\n')

/** What a camera still reads from a code of 22 millimetres. */
export const mostBytes = 700

export const byteLength = (text: string): number => new TextEncoder().encode(text).length

/** The text's UTF-8 bytes as characters of one byte each, which is what a QR code stores. */
export const asBytes = (text: string): string => Array.from(new TextEncoder().encode(text), value => String.fromCharCode(value)).join('')
