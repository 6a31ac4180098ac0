import { expect, test } from 'vitest'
import { readings } from '../text/en/readings'
import { unitOf } from '../parts/unit'
import { emptyDraft, faultsOf, kinds, nameOf, type Draft } from './kinds'

const file = new File([], 'pulse.csv')

test.each<[Partial<Draft>, string[]]>([
  [{}, []], [{ file: null }, ['file']], [{ kind: '' }, ['name']], [{ kind: '', name: 'Steps' }, []], [{ kind: '', name: 'x'.repeat(65) }, ['name']], [{ kind: '', name: 'Steps', unit: 'per day' }, ['unit']],
  [{ kind: '', name: 'Steps', decimals: '10' }, ['decimals']], [{ kind: '', name: 'Steps', decimals: '' }, ['decimals']],
])('%o lacks %o', (over, faults) => { expect(Object.keys(faultsOf({ ...emptyDraft, file, ...over }))).toEqual(faults) })

test('what is measured most has words', () => { expect(kinds.filter(kind => nameOf(kind, readings.kinds) === kind.name)).toEqual([]) })

test('what has no words is called as its owner does, and units as people write them', () => {
  expect(nameOf({ code: null, name: 'Steps' }, readings.kinds)).toBe('Steps')
  expect(nameOf({ code: 'constructor', name: 'Steps' }, readings.kinds)).toBe('Steps')
  expect([unitOf('mm[Hg]'), unitOf('furlong')]).toEqual(['mmHg', 'furlong'])
})
