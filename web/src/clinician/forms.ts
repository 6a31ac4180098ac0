import { isLoinc, type NoteType } from './codes'
import { interpretationOf, systems, type Code, type Interpretation, type PeriodUnit, type Prescription, type Result } from './fhir'
import { decimalOf, type Decimal, type Grouping } from './json'

// What is typed, as it is typed, and what of it cannot be signed. A form without faults becomes what fhir.ts builds a resource of.

export type Fault = 'missing' | 'tooLong' | 'loinc' | 'number' | 'range' | 'rangeOfWords' | 'date' | 'future' | 'whole' | 'together' | 'code'
export type Faults<F> = Partial<Record<keyof F, Fault>>

export interface NoteForm { type: NoteType, title: string, text: string }

export interface ResultForm {
  category: Result['category']
  name: string
  loinc: string
  display: string
  value: string
  unit: string
  ucum: string
  low: string
  high: string
  interpretation: Interpretation | 'range' | 'none'
  /** As a field for local date and time has it. */
  taken: string
  comment: string
}

export interface PrescriptionForm {
  medication: string
  system: 'none' | 'atc' | 'rxnorm'
  code: string
  amount: string
  unit: string
  frequency: string
  period: string
  periodUnit: PeriodUnit
  asNeeded: boolean
  days: string
  dosage: string
  quantity: string
  quantityUnit: string
  repeats: string
  reason: string
}

const maxLine = 200
const maxText = 200_000
const maxWhole = 10_000
/** A clock that is a little ahead is no reason to refuse. */
const clockTolerance = 5 * 60 * 1000

const line = (text: string): Fault | null => (text.trim() === '' ? 'missing' : text.length > maxLine ? 'tooLong' : null)
const optionalLine = (text: string): Fault | null => (text.length > maxLine ? 'tooLong' : null)
const isNumber = (text: string, grouping: Grouping) => decimalOf(text, grouping) !== null
const isWhole = (text: string, least: number) => /^\d{1,5}$/.test(text.trim()) && Number(text) >= least && Number(text) <= maxWhole

/** Those of the checks that found something. */
function found<F>(checks: { [K in keyof F]?: Fault | null }): Faults<F> {
  return Object.fromEntries(Object.entries(checks).filter(([, fault]) => fault)) as Faults<F>
}

export const faultsOfNote = ({ title, text }: NoteForm): Faults<NoteForm> =>
  found<NoteForm>({ title: line(title), text: text.trim() === '' ? 'missing' : text.length > maxText ? 'tooLong' : null })

export function faultsOfResult(form: ResultForm, grouping: Grouping, now: Date): Faults<ResultForm> {
  const [value, low, high] = [form.value, form.low, form.high].map(text => decimalOf(text, grouping))
  // What begins like a number and is none is a slip: "7,1" where a point is meant.
  const valueFault: Fault | null = line(form.value) ?? (!value && /^-?\d[\d.,\s]*$/.test(form.value.trim()) ? 'number' : null)
  const bound = (text: string): Fault | null => (text.trim() === '' ? null : isNumber(text, grouping) ? (value || valueFault ? null : 'rangeOfWords') : 'number')
  const taken = new Date(form.taken)
  return found<ResultForm>({
    name: line(form.name),
    loinc: form.loinc.trim() === '' || isLoinc(form.loinc.trim()) ? null : 'loinc',
    value: valueFault,
    unit: optionalLine(form.unit),
    low: bound(form.low),
    high: bound(form.high) ?? (low && high && low.value >= high.value ? 'range' : null),
    taken: form.taken === '' || Number.isNaN(taken.getTime()) ? 'date' : taken.getTime() > now.getTime() + clockTolerance ? 'future' : null,
    comment: form.comment.length > maxText ? 'tooLong' : null,
  })
}

