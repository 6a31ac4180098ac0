import { describe, expect, test } from 'vitest'
import { boundsOf, csvOf, summaryOf } from './range'

const now = new Date('2026-11-20T10:00:00Z')

describe('a range', () => {
  test('of all has no bounds', () => { expect(boundsOf({ span: 'all', from: '', to: '' }, now)).toEqual({ from: null, to: null }) })
  test.each([['day', '2026-11-19'], ['week', '2026-11-13'], ['month', '2026-10-21'], ['year', '2025-11-20']] as const)('of a %s ends now', (span, day) => {
    expect(boundsOf({ span, from: 'x', to: 'x' }, now)).toEqual({ from: `${day}T10:00:00.000Z`, to: null })
  })
  test('of days holds the last of them', () => {
    const bounds = boundsOf({ span: 'days', from: '2026-11-19', to: '2026-11-19' }, now)
    if (bounds === 'fault') throw new Error(bounds)
    expect(Date.parse(bounds.to!) - Date.parse(bounds.from!)).toBe(864e5 - 1)
    expect(new Date(bounds.from!).getHours()).toBe(0)
  })
  test('of days may be open on either side', () => {
    expect(boundsOf({ span: 'days', from: '', to: '2026-11-19' }, now)).toMatchObject({ from: null })
    expect(boundsOf({ span: 'days', from: '2026-11-19', to: '' }, now)).toMatchObject({ to: null })
  })
  test.each([['2026-11-20', '2026-11-19'], ['2026-02-30', ''], ['', 'yesterday']])('from %s to %s is none', (from, to) => {
    expect(boundsOf({ span: 'days', from, to }, now)).toBe('fault')
  })
})

test('readings come to the least, the mean and the most', () => {
  expect(summaryOf([])).toBeNull()
  expect(summaryOf([3])).toEqual({ count: 1, least: 3, mean: 3, most: 3 })
  expect(summaryOf([60, 75, 90])).toEqual({ count: 3, least: 60, mean: 75, most: 90 })
})

test('readings are written with the decimals of their series', () => {
  expect(csvOf([0, 60_000], [5, 5.25], 1)).toBe('time,value\n1970-01-01T00:00:00.000Z,5.0\n1970-01-01T00:01:00.000Z,5.3\n')
  expect(csvOf([], [], 0)).toBe('time,value\n')
})
