import { describe, expect, it } from 'vitest'
import { commonResults, isLoinc, noteTypes } from './codes'
import { interpretationOf, noteResource, prescriptionResource, resultResource, type Frame, type Prescription, type Result } from './fhir'
import { Decimal, decimalOf, groupingOf, toJson } from './json'

const frame: Frame = {
  id: '6f1c9a52-0d0e-4b5e-9d0f-3f4f5a6b7c8d', patient: 'a'.repeat(32), writer: { account: 'b'.repeat(32), mail: 'rao@clinic.example', organisation: null }, now: new Date('2026-11-21T15:00:00Z'),
}
const result: Result = {
  category: 'laboratory', name: 'Hämoglobin A1c', loinc: { code: '4548-4', display: 'Hemoglobin A1c/Hemoglobin.total in Blood' }, value: new Decimal('7.10'), unit: { text: '%', ucum: '%' },
  range: { low: new Decimal('4.0'), high: new Decimal('6.0') }, interpretation: 'H', taken: new Date('2026-11-20T08:30:00Z'), comment: '',
}
const prescription: Prescription = {
  medication: 'Amoxicillin 500 mg', code: { system: 'http://www.whocc.no/atc', code: 'J01CA04' }, dosage: '1 capsule 3 times a day for 7 days', dose: { value: new Decimal('1'), unit: 'capsule' },
  timing: { frequency: 3, period: 1, unit: 'd' }, asNeeded: false, days: 7, quantity: { value: new Decimal('21'), unit: 'capsules' }, repeats: 0, reason: '',
}
const parsed = (value: Parameters<typeof toJson>[0]) => JSON.parse(toJson(value)) as Record<string, never>
const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/

/** No property without a value, no empty object or array: FHIR JSON has none. */
function expectNoEmpty(value: unknown): void {
  expect(value).not.toBeNull()
  expect(value).not.toBe('')
  if (typeof value !== 'object') return
  const inside = Object.values(value as object)
  expect(inside.length).toBeGreaterThan(0)
  inside.forEach(expectNoEmpty)
}

describe('a note', () => {
  const note = () => parsed(noteResource(frame, { type: { ...noteTypes.progress, text: 'Verlaufsnotiz' }, title: 'Kontrolle', text: 'Geht besser – „gut“ 👍' }))

  it('has what a DocumentReference must have', () => {
    const resource = note() as any
    expect(resource).toMatchObject({ resourceType: 'DocumentReference', status: 'current', docStatus: 'final', subject: { type: 'Patient' }, author: [{ type: 'Practitioner' }] })
    expect(resource.type.coding[0]).toEqual({ system: 'http://loinc.org', code: '11506-3', display: 'Progress note' })
    expect(resource.content).toHaveLength(1)
    expect(resource.date).toMatch(dateTime)
    expectNoEmpty(resource)
  })

  it('carries its text to the byte', () => {
    const { attachment } = (note() as any).content[0]
    const bytes = Uint8Array.from(atob(attachment.data), c => c.charCodeAt(0))
    expect(new TextDecoder().decode(bytes)).toBe('Geht besser – „gut“ 👍')
    expect(attachment.size).toBe(bytes.length)
  })

  it('of an organisation names it', () => {
    const ours = { ...frame, writer: { ...frame.writer, organisation: 'City Hospital' } }
    expect(noteResource(ours, { type: { ...noteTypes.progress, text: 'x' }, title: 't', text: 'x' }).author).toMatchObject([{ type: 'Organization', display: 'City Hospital' }])
  })
})

