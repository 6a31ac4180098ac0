import { describe, expect, test } from 'vitest'
import { attributeFault, emptyDeclaration, emptyVariable, faultsOf, isComplete, knownVariables, termsOf, variableFault, type Declaration } from './declaration'

const now = new Date(2026, 10, 21)
const filled = (over: Partial<Declaration> = {}): Declaration => ({ ...emptyDeclaration(now), title: 'Sleep and pulse', purpose: 'Whether they go together.', custodian: 'ethics@example.org',
  ...over })

test('the usual study asks for eleven alike and eleven at least, and lacks only its words', () => {
  expect(emptyDeclaration(now)).toMatchObject({ k: '11', minimumCohort: '11', opens: '2026-11-21', ends: '2027-11-21' })
  expect(faultsOf(emptyDeclaration(now))).toEqual(['title', 'purpose', 'custodian'])
  expect(isComplete(filled())).toBe(true)
})

test.each<[Partial<Declaration>, string]>([
  [{ opens: '2026-13-01' }, 'opens'], [{ ends: '' }, 'ends'], [{ ends: '2026-11-21' }, 'order'], [{ resources: [] }, 'nothing'], [{ k: '1' }, 'k'], [{ k: '11.5' }, 'k'], [{ l: '0' }, 'l'],
    [{ t: '101' }, 't'],
  [{ suppression: '-1' }, 'suppression'], [{ minimumCohort: 'many' }, 'minimumCohort'], [{ budget: '', variables: [knownVariables[0]!] }, 'budget'],
])('%o is at fault by %s', (over, fault) => { expect(faultsOf(filled(over))).toEqual([fault]) })

describe('a variable', () => {
  test.each(knownVariables)('$name is known and faultless', variable => { expect(variableFault(variable, knownVariables)).toBeNull() })
  const heart = knownVariables[0]!
  test.each([
    [{ name: 'Heart Rate' }, 'symbol'], [{ name: '1st' }, 'symbol'], [{ name: 'ends-' }, 'symbol'], [{ code: 'pulse' }, 'code'], [{ decimals: '7' }, 'number'], [{ lower: '220' }, 'bounds'],
      [{ lower: '30.5' }, 'bounds'],
    [{ upper: '' }, 'bounds'], [{ classes: '1' }, 'classes'], [{ classes: '65' }, 'classes'], [{ lower: '0', upper: '3', classes: '9' }, 'classes'],
  ] as const)('with %o is at fault by %s', (over, fault) => { expect(variableFault({ ...heart, ...over }, [])).toBe(fault) })
  test('needs a name that no other has', () => {
    expect(variableFault(heart, [heart, { name: 'heart-rate' }])).toBe('twice')
    expect(isComplete(filled({ variables: [heart], attributes: [{ name: 'heart-rate', source: 'quasi:sex', categories: 'a, b' }] }))).toBe(false)
    expect(isComplete(filled({ variables: [emptyVariable] }))).toBe(false)
  })
})

test.each([['female, male', null], ['yes', 'categories'], ['yes, Yes', 'categories'], ['yes, ja!', 'categories'], ['Under 40, 40 and over', null]])('categories %s: %s', (categories, fault) => {
  expect(attributeFault({ name: 'sex', source: 'quasi:sex', categories }, [])).toBe(fault)
})

test('what is signed is in numbers, with equal classes between the bounds', () => {
  const { variables: [heart], attributes, release, quasiIdentifiers, budget } = termsOf(filled({
    variables: [{ ...knownVariables[0]!, lower: '40', upper: '200', classes: '4' }], attributes: [{ name: 'smoker', source: 'loinc:72166-2', categories: 'never, former, every day' }], t: '15',
      suppression: '2.5',
  }))
  expect(heart).toEqual({ name: 'heart-rate', source: 'loinc:8867-4', unit: '/min', decimals: 0, lower: 40, upper: 200, bounds: [80, 120, 160] })
  expect(attributes).toEqual([{ name: 'smoker', source: 'loinc:72166-2', categories: ['never', 'former', 'every-day'] }])
  expect(release).toEqual({ k: 11, l: 1, t: 0.15, suppression: 0.025, minimumCohort: 11 })
  expect(quasiIdentifiers).toEqual(['sex', 'birth-year', 'zip'].map(column => ({ column, hierarchy: '' })))
  expect(budget).toBe(1)
  expect(termsOf(filled()).budget).toBe(0)
})

test('without a sensitive column nothing is demanded of its values', () => {
  expect(termsOf(filled({ sensitive: '', l: '3', t: '20' })).release).toMatchObject({ l: 1, t: 1, k: 11 })
  expect(termsOf(filled({ resources: [], l: '3', variables: [knownVariables[0]!] })).release).toMatchObject({ l: 1, t: 1 })
})
