import { expect, test } from 'vitest'
import { fileName } from './fileName'
import { begun, keywordsOf, landedOf, looksLikeFhir, rulesOf, withReport, type UploadState } from './upload'
import type { UploadReport } from '../core/api'

const reports: UploadReport[] = [
  { progress: { what: 'sealing', party: null, done: 1, total: 2 } },
  { placement: { fragments: [{ index: 1, store: 'south', bytes: 1 }, { index: 0, store: 'north', bytes: 1 }, { index: 2, store: 'north', bytes: 1 }], restoreFrom: 2 } },
  { progress: { what: 'storing', party: 'north', done: 5, total: 10 } },
  { landed: { index: 2, store: 'north' } },
  { progress: { what: 'storing', party: null, done: 1, total: 3 } },
]

test('an upload is what its reports have told', () => {
  const state = reports.reduce<UploadState>(withReport, begun)
  expect(state.stores).toEqual([
    { name: 'north', done: 5, total: 10, fragments: [{ index: 0, landed: false }, { index: 2, landed: true }] }, { name: 'south', done: 0, total: 0, fragments: [{ index: 1, landed: false }] },
  ])
  expect(landedOf(state)).toEqual({ landed: 1, all: 3 })
  expect(state).toMatchObject({ phase: 'storing', part: 1 / 3, last: { index: 2, store: 'north' } })
})

test('the placement of the next slice begins anew', () => {
  const state = [...reports, reports[1]!].reduce<UploadState>(withReport, begun)
  expect(landedOf(state)).toEqual({ landed: 0, all: 3 })
})

test('a fragment that nobody placed changes nothing', () => {
  expect(landedOf(withReport(begun, { landed: { index: 7, store: 'nowhere' } }))).toEqual({ landed: 0, all: 0 })
})

test('keywords are words between commas, each once', () => { expect(keywordsOf(' blood , 2020,, blood;  two  words\n')).toEqual(['blood', '2020', 'two words']) })

test.each([['a.json', '', '{"resourceType":"Bundle"', true], ['a.ndjson', '', '{"id":"1","resourceType" : "Patient"', true], ['a.json', '', '{"x":1}', false], ['a.txt', 'text/plain',
  '"resourceType":', false]])(
  '%s %s is FHIR: %#', (name, type, start, is) => { expect(looksLikeFhir(name, type, start)).toBe(is) })

test('every rule of a good key is met; of a bad one the broken rule is named, and what was not looked at is open', () => {
  const states = (fault: Parameters<typeof rulesOf>[0]) => Object.fromEntries(rulesOf(fault).map(({ rule, state }) => [rule, state]))
  expect(Object.values(states('none'))).toEqual(Array(5).fill('met'))
  expect(states('tooShort')).toEqual({ whiteSpace: 'met', notVisible: 'met', ambiguous: 'met', repeatedCharacter: 'met', length: 'broken' })
  expect(states('tooLong').length).toBe('broken')
  expect(states('repeatedCharacter')).toEqual({ whiteSpace: 'met', notVisible: 'met', ambiguous: 'met', repeatedCharacter: 'broken', length: 'open' })
  expect(states('ambiguous')).toMatchObject({ whiteSpace: 'met', ambiguous: 'broken', notVisible: 'open' })
  expect(states('whiteSpace')).toMatchObject({ whiteSpace: 'broken', length: 'open' })
})

test.each([['../../etc/passwd', '_.._etc_passwd'], ['.hidden', 'hidden'], ['a\u202Egnp.exe', 'a gnp.exe'], ['con:<x>|"?*\\y', 'con__x______y'], ['', 'record'], ['Befund März.pdf',
  'Befund März.pdf']])(
  'the file name %s is saved as %s', (name, saved) => { expect(fileName(name)).toBe(saved) })
