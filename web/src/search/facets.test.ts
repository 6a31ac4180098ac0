import { describe, expect, it } from 'vitest'
import type { Hit } from '../core/api'
import { facetsOf, piecesOf } from './facets'

const hit = (over: Partial<Hit>): Hit => ({
  record: '0'.repeat(32), partition: 'medical', score: 1, name: 'n', source: 'you', owner: 'me@x.example', account: 'a1', resource: null,
  date: '2020-03-01', title: null, snippet: null, note: null, ...over,
})

describe('facets', () => {
  it('count what sets hits apart, most first, years newest first', () => {
    const hits = [hit({}), hit({ date: '2024' }), hit({ date: '2024-01', source: 'City Hospital' }), hit({ partition: 'prescription', date: null })]
    const facets = facetsOf(hits, 'x', null)
    expect(facets.map(facet => facet.kind)).toEqual(['partition', 'date', 'from'])
    expect(facets[0]?.values).toEqual([{ value: 'medical', count: 3, chosen: false }, { value: 'prescription', count: 1, chosen: false }])
    expect(facets[1]?.values.map(value => value.value)).toEqual(['2024', '2020'])
  })

  it('keep what was chosen, so that it can be taken back', () => {
    expect(facetsOf([hit({})], 'x partition:medical', 'a1')).toEqual([
      { kind: 'partition', values: [{ value: 'medical', count: 1, chosen: true }] },
      { kind: 'owner', values: [{ value: 'a1', count: 1, chosen: true }] },
    ])
    expect(facetsOf([], 'x', null)).toEqual([])
  })

  it('tell owners apart by their accounts', () => {
    expect(facetsOf([hit({}), hit({ account: 'a2' })], 'x', null)).toEqual([{ kind: 'owner', values: [{ value: 'a1', count: 1, chosen: false }, { value: 'a2', count: 1, chosen: false }] }])
  })
})

describe('pieces of a snippet', () => {
  it('join to the text again', () => {
    const snippet = { text: 'mild asthma, no pain', marks: [[5, 11], [16, 20]] as [number, number][] }
    expect(piecesOf(snippet)).toEqual([
      { text: 'mild ', marked: false }, { text: 'asthma', marked: true }, { text: ', no ', marked: false }, { text: 'pain', marked: true },
    ])
  })

  it('pass over marks that are none', () => {
    for (const marks of [[[-1, 2]], [[2, 2]], [[3, 99]], [[4, 1]]] as [number, number][][])
      expect(piecesOf({ text: 'asthma', marks })).toEqual([{ text: 'asthma', marked: false }])
    expect(piecesOf({ text: 'asthma', marks: [[0, 3], [1, 4]] }).map(piece => piece.text).join('')).toBe('asthma')
  })
})
