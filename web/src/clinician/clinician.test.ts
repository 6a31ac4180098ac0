import { describe, expect, it } from 'vitest'
import type { ReceivedDeposit, ReceivedGrant, RecordSummary } from '../core/api'
import { clinician as german } from '../text/de/clinician'
import { clinician as english } from '../text/en/clinician'
import { dosageOf, faultsOfNote, faultsOfPrescription, faultsOfResult, prescriptionOf, resultOf, type PrescriptionForm, type ResultForm } from './forms'
import { isNamed, patientOf, patientsOf, targetsOf } from './patients'

const now = new Date('2026-11-21T15:00:00Z')

describe('patients', () => {
  const max = { owner: 'max@x.example', account: 'a1', callsThemselves: null }
  const grant = (over: Partial<ReceivedGrant>): ReceivedGrant =>
    ({ grant: '1', ...max, role: 'doctor', purpose: 'treatment', partitions: ['medical'], from: '2026-01-01T00:00:00Z', until: null, state: 'live', ...over })
  const deposit = (over: Partial<ReceivedDeposit>): ReceivedDeposit =>
    ({ grant: '2', ...max, partitions: ['medical'], from: '2026-01-01T00:00:00Z', until: null, state: 'live', ...over })

  it('are open as long as one of their permissions is', () => {
    const { open, over } = patientsOf({
      records: [],
      grants: [grant({ state: 'expired' }), grant({ owner: 'eva@x.example', account: 'a2', state: 'revoked' }), grant({ owner: 'tom@x.example', account: 'a3', until: '2026-11-30T00:00:00Z' })],
      deposits: [deposit({})],
    }, now)
    expect(open.map(patient => [patient.owner, patient.soon])).toEqual([['max@x.example', null], ['tom@x.example', '2026-11-30T00:00:00Z']])
    expect(over.map(patient => patient.owner)).toEqual(['eva@x.example'])
  })

  it('are told apart by their accounts, whatever they call themselves', () => {
    const shared = {
      records: [{ record: '1', account: 'a1', sealedAt: '2026-01-01' }, { record: '2', account: 'a2', sealedAt: '2026-01-02' }] as RecordSummary[],
      grants: [grant({}), grant({ owner: 'a2', account: 'a2', callsThemselves: 'max@x.example' })], deposits: [deposit({ owner: 'a2', account: 'a2', callsThemselves: 'max@x.example' })],
    }
    expect(patientsOf(shared, now).open.map(patient => [patient.account, patient.owner, patient.callsThemselves, isNamed(patient), patient.records.map(one => one.record)]))
      .toEqual([['a2', 'a2', 'max@x.example', false, ['2']], ['a1', 'max@x.example', null, true, ['1']]])
    expect(patientOf(shared, 'max@x.example', now)).toMatchObject({ grants: [], deposits: [], records: [] })
    expect(patientOf(shared, 'a1', now)).toMatchObject({ owner: 'max@x.example', deposits: [] })
  })

  it('are written for where a live permission opens, until the last of them ends', () => {
    const targets = targetsOf([
      deposit({ partitions: ['medical', 'prescription'], until: '2027-01-01T00:00:00Z' }), deposit({ until: '2027-06-01T00:00:00Z' }), deposit({ partitions: ['insurance'], state: 'expired' }),
      deposit({ partitions: ['prescription'], until: null }),
    ])
    expect([...targets]).toEqual([['medical', '2027-06-01T00:00:00Z'], ['prescription', null]])
  })
})

