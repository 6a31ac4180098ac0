import { describe, expect, test } from 'vitest'
import type { Study } from '../core/research'
import { arranged, askedFor, byMethod, mayJoin } from './studies'

const party = { account: '0'.repeat(32), mail: null, organisation: null, fingerprint: '', verified: false }
const study = (over: Partial<Study>): Study => ({
  study: '0'.repeat(32), title: '', purpose: '', rules: '', resources: [], quasiIdentifiers: [], sensitive: '', release: { k: 11, l: 1, t: 1, suppression: 0.05, minimumCohort: 11 }, budget: 0,
  variables: [], attributes: [], opens: '2026-01-01T00:00:00Z', ends: '2027-01-01T00:00:00Z', researcher: party, custodian: party, state: 'open', role: null, part: 'none',
    ...over,
})
const variable = { name: 'heart-rate', source: 'loinc:8867-4', unit: '/min', decimals: 0, lower: 30, upper: 220, bounds: [] }

describe('studies are arranged', () => {
  test('by what can be done, the next to end first and what ended last first', () => {
    const all = [
      study({ study: 'a', ends: '2027-03-01' }), study({ study: 'b', ends: '2027-02-01' }), study({ study: 'c', part: 'contributed', state: 'ended' }), study({ study: 'd', state: 'future' }),
      study({ study: 'e', state: 'ended', ends: '2025-01-01' }), study({ study: 'g', role: 'researcher' }), study({ study: 'f', state: 'ended', ends: '2026-01-01' }),
    ]
    const { mine, open, coming, over } = arranged(all)
    expect([mine, open, coming, over].map(some => some.map(one => one.study).join(''))).toEqual(['c', 'ba', 'd', 'fe'])
  })
})

test.each([
  [{}, true], [{ part: 'started' }, true], [{ part: 'contributed' }, false], [{ part: 'withdrawn' }, false], [{ state: 'future' }, false], [{ state: 'ended' }, false], [{ role: 'custodian' }, false],
  [{ role: 'organisation' }, false],
] as const)('%o may contribute: %s', (over, may) => { expect(mayJoin(study(over))).toBe(may) })

test('what a study asks for is a copy, figures, or both', () => {
  expect([askedFor(study({})), askedFor(study({ resources: ['Condition'] })), askedFor(study({ variables: [variable] })), askedFor(study({ resources: ['Condition'], variables: [variable] }))])
    .toEqual(['nothing', 'copy', 'figures', 'both'])
})

test('changes are counted by method', () => {
  expect(byMethod([{ method: 'redact', count: 2 }, { method: 'dateShift', count: 3 }, { method: 'redact', count: 5 }])).toEqual([{ method: 'redact', count: 7 }, { method: 'dateShift', count: 3 }])
})
