// JSON whose numbers keep the digits that were typed: FHIR means 7.10 and 7.1 to differ in precision, and a JavaScript number does not.

/** A number as text: `-?digits(.digits)?`. */
export class Decimal {
  readonly text: string
  constructor(text: string) {
    if (!/^-?(0|[1-9]\d{0,11})(\.\d{1,8})?$/.test(text)) throw new Error('This is no decimal.')
    this.text = text
  }

  get value(): number {
    return Number(this.text)
  }
}

export type Json = string | number | boolean | Decimal | Json[] | { [name: string]: Json | undefined }

export function toJson(value: Json, indent = ''): string {
  const inner = `${indent}  `
  if (value instanceof Decimal) return value.text
  if (Array.isArray(value)) return `[\n${value.map(item => inner + toJson(item, inner)).join(',\n')}\n${indent}]`
  if (typeof value !== 'object') return JSON.stringify(value)
  const properties = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined)
  return `{\n${properties.map(([name, item]) => `${inner}${JSON.stringify(name)}: ${toJson(item, inner)}`).join(',\n')}\n${indent}}`
}

/** What separates thousands where the reader is: it decides what a comma or a point can mean. */
export type Grouping = ',' | '.' | 'other'

export function groupingOf(locale: string): Grouping {
  const sign = new Intl.NumberFormat(locale, { useGrouping: 'always' }).formatToParts(1_234_567).find(part => part.type === 'group')?.value
  return sign === ',' || sign === '.' ? sign : 'other'
}

/**
 * A number as people type it. A comma is a decimal sign unless it separates thousands there; where a point does, "1.234" could be meant either way and is refused. Thousands are
 * separated by nothing.
 */
export function decimalOf(typed: string, grouping: Grouping): Decimal | null {
  const text = typed.trim()
  if (grouping === '.' && /^-?[1-9]\d{0,2}\.\d{3}$/.test(text)) return null
  try {
    return new Decimal(grouping === ',' ? text : text.replace(',', '.'))
  } catch {
    return null
  }
}
