import type { ReadingSeries } from '../core/readings'

/** What devices measure most, by LOINC, and the name of a series of it. The core knows units and digits. */
export const kinds = [
  { code: '8867-4', name: 'heart-rate' }, { code: '59408-5', name: 'oxygen-saturation' }, { code: '2339-0', name: 'glucose' }, { code: '15074-8', name: 'glucose-mmol' },
  { code: '85354-9', name: 'blood-pressure' }, { code: '8310-5', name: 'temperature' }, { code: '9279-1', name: 'breaths' }, { code: '29463-7', name: 'weight' },
] as const

/** A series in the reader's words where its code is known, else as its owner calls it. */
export const nameOf = ({ code, name }: Pick<ReadingSeries, 'code' | 'name'>, known: Record<string, string>): string => (code !== null && Object.hasOwn(known, code) ? known[code]! : name)

const maxName = 64

export interface Draft { file: File | null, kind: string, name: string, unit: string, decimals: string }

export const emptyDraft: Draft = { file: null, kind: kinds[0].code, name: '', unit: '', decimals: '0' }

/** What keeps a draft from being added. A kind that is known needs no more than a file. */
export function faultsOf({ file, kind, name, unit, decimals }: Draft): { file?: true, name?: true, unit?: true, decimals?: true } {
  const isNew = kind === ''
  return {
    ...(!file && { file: true }), ...(isNew && (name.trim() === '' || name.trim().length > maxName) && { name: true }),
    ...(isNew && !/^[!-~]{0,64}$/.test(unit.trim()) && { unit: true }), ...(isNew && !/^[0-9]$/.test(decimals.trim()) && { decimals: true }),
  }
}
