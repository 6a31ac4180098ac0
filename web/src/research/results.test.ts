import { describe, expect, test } from 'vitest'
import type { StatisticsAnswer } from '../core/research'
import { classOf, csvOf, digitsOf, extentOf, grouped, isDrawn, jsonOf, resultOf } from './results'

const answer = (over: Partial<StatisticsAnswer> = {}): StatisticsAnswer => ({
  query: 'mean(heart-rate)', kind: 'number', unit: '/min', estimates: [{ label: 'mean', value: 72.25, error: 0.5 }], why: null, participants: null, cost: 0.01, at: '2026-11-21T00:00:00Z', complaints: [],
  ...over,
})

test('groups stand beside each other, with what all of them cost', () => {
  const result = grouped('mean(heart-rate)', 'sex', [{ label: 'female', answer: answer() }, { label: 'male', answer: answer({ query: 'second' }) }])
  expect(result).toMatchObject({ kind: 'groups', cost: 0.02, queries: ['mean(heart-rate)', 'second'], why: null })
  expect(result.estimates.map(one => one.label)).toEqual(['female', 'male'])
  expect(isDrawn(result)).toBe(true)
  expect(isDrawn(resultOf(answer()))).toBe(false)
  expect(isDrawn(resultOf(answer({ kind: 'regression', estimates: result.estimates })))).toBe(false)
})

test('a group without an answer is left out and said', () => {
  const result = grouped('mean(heart-rate)', 'sex', [{ label: 'female', answer: answer() }, { label: 'other', answer: answer({ estimates: [], why: 'tooFew' }) }])
  expect([result.estimates.length, result.why, result.lacking]).toEqual([1, 'tooFew', ['other']])
})

describe('a download', () => {
  const result = resultOf(answer({ estimates: [{ label: '=cmd|\' /C calc\'!A1', value: 1, error: 0 }, { label: 'a,"b"', value: 2, error: 0 }, { label: '60..70', value: 12.5, error: 1.5 }] }))
  test('is a table that runs nothing', () => { expect(csvOf(result)).toBe('label,value,error95\n\'=cmd|\' /C calc\'!A1,1,0\n"a,""b""",2,0\n60..70,12.5,1.5\n') })
  test('is JSON with the queries', () => { expect(JSON.parse(jsonOf(result))).toMatchObject({ queries: ['mean(heart-rate)'], unit: '/min', estimates: result.estimates }) })
})

test.each([[72.25, 0.5, 2], [72.25, 12, 0], [1200, 340, 0], [0.5, 0.0031, 4], [7, 0, 0], [0.123456, 0, 3], [1, 1e-12, 6]])('%s with an error of %s has %i digits', (value, error, digits) => {
  expect(digitsOf({ label: '', value, error })).toBe(digits)
})

describe('an axis', () => {
  const estimates = [{ label: 'a', value: 10, error: 2 }, { label: 'b', value: 20, error: 0 }]
  test('of counts begins at zero', () => { expect(extentOf(estimates, true)[0]).toBe(0) })
  test('holds every bar of error', () => {
    const [low, high] = extentOf(estimates, false)
    expect(low).toBeLessThan(8)
    expect(high).toBeGreaterThan(20)
  })
  test('of noisy counts goes below zero where they do', () => { expect(extentOf([{ label: 'a', value: -1, error: 3 }], true)[0]).toBeLessThan(-4) })
  test('is never empty', () => { expect(extentOf([{ label: 'a', value: 0, error: 0 }], false)).toEqual([-0.08, 0.08]) })
})

test('a class has two ends, and nothing else is one', () => {
  expect([classOf('60..100'), classOf('-1.5..0'), classOf('1..2..3'), classOf('under-18')]).toEqual([[60, 100], [-1.5, 0], null, null])
})