describe('a result that is typed', () => {
  const form: ResultForm = {
    category: 'laboratory', name: 'HbA1c', loinc: '4548-4', display: '', value: '7.1', unit: '%', ucum: '%', low: '4.0', high: '6.0', interpretation: 'range', taken: '2026-11-20T08:30', comment: '',
  }

  it('is judged by its range unless its writer says otherwise', () => {
    expect(faultsOfResult(form, ',', now)).toEqual({})
    expect(resultOf(form, ',').interpretation).toBe('H')
    expect(resultOf({ ...form, interpretation: 'HH' }, ',').interpretation).toBe('HH')
    expect(resultOf({ ...form, interpretation: 'none' }, ',').interpretation).toBeNull()
    expect(resultOf({ ...form, low: '', high: '' }, ',').interpretation).toBeNull()
  })

  it('may be words', () => {
    const words = { ...form, value: 'negative', low: '', high: '' }
    expect(faultsOfResult(words, ',', now)).toEqual({})
    expect(resultOf(words, ',')).toMatchObject({ value: 'negative', interpretation: null })
  })

  it.each([
    [{ name: ' ' }, { name: 'missing' }], [{ loinc: '4548-5' }, { loinc: 'loinc' }], [{ value: '' }, { value: 'missing' }], [{ value: 'negative' }, { low: 'rangeOfWords', high: 'rangeOfWords' }],
    [{ value: '7,1', low: '', high: '' }, { value: 'number' }], [{ value: '1 200', low: '', high: '' }, { value: 'number' }], [{ low: 'four' }, { low: 'number' }],
    [{ low: '7', high: '6' }, { high: 'range' }], [{ taken: '' }, { taken: 'date' }], [{ taken: '2026-12-24T08:00' }, { taken: 'future' }], [{ name: 'x'.repeat(201) }, { name: 'tooLong' }],
  ])('says what is wrong with %o', (over, faults) => { expect(faultsOfResult({ ...form, ...over }, ',', now)).toEqual(faults) })
})

describe('a prescription that is typed', () => {
  const form: PrescriptionForm = {
    medication: 'Amoxicillin 500 mg', system: 'atc', code: 'J01CA04', amount: '1', unit: 'capsule', frequency: '3', period: '1', periodUnit: 'd', asNeeded: false, days: '7',
    dosage: 'as told', quantity: '21',
    quantityUnit: 'capsules', repeats: '0', reason: '',
  }

  it('becomes what it says', () => {
    expect(faultsOfPrescription(form, ',')).toEqual({})
    expect(prescriptionOf(form, ',')).toMatchObject({ code: { system: 'http://www.whocc.no/atc', code: 'J01CA04' }, timing: { frequency: 3, period: 1, unit: 'd' }, days: 7, repeats: 0 })
  })

  it('tells its dosage in both languages', () => {
    expect(dosageOf(form, english.prescription)).toBe('1 capsule, 3 times a day, for 7 days')
    expect(dosageOf({ ...form, frequency: '1', period: '8', periodUnit: 'h', asNeeded: true, days: '' }, german.prescription)).toBe('1 capsule, einmal alle 8 Stunden, bei Bedarf')
    expect(dosageOf({ ...form, amount: '', frequency: '' , days: '1' }, german.prescription)).toBe('einen Tag lang')
  })

  it.each([
    [{ medication: '' }, { medication: 'missing' }], [{ code: '' }, { code: 'missing' }], [{ code: 'a b' }, { code: 'code' }], [{ amount: '0' }, { amount: 'number' }],
    [{ unit: '' }, { amount: 'together' }],
    [{ amount: '' }, { amount: 'together' }], [{ frequency: '2.5' }, { frequency: 'whole' }], [{ period: '' }, { period: 'whole' }], [{ days: '0' }, { days: 'whole' }],
    [{ dosage: ' ' }, { dosage: 'missing' }],
    [{ quantity: 'many' }, { quantity: 'number' }], [{ repeats: '-1' }, { repeats: 'whole' }],
  ])('says what is wrong with %o', (over, faults) => { expect(faultsOfPrescription({ ...form, ...over }, ',')).toEqual(faults) })
})

it('a note has a title and a text', () => {
  expect(faultsOfNote({ type: 'progress', title: ' ', text: '' })).toEqual({ title: 'missing', text: 'missing' })
  expect(faultsOfNote({ type: 'progress', title: 'Control', text: 'Better.' })).toEqual({})
})
