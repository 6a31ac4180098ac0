import type { Decimal, Json } from './json'

// What a clinician writes, as FHIR R4: a note as DocumentReference (US Core Clinical Notes), a result as Observation (US Core Laboratory Result, FHIR Vital Signs), a prescription as
// MedicationRequest (US Core, IPS). Whose record it is and who wrote it are told by account: names stand on the sealed record, which its author signs.

export type Resource = { resourceType: string, id: string } & { [name: string]: Json | undefined }

export interface Writer { account: string, mail: string, organisation: string | null }

/** What every resource has: its number, the patient's account, who writes, and when. */
export interface Frame { id: string, patient: string, writer: Writer, now: Date }

export interface Code { system: string, code: string, display?: string }

export const systems = {
  loinc: 'http://loinc.org',
  ucum: 'http://unitsofmeasure.org',
  rxnorm: 'http://www.nlm.nih.gov/research/umls/rxnorm',
  atc: 'http://www.whocc.no/atc',
  interpretation: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation',
  observationCategory: 'http://terminology.hl7.org/CodeSystem/observation-category',
  noteCategory: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category',
} as const

const account = (type: string, id: string, display?: string): Json => ({ type, identifier: { system: 'urn:ietf:rfc:3986', value: `urn:salus:account:${id}` }, display })

const patientOf = (frame: Frame) => account('Patient', frame.patient)

const writerOf = ({ writer }: Frame) => account(writer.organisation === null ? 'Practitioner' : 'Organization', writer.account, writer.organisation ?? writer.mail)

/** A point in time with its zone. */
export const instant = (date: Date): string => date.toISOString()

export interface Note { type: { code: string, display: string, text: string }, title: string, text: string }

export function noteResource(frame: Frame, note: Note): Resource {
  const bytes = new TextEncoder().encode(note.text)
  return {
    resourceType: 'DocumentReference',
    id: frame.id,
    status: 'current',
    docStatus: 'final',
    type: { coding: [{ system: systems.loinc, code: note.type.code, display: note.type.display }], text: note.type.text },
    category: [{ coding: [{ system: systems.noteCategory, code: 'clinical-note', display: 'Clinical Note' }] }],
    subject: patientOf(frame),
    date: instant(frame.now),
    author: [writerOf(frame)],
    description: note.title,
    content: [{ attachment: { contentType: 'text/plain; charset=utf-8', data: base64(bytes), size: bytes.length, title: note.title, creation: instant(frame.now) } }],
  }
}

function base64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

export type Interpretation = 'N' | 'L' | 'H' | 'LL' | 'HH' | 'A' | 'POS' | 'NEG'

const interpretations: Record<Interpretation, string> = {
  N: 'Normal', L: 'Low', H: 'High', LL: 'Critical low', HH: 'Critical high', A: 'Abnormal', POS: 'Positive', NEG: 'Negative',
}

export interface Unit { text: string, ucum: string | null }

export interface Result {
  /** Category and interpretation in the writer's language. */
  words?: { category: string, interpretation: string }
  category: 'laboratory' | 'vital-signs'
  name: string
  loinc: { code: string, display?: string } | null
  value: Decimal | string
  unit: Unit | null
  range: { low: Decimal | null, high: Decimal | null }
  interpretation: Interpretation | null
  taken: Date
  comment: string
}

export function resultResource(frame: Frame, result: Result): Resource {
  const quantity = (value: Decimal): Json => ({
    value, unit: result.unit?.text, system: result.unit?.ucum ? systems.ucum : undefined, code: result.unit?.ucum ?? undefined,
  })
  const { low, high } = result.range
  return {
    resourceType: 'Observation',
    id: frame.id,
    status: 'final',
    category: [{ coding: [{ system: systems.observationCategory, code: result.category, display: result.category === 'laboratory' ? 'Laboratory' : 'Vital Signs' }], text: result.words?.category }],
    code: { coding: result.loinc ? [{ system: systems.loinc, code: result.loinc.code, display: result.loinc.display }] : undefined, text: result.name },
    subject: patientOf(frame),
    effectiveDateTime: instant(result.taken),
    issued: instant(frame.now),
    performer: [writerOf(frame)],
    ...(typeof result.value === 'string' ? { valueString: result.value } : { valueQuantity: quantity(result.value) }),
    interpretation: result.interpretation
      ? [{ coding: [{ system: systems.interpretation, code: result.interpretation, display: interpretations[result.interpretation] }], text: result.words?.interpretation }] : undefined,
    note: result.comment === '' ? undefined : [{ text: result.comment }],
    referenceRange: low || high ? [{ low: low ? quantity(low) : undefined, high: high ? quantity(high) : undefined }] : undefined,
  }
}

/** By the reference range alone: whether a value is critical is for its writer to say. */
export function interpretationOf(value: Decimal, { low, high }: Result['range']): Interpretation | null {
  if (!low && !high) return null
  return low && value.value < low.value ? 'L' : high && value.value > high.value ? 'H' : 'N'
}

export type PeriodUnit = 'h' | 'd' | 'wk'

export interface Prescription {
  medication: string
  code: Code | null
  /** In the writer's words, which is what the patient goes by. */
  dosage: string
  dose: { value: Decimal, unit: string } | null
  timing: { frequency: number, period: number, unit: PeriodUnit } | null
  asNeeded: boolean
  days: number | null
  quantity: { value: Decimal, unit: string } | null
  repeats: number | null
  reason: string
}

export function prescriptionResource(frame: Frame, prescription: Prescription): Resource {
  const { medication, code, dosage, dose, timing, days, quantity, repeats, reason } = prescription
  return {
    resourceType: 'MedicationRequest',
    id: frame.id,
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: { coding: code ? [{ system: code.system, code: code.code, display: code.display }] : undefined, text: medication },
    subject: patientOf(frame),
    authoredOn: instant(frame.now),
    requester: writerOf(frame),
    reasonCode: reason === '' ? undefined : [{ text: reason }],
    dosageInstruction: [{
      text: dosage,
      timing: timing ? {
        repeat: {
          boundsDuration: days === null ? undefined : { value: days, unit: 'd', system: systems.ucum, code: 'd' },
          frequency: timing.frequency, period: timing.period, periodUnit: timing.unit,
        },
      } : undefined,
      asNeededBoolean: prescription.asNeeded ? true : undefined,
      doseAndRate: dose ? [{ doseQuantity: { value: dose.value, unit: dose.unit } }] : undefined,
    }],
    dispenseRequest: quantity || repeats !== null || days !== null ? {
      numberOfRepeatsAllowed: repeats ?? undefined,
      quantity: quantity ? { value: quantity.value, unit: quantity.unit } : undefined,
      expectedSupplyDuration: days === null ? undefined : { value: days, unit: 'd', system: systems.ucum, code: 'd' },
    } : undefined,
  }
}
