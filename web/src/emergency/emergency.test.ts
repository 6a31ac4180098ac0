import { readdirSync, readFileSync } from 'node:fs'
import qrcode from 'qrcode-generator'
import { describe, expect, test } from 'vitest'
import { resourcesOf } from '../records/fhir/json'
import type { Speaker } from '../records/fhir/say'
import { data } from '../testing/data'
import { fhir } from '../text/en/fhir'
import { candidatesOf } from './candidates'
import { asBytes, byteLength, has, readCard, sections, textOf, withLine, withoutLine, type Line } from './card'

const day = (date: string | Date) => new Date(date).toISOString().slice(0, 10)
const speaker: Speaker = { words: fhir.words, format: { locale: 'en', day, time: day, month: day } }
const labels = Object.fromEntries(sections.map(section => [section, section.toUpperCase()])) as Record<(typeof sections)[number], string>

describe('what may stand on a card', () => {
  test('is found in a summary of a patient', () => {
    const found = candidatesOf(resourcesOf(readFileSync(data('fhir/IPS_IG-bundle-01.json'), 'utf8')), speaker)
    for (const section of ['name', 'born', 'allergy', 'condition', 'medication'] as const) expect(found.some(line => line.section === section), section).toBe(true)
  })
  test('is read from every bundle without harm, each line once', () => {
    for (const name of readdirSync(data('fhir')).filter(name => name.endsWith('.json'))) {
      const found = candidatesOf(resourcesOf(readFileSync(data(`fhir/${name}`), 'utf8')), speaker)
      expect(new Set(found.map(line => `${line.section} ${line.text}`)).size).toBe(found.length)
    }
  })
  test('is not what is over or was a mistake', () => {
    const condition = (code: string, verification = 'confirmed') => ({ resourceType: 'Condition', code: { text: 'x' }, clinicalStatus: { coding: [{ code }] },
      verificationStatus: { coding: [{ code: verification }] } })
    expect(candidatesOf([condition('resolved'), condition('active', 'refuted'), { resourceType: 'MedicationRequest', status: 'stopped', medicationCodeableConcept: { text: 'y' } }],
      speaker)).toEqual([])
    expect(candidatesOf([condition('active')], speaker)).toEqual([{ section: 'condition', text: 'x' }])
  })
})

describe('a card', () => {
  const lines: Line[] = [{ section: 'allergy', text: 'Peanut' }, { section: 'name', text: 'Ada Müller' }, { section: 'allergy', text: 'Penicillin' }]
  test('is text, in order of sections', () => { expect(textOf(lines, 'EMERGENCY', labels)).toBe('EMERGENCY\nNAME: Ada Müller\nALLERGY: Peanut; Penicillin') })
  test('says nothing that was not chosen', () => { expect(textOf([], 'EMERGENCY', labels)).toBe('EMERGENCY') })
  test('takes a line once and gives it back', () => {
    expect(withLine(lines, lines[0]!)).toBe(lines)
    expect(withLine(lines, { section: 'note', text: '  ' })).toBe(lines)
    expect(has(withLine(lines, { section: 'note', text: ' Pacemaker\n\u202Etwo ' }), { section: 'note', text: 'Pacemaker two' })).toBe(true)
    expect(withoutLine(lines, { section: 'allergy', text: 'Peanut' })).toHaveLength(2)
  })
  test.each([[null], [{}], [[{ section: 'x', text: 'y' }]], [[{ section: 'note', text: 7 }]], ['note']])('of %j is empty', value => { expect(readCard(value)).toEqual([]) })
  test('that was kept is read as it was', () => { expect(readCard(JSON.parse(JSON.stringify(lines)))).toEqual(lines) })
  test('is in the code as UTF-8', () => {
    expect(byteLength('Müller')).toBe(7)
    expect(new TextDecoder().decode(Uint8Array.from(asBytes('Müller 薬'), letter => letter.charCodeAt(0)))).toBe('Müller 薬')
    expect(qrcode.stringToBytes(asBytes('ü薬'))).toEqual([...new TextEncoder().encode('ü薬')])
  })
})
