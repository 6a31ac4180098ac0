import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { data } from '../../testing/data'
import { fhir as german } from '../../text/de/fhir'
import { fhir as english } from '../../text/en/fhir'
import { bundleOf, loadResources } from './load'
import { Exact, parseExactly, resourcesOf, written, type Fields } from './json'
import { resolver, say, sayDate, sayNumber, type Speaker } from './say'
import { seriesOf } from './series'
import { summarise } from './summary'

function speaker(locale: 'en' | 'de'): Speaker {
  const style = (options: Intl.DateTimeFormatOptions) => (date: string | Date) => new Intl.DateTimeFormat(locale, options).format(new Date(date))
  return {
    words: (locale === 'en' ? english : german).words,
    format: { locale, day: style({ dateStyle: 'medium' }), time: style({ dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }), month: style({ month: 'long', year: 'numeric' }) },
  }
}

const en = speaker('en')
const told = (resource: Fields) => summarise(resource, en, english)
const fact = (resource: Fields, label: string) => told(resource).facts.find(one => one.label === label)?.value

const files = readdirSync(data('fhir'), { recursive: true, encoding: 'utf8' }).filter(name => /\.(json|ndjson)$/.test(name))

describe('every resource of every bundle is told', () => {
  test.each(files)('%s', name => {
    const resources = resourcesOf(readFileSync(data(`fhir/${name}`), 'utf8'))
    expect(resources.length).toBeGreaterThan(0)
    for (const resource of resources) {
      for (const [voice, words] of [[en, english], [speaker('de'), german]] as const) {
        const summary = summarise(resource, voice, words)
        const seen = [summary.title, summary.brief, summary.when, ...summary.facts.map(one => one.value), ...summary.items.map(one => one.text + one.amount)].join('\n')
        expect(summary.title, JSON.stringify(resource).slice(0, 200)).not.toBe('')
        expect(seen).not.toMatch(/undefined|\[object|NaN/)
      }
      const { title, facts, attachments } = told(resource)
      expect(facts.length > 0 || attachments.length > 0 || title !== english.types[String(resource.resourceType)], JSON.stringify(resource).slice(0, 200)).toBe(true)
    }
  })
})

test('the values of a panel are told one by one', () => {
  const pressure = {
    resourceType: 'Observation', status: 'final', code: { text: 'Blood pressure' }, effectiveDateTime: '2020-03-11',
    component: [{ code: { text: 'Systolic' }, valueQuantity: { value: 121, unit: 'mm[Hg]' } }, { code: { text: 'Diastolic' }, valueQuantity: { value: 82, unit: 'mm[Hg]' } }],
  }
  expect(told(pressure)).toMatchObject({ title: 'Blood pressure', brief: 'Systolic 121 mm[Hg], Diastolic 82 mm[Hg]', when: 'Mar 11, 2020' })
  expect(fact(pressure, 'Diastolic')).toBe('82 mm[Hg]')
})

test('an allergy says how dangerous it is and what happens', () => {
  const allergy = { resourceType: 'AllergyIntolerance', code: { text: 'Peanut' }, criticality: 'high', clinicalStatus: { coding: [{ code: 'active' }] },
    reaction: [{ manifestation: [{ text: 'Anaphylaxis' }], severity: 'severe' }] }
  expect(told(allergy)).toMatchObject({ title: 'Peanut', brief: 'high, Anaphylaxis' })
  expect(fact(allergy, 'Severity')).toBe('severe')
})

test('a medicine within the request gives it its name', () => {
  const [request] = resourcesOf(readFileSync(data('fhir/edge/contained-and-refs.json'), 'utf8'))
  expect(told(request!).title).toBe('Paracetamol 500 mg for John Roe')
})

test('a reference is called by what it leads to, when that is there', () => {
  const medicine = { resourceType: 'Medication', id: 'm1', code: { text: 'Ibuprofen' } }
  const request = { resourceType: 'MedicationRequest', medicationReference: { reference: 'https://x.example/fhir/Medication/m1' }, requester: { reference: 'urn:uuid:p1' } }
  const all = resolver([medicine, { resourceType: 'Practitioner', id: 'p1', name: [{ given: ['Ada'], family: 'King' }] }])
  const { title, facts } = summarise(request, { ...en, resolve: all }, english)
  expect([title, facts.find(one => one.label === 'Prescribed by')?.value]).toEqual(['Ibuprofen', 'Ada King'])
  expect(told(request).title).toBe('Medication/m1')
})

test('a dosage is told by its own words, else by dose, times and way', () => {
  const dosage = { doseAndRate: [{ doseQuantity: { value: 2, unit: 'tablet' } }], timing: { repeat: { frequency: 3, period: 1, periodUnit: 'd' } }, route: { text: 'oral' } }
  expect(say(dosage, en)).toBe('2 tablet, 3 × / day, oral')
  expect(say({ ...dosage, text: 'One in the morning' }, en)).toBe('One in the morning')
  expect(say({ timing: { code: { text: 'BID' } } }, en)).toBe('BID')
})

test('digits stay as they were written', () => {
  const [observation] = resourcesOf(readFileSync(data('fhir/edge/decimal-precision.json'), 'utf8'))
  expect(told(observation!).brief).toBe('6.30 mmol/L')
  expect(fact(observation!, 'Reference range')).toBe('3.900 to 1.0E1')
  expect(sayNumber('1234567.50', 'de')).toBe('1.234.567,50')
  expect(parseExactly('{"a":1.10,"b":2}')).toEqual({ a: new Exact('1.10'), b: 2 })
})

test('a date says no more than it was written with', () => {
  expect(['2020', '2020-03', '2020-03-11', 'soon'].map(date => sayDate(date, en))).toEqual(['2020', 'March 2020', 'Mar 11, 2020', 'soon'])
})

test('a type without words of its own is told by its elements', () => {
  expect(told({ resourceType: 'Flag', id: 'f', status: 'active', code: { text: 'Falls easily' }, managingOrganization: { display: 'Ward 3' } })).toMatchObject({
    title: 'Falls easily', facts: [{ label: 'status', value: 'active', raw: true }, { label: 'code', value: 'Falls easily', raw: true }, { label: 'managing organization', value: 'Ward 3',
      raw: true }],
  })
})

test.each([
  ['deep nesting', { resourceType: 'X', a: Array.from({ length: 500 }).reduce<unknown>(inner => ({ b: inner }), 'end') }],
  ['wrong kinds everywhere', { resourceType: 'Observation', code: 7, valueQuantity: 'x', component: { code: null }, effectiveDateTime: 12, referenceRange: 'no', id: {} }],
  ['names of a prototype', JSON.parse('{"resourceType":"constructor","status":"toString","__proto__":{"coding":1}}') as Fields],
])('%s does no harm', (_, resource) => {
  expect(() => [told(resource), seriesOf([resource], english.words)]).not.toThrow()
})

test('series hold the same code in the same unit, in order of time, and no mistakes', () => {
  const weight = (date: string, value: number, status = 'final') => ({ resourceType: 'Observation', status, code: { coding: [{ system: 'http://loinc.org', code: '29463-7', display: 'Weight' }] },
    effectiveDateTime: date, valueQuantity: { value, unit: 'kg' } })
  const series = seriesOf([weight('2021-01-01', 71), weight('2020-01-01', 70), weight('2022-01-01', 700, 'entered-in-error'), { ...weight('2023-01-01', 150), valueQuantity: { value: 150,
    unit: 'lb' } }], english.words)
  expect(series).toMatchObject([{ name: 'Weight', unit: 'kg', points: [{ value: 70 }, { value: 71 }] }])
})

test('the resources of a record become one Bundle, byte for byte', async () => {
  const [one, two] = ['{"resourceType":"Patient","id":"ä"}', '{"resourceType":"Observation","id":"o","valueQuantity":{"value":1.10}}']
  const bytes = Buffer.from(`{"fullUrl":"urn:x","resource":${one}}{"resource":${two}}`)
  const entry = (type: string, text: string) => ({ type, id: null, title: null, date: null, offset: bytes.indexOf(text), bytes: Buffer.byteLength(text) })
  const record = new Blob([bytes])
  const entries = [entry('Patient', one!), entry('Observation', two!), { ...entry('', ''), bytes: 0 }]
  expect((await loadResources(record, entries)).map(item => item.resource?.id)).toEqual(['ä', 'o'])
  const text = await bundleOf(record, entries).text()
  expect(text).toContain(two)
  expect(resourcesOf(text).map(resource => resource.id)).toEqual(['ä', 'o'])
})

test('what is written again has the digits that were there', () => {
  const text = '{"a":[1.10,{"b\\"{":"x, y: 1.10 [z]"},[],-0.0,1E5,12345678901234567890],"c":null,"d":"\\u00011.0 kg"}'
  expect(written(parseExactly(text)).replace(/\n\s*/g, '').replace(/": /g, '":')).toBe(text.replace('\\u0001', '\\u0001'))
})
