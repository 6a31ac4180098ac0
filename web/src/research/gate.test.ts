import { describe, expect, test } from 'vitest'
import { measuresOf, refusalOf } from './gate'

const rules = { k: 11, l: 1, t: 1, suppression: 0.05, minimumCohort: 11 }
const figures = { rows: 190, classes: 14, k: 12, uniques: 0, l: 2, t: 0.3, risk: 1 / 12 }
const release = { levels: [], suppressed: 10, figures }

test.each([[0, 'nobody'], [10, 'cohort'], [11, 'generalisation']] as const)('of %i people nothing is released: %s', (participants, refusal) => {
  expect(refusalOf({ participants, release: null }, rules)).toBe(refusal)
})
test('what passed is refused by nothing', () => { expect(refusalOf({ participants: 200, release }, rules)).toBeNull() })

describe('what was found', () => {
  test('stands beside what is demanded', () => {
    const found = measuresOf({ before: { ...figures, rows: 200, k: 1, uniques: 118 }, release }, { ...rules, l: 2 })
    expect(found.find(one => one.measure === 'k')).toEqual({ measure: 'k', before: 1, after: 12, atLeast: 11, isShare: false })
    expect(found.find(one => one.measure === 'suppressed')).toMatchObject({ after: 0.05, atMost: 0.05 })
    expect(found.find(one => one.measure === 'l')).toMatchObject({ after: 2, atLeast: 2 })
    expect(found.find(one => one.measure === 't')).not.toHaveProperty('atMost')
  })
  test('has no l and t without a sensitive column', () => {
    expect(measuresOf({ before: { ...figures, l: null, t: null }, release: null }, rules).map(one => one.measure)).toEqual(['rows', 'suppressed', 'classes', 'k', 'uniques', 'risk'])
  })
})