describe('a result', () => {
  it('has what an Observation must have', () => {
    const resource = parsed(resultResource(frame, result)) as any
    expect(resource).toMatchObject({
      resourceType: 'Observation', status: 'final', code: { text: 'Hämoglobin A1c' }, valueQuantity: { value: 7.1, unit: '%', system: 'http://unitsofmeasure.org', code: '%' },
      referenceRange: [{ low: { value: 4 }, high: { value: 6 } }],
    })
    expect(resource.interpretation[0].coding[0]).toEqual({ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation', code: 'H', display: 'High' })
    expect(resource.effectiveDateTime).toMatch(dateTime)
    expect(resource.issued).toMatch(dateTime)
    expectNoEmpty(resource)
  })

  it('says in the writer\'s words what its codes mean', () => {
    const resource = parsed(resultResource(frame, { ...result, words: { category: 'Labor', interpretation: 'erhöht' } })) as any
    expect([resource.category[0].text, resource.interpretation[0].text]).toEqual(['Labor', 'erhöht'])
    expectNoEmpty(resource)
  })

  it('keeps the digits that were typed', () => {
    expect(toJson(resultResource(frame, result))).toContain('"value": 7.10,')
  })

  it('has one value, and no range, code or unit that was not given', () => {
    const resource = parsed(resultResource(frame, { ...result, loinc: null, value: 'negative', unit: null, range: { low: null, high: null }, interpretation: null }))
    expect(resource).toMatchObject({ valueString: 'negative' })
    for (const absent of ['valueQuantity', 'referenceRange', 'interpretation', 'note']) expect(resource).not.toHaveProperty(absent)
    expect((resource as any).code).toEqual({ text: 'Hämoglobin A1c' })
    const bare = parsed(resultResource(frame, { ...result, unit: { text: 'Tassen', ucum: null } })) as any
    expect(bare.valueQuantity).toEqual({ value: 7.1, unit: 'Tassen' })
    expectNoEmpty(resource)
  })

  it('is low or high by its range, bounds included', () => {
    const range = { low: new Decimal('4.0'), high: new Decimal('6.0') }
    expect(['3.9', '4', '6.00', '6.1'].map(text => interpretationOf(new Decimal(text), range))).toEqual(['L', 'N', 'N', 'H'])
    expect(interpretationOf(new Decimal('1'), { low: null, high: null })).toBeNull()
    expect(interpretationOf(new Decimal('1'), { low: null, high: range.high })).toBe('N')
  })
})

describe('a prescription', () => {
  it('has what a MedicationRequest must have', () => {
    const resource = parsed(prescriptionResource(frame, prescription)) as any
    expect(resource).toMatchObject({
      resourceType: 'MedicationRequest', status: 'active', intent: 'order', subject: { type: 'Patient' }, requester: { type: 'Practitioner' },
      medicationCodeableConcept: { text: 'Amoxicillin 500 mg' },
      dispenseRequest: { quantity: { value: 21, unit: 'capsules' }, numberOfRepeatsAllowed: 0, expectedSupplyDuration: { value: 7, code: 'd' } },
    })
    expect(resource.authoredOn).toMatch(dateTime)
    expect(resource.dosageInstruction[0].timing.repeat).toEqual({
      boundsDuration: { value: 7, unit: 'd', system: 'http://unitsofmeasure.org', code: 'd' }, frequency: 3, period: 1, periodUnit: 'd',
    })
    expect(resource.dosageInstruction[0].doseAndRate).toEqual([{ doseQuantity: { value: 1, unit: 'capsule' } }])
    expectNoEmpty(resource)
  })

  it('of a few words has nothing that is empty', () => {
    const resource = parsed(prescriptionResource(frame, { ...prescription, code: null, dose: null, timing: null, days: null, quantity: null, repeats: null, asNeeded: true }))
    expect((resource as any).dosageInstruction).toEqual([{ text: prescription.dosage, asNeededBoolean: true }])
    for (const absent of ['dispenseRequest', 'reasonCode']) expect(resource).not.toHaveProperty(absent)
    expectNoEmpty(resource)
  })
})

describe('codes', () => {
  it('of the lists have their check digits', () => {
    for (const { loinc } of commonResults) expect([loinc, isLoinc(loinc)]).toEqual([loinc, true])
    for (const { code } of Object.values(noteTypes)) expect([code, isLoinc(code)]).toEqual([code, true])
    expect(new Set(commonResults.map(common => common.loinc)).size).toBe(commonResults.length)
  })

  it('that are mistyped are none', () => {
    for (const code of ['4548-5', '4584-4', '45484', '', 'x-1', '4548-44', '-4']) expect(isLoinc(code)).toBe(false)
  })
})

describe('a typed number', () => {
  it.each([
    ['7,1', '.', '7.1'], ['7.1', '.', '7.1'], ['7,10', 'other', '7.10'], ['7.10', ',', '7.10'], [' -0.5 ', ',', '-0.5'], ['0,125', '.', '0.125'], ['1234', ',', '1234'], ['1.234', 'other', '1.234'],
  ] as const)('%s where thousands are separated by %s is %s', (typed, grouping, text) => { expect(decimalOf(typed, grouping)?.text).toBe(text) })

  it.each([
    ['1,234', ','], ['7,1', ','], ['1.234', '.'], ['1.234,5', '.'], ["1'234", 'other'], ['', ','],
    ['abc', ','], ['1e5', ','], ['.5', ','], ['5.', ','], ['007', ','], ['9'.repeat(13), ','], ['1 000', ','],
  ] as const)('%s where thousands are separated by %s is refused', (typed, grouping) => { expect(decimalOf(typed, grouping)).toBeNull() })

  it('means what it does where the reader is', () => {
    expect(['en-GB', 'de-DE', 'de-CH', 'fr-FR'].map(groupingOf)).toEqual([',', '.', 'other', 'other'])
  })
})
