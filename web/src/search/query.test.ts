import { describe, expect, it } from 'vitest'
import { faultOf, hasFilter, itemsOf, withFilter, withoutFilter } from './query'

describe('a query', () => {
  it('is read as the core reads it', () => {
    expect(itemsOf('asthma -"a b" from:"City Hospital" CODE:loinc|4548-4 diab*')).toEqual([
      { excluded: false, key: null, value: 'asthma', quoted: false, text: 'asthma' },
      { excluded: true, key: null, value: 'a b', quoted: true, text: '-"a b"' },
      { excluded: false, key: 'from', value: 'City Hospital', quoted: true, text: 'from:"City Hospital"' },
      { excluded: false, key: 'code', value: 'loinc|4548-4', quoted: false, text: 'CODE:loinc|4548-4' },
      { excluded: false, key: null, value: 'diab*', quoted: false, text: 'diab*' },
    ])
    expect(itemsOf('"open')).toBeNull()
    expect(itemsOf(' \t ')).toEqual([])
    expect(itemsOf('"a:b"')?.[0]?.key).toBeNull()
  })

  it.each([
    'asthma', 'any:asthma any:copd', 'any: asthma copd', '"chest pain"', 'chest -pain', 'diab*', 'code:4548-4', 'date:2020', 'date:2020-03', 'date:2024-02-29', 'partition:medical asthma',
    'from:you date:2020', '& asthma', '-date:2020 asthma',
  ])('is taken: %s', query => { expect(faultOf(query)).toBeNull() })

  it.each([
    ['', 'nothing'], ['-pain', 'nothing'], ['partition:medical', 'nothing'], ['&', 'nothing'], ['"open', 'quote'], ['any:', 'anyAlone'], ['any: -x', 'anyAlone'], ['-any:x', 'anyExcluded'],
    ['any:"a b"', 'anyPhrase'], ['-"a b"', 'phraseExcluded'], ['"&"', 'phraseEmpty'], ['code:', 'code'], ['date:20', 'date'], ['date:2023-02-29', 'date'], ['date:2020-13', 'date'],
    ['a*', 'prefix'], ['di*bet', 'prefix'], ['-from:x a', 'filterExcluded'], ['from: a', 'filterEmpty'], ['who:me', 'unknownKey'], ['x'.repeat(1001), 'tooLong'],
    [Array.from({ length: 65 }, (_, i) => `w${i}`).join(' '), 'tooMany'],
  ])('is refused with its reason: %s', (query, fault) => { expect(faultOf(query)?.fault).toBe(fault) })

  it('names the word that is wrong', () => {
    expect(faultOf('asthma who:me')).toEqual({ fault: 'unknownKey', at: 'who:' })
    expect(faultOf('asthma a*')).toEqual({ fault: 'prefix', at: 'a*' })
  })
})

describe('narrowing a query', () => {
  it('adds and takes away what it added', () => {
    const narrowed = withFilter('asthma "chest pain"', 'from', 'City Hospital')
    expect(narrowed).toBe('asthma "chest pain" from:"City Hospital"')
    expect(hasFilter(narrowed, 'from', 'city hospital')).toBe(true)
    expect(withoutFilter(narrowed, 'from', 'City Hospital')).toBe('asthma "chest pain"')
    expect(faultOf(narrowed)).toBeNull()
  })

  it('keeps one date', () => {
    expect(withFilter('asthma date:2019', 'date', '2020')).toBe('asthma date:2020')
  })

  it('does not let a name break out of its quotation marks', () => {
    expect(faultOf(withFilter('asthma', 'from', 'City" who:me "'))).toBeNull()
    expect(withFilter('asthma', 'from', 'City" who:me "')).toBe('asthma from:"City who:me "')
  })

  it('knows a filter from a word and from an excluded one', () => {
    expect(hasFilter('medical', 'partition', 'medical')).toBe(false)
    expect(hasFilter('-date:2020 x', 'date', '2020')).toBe(false)
  })
})
