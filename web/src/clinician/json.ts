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

/**
 * A number as people type it. A comma is a decimal sign only where the language has it so; there, "1.234" could be meant either way and is refused, as thousands separators are
 * everywhere.
 */
export function decimalOf(typed: string, sign: ',' | '.'): Decimal | null {
  const text = typed.trim()
  const plain = sign === ',' ? (/^-?[1-9]\d{0,2}\.\d{3}$/.test(text) ? '' : text.replace(',', '.')) : text
  try {
    return new Decimal(plain)
  } catch {
    return null
  }
}

export const decimalSignOf = (locale: string): ',' | '.' => (new Intl.NumberFormat(locale).format(1.5).includes(',') ? ',' : '.')
