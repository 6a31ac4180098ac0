import { describe, expect, test } from 'vitest'
import { askable, costOf, emptyQuery, faultOf, operandsFor, textsOf, type Query } from './query'

const variable = (name: string, bounds: number[] = [60, 100]) => ({ name, source: 'loinc:8867-4', unit: '/min', decimals: 0, lower: 30, upper: 220, bounds })
const study = {
  variables: [variable('heart-rate'), variable('glucose', []), variable('weight')],
  attributes: [{ name: 'sex', source: 'quasi:sex', categories: ['female', 'male'] }, { name: 'smoker', source: 'loinc:72166-2', categories: ['yes', 'no'] }],
}
const query = (over: Partial<Query>): Query => ({ ...emptyQuery(study), ...over })
const text = (over: Partial<Query>) => textsOf(query(over), study).map(one => one.text)

describe('a query is written', () => {
  test.each<[Partial<Query>, string]>([
    [{ ask: 'count' }, 'count()'], [{}, 'mean(heart-rate)'], [{ ask: 'quantile', variable: 'glucose' }, 'quantile(glucose, 0.5)'], [{ ask: 'correlation' }, 'correlation(heart-rate, glucose)'],
    [{ ask: 'regression', explaining: ['glucose', 'weight'] }, 'regression(heart-rate ~ glucose + weight)'], [{ ask: 'chi-squared' }, 'chi-squared(sex, smoker)'],
    [{ ask: 'histogram', variable: 'weight' }, 'histogram(weight)'],
  ])('%o', (over, written) => { expect(text(over)).toEqual([written]) })
  test('with filters in the order of the study', () => {
    expect(text({ filters: { smoker: 'yes', sex: 'female' } })).toEqual(['mean(heart-rate) where sex=female and smoker=yes'])
  })
  test('once for each category', () => {
    expect(textsOf(query({ each: 'sex', filters: { smoker: 'no', sex: 'male' } }), study)).toEqual([
      { label: 'female', text: 'mean(heart-rate) where sex=female and smoker=no' }, { label: 'male', text: 'mean(heart-rate) where sex=male and smoker=no' },
    ])
  })
})

test.each<[Partial<Query>, string | null]>([
  [{ ask: 'quantile', quantile: '0.95' }, null], [{ ask: 'quantile', quantile: '1' }, null], [{ ask: 'quantile', quantile: '1.5' }, 'quantile'], [{ ask: 'quantile', quantile: '-0.5' }, 'quantile'], [{ ask: 'quantile', quantile: '1e-1' },
    'quantile'],
  [{ ask: 'correlation', other: 'heart-rate' }, 'same'], [{ ask: 'correlation' }, null], [{ ask: 'chi-squared', attributes: ['sex', 'sex'] }, 'same'],
  [{ ask: 'regression', explaining: [] }, 'explaining'], [{ ask: 'regression', explaining: ['heart-rate'] }, 'explaining'], [{ ask: 'regression' }, null],
])('%o is at fault by %s', (over, fault) => { expect(faultOf(query(over))).toBe(fault) })

describe('only what a study has can be asked', () => {
  test('without variables: how many there are, and how often each property', () => { expect(askable({ ...study, variables: [] })).toEqual(['count', 'histogram', 'chi-squared']) })
  test('without classes: nothing that needs a histogram', () => { expect(askable({ variables: [variable('glucose', [])], attributes: [] })).toEqual(['count', 'mean', 'sum', 'variance']) })
  test('of all: everything', () => { expect(askable(study)).toHaveLength(13) })
})

test('a finer answer costs more, and none costs nothing', () => {
  expect([costOf(1, 'coarse'), costOf(1, 'usual'), costOf(1, 'fine')]).toEqual([0.005, 0.02, 0.1])
  expect(costOf(0, 'usual')).toBe(0.0001)
})

test('a histogram is of what has classes, or of properties', () => {
  expect(operandsFor('histogram', study)).toEqual(['heart-rate', 'weight', 'sex', 'smoker'])
  expect(operandsFor('median', study)).toEqual(['heart-rate', 'weight'])
  expect(operandsFor('mean', study)).toEqual(['heart-rate', 'glucose', 'weight'])
})