/** Only for a form without faults. */
export function resultOf(form: ResultForm, grouping: Grouping): Result {
  const value = decimalOf(form.value, grouping)
  const range = { low: decimalOf(form.low, grouping), high: decimalOf(form.high, grouping) }
  const [loinc, unit] = [form.loinc.trim(), form.unit.trim()]
  return {
    category: form.category,
    name: form.name.trim(),
    loinc: loinc === '' ? null : { code: loinc, ...(form.display === '' ? {} : { display: form.display }) },
    value: value ?? form.value.trim(),
    unit: unit === '' ? null : { text: unit, ucum: form.ucum.trim() || null },
    range,
    interpretation: form.interpretation === 'none' ? null : form.interpretation !== 'range' ? form.interpretation : value && interpretationOf(value, range),
    taken: new Date(form.taken),
    comment: form.comment.trim(),
  }
}

export function faultsOfPrescription(form: PrescriptionForm, grouping: Grouping): Faults<PrescriptionForm> {
  const counted = (amount: string, unit: string): Fault | null =>
    amount.trim() === '' ? (unit.trim() === '' ? null : 'together')
    : (decimalOf(amount, grouping)?.value ?? 0) <= 0 ? 'number'
    : unit.trim() === '' ? 'together' : optionalLine(unit)
  const optionalWhole = (text: string, least: number): Fault | null => (text.trim() === '' || isWhole(text, least) ? null : 'whole')
  return found<PrescriptionForm>({
    medication: line(form.medication),
    code: form.system === 'none' || /^[A-Za-z0-9.-]{1,20}$/.test(form.code.trim()) ? null : form.code.trim() === '' ? 'missing' : 'code',
    amount: counted(form.amount, form.unit),
    frequency: optionalWhole(form.frequency, 1),
    period: form.frequency.trim() === '' ? null : isWhole(form.period, 1) ? null : 'whole',
    days: optionalWhole(form.days, 1),
    dosage: form.dosage.trim() === '' ? 'missing' : form.dosage.length > 1000 ? 'tooLong' : null,
    quantity: counted(form.quantity, form.quantityUnit),
    repeats: optionalWhole(form.repeats, 0),
    reason: optionalLine(form.reason),
  })
}

/** Only for a form without faults. */
export function prescriptionOf(form: PrescriptionForm, grouping: Grouping): Prescription {
  const counted = (amount: string, unit: string) => { const value: Decimal | null = decimalOf(amount, grouping); return value && { value, unit: unit.trim() } }
  const whole = (text: string) => (text.trim() === '' ? null : Number(text))
  const frequency = whole(form.frequency)
  const code: Code | null = form.system === 'none' ? null : { system: systems[form.system], code: form.code.trim() }
  return {
    medication: form.medication.trim(), code, dosage: form.dosage.trim(), dose: counted(form.amount, form.unit),
    timing: frequency === null ? null : { frequency, period: Number(form.period), unit: form.periodUnit },
    asNeeded: form.asNeeded, days: whole(form.days), quantity: counted(form.quantity, form.quantityUnit), repeats: whole(form.repeats), reason: form.reason.trim(),
  }
}

/** The words for a dosage, in the language of the page. */
export interface DosageWords {
  dose: (amount: string, unit: string) => string
  timing: (frequency: number, period: number, unit: PeriodUnit) => string
  forDays: (days: number) => string
  whenNeeded: string
}

/** "1 tablet, twice a day, for 7 days": from the fields, as far as they are filled in. */
export function dosageOf(form: PrescriptionForm, words: DosageWords): string {
  return [
    form.amount.trim() && form.unit.trim() && words.dose(form.amount.trim(), form.unit.trim()),
    isWhole(form.frequency, 1) && isWhole(form.period, 1) && words.timing(Number(form.frequency), Number(form.period), form.periodUnit),
    form.asNeeded && words.whenNeeded,
    isWhole(form.days, 1) && words.forDays(Number(form.days)),
  ].filter(part => typeof part === 'string' && part !== '').join(', ')
}
