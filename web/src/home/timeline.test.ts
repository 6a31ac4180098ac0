import { expect, test } from 'vitest'
import type { RecordSummary } from '../core/api'
import { byMonth, everything, filtered, isNew, kindOf, readSeen, sourcesOf, withSeen } from './timeline'

const id = (n: number) => n.toString(16).padStart(32, '0')
const record = (n: number, some: Partial<RecordSummary> = {}): RecordSummary => ({
  record: id(n), partition: 'medical', name: `file ${n}`, mediaType: 'text/plain', bytes: n, owner: 'me@example.org', account: 'me', source: 'you', sealedAt: '2026-03-11T10:00:00Z', kind: 'file',
  resources: 0, import: null, needsSequenceKey: false, version: 1, fragments: 8, restoreFrom: 4, keywords: [], ...some,
})

test('months follow each other, newest first, with what was written in them', () => {
  const records = filtered([record(1, { sealedAt: '2026-01-15T12:00:00Z' }), record(2, { sealedAt: '2026-03-02T12:00:00Z' }), record(3, { sealedAt: '2026-03-20T12:00:00Z' }), record(4,
    { sealedAt: '2025-12-15T12:00:00Z' })], [], everything)
  expect(byMonth(records).map(month => [month.key, month.records.map(one => one.record)])).toEqual([['2026-03', [id(3), id(2)]], ['2026-01', [id(1)]], ['2025-12', [id(4)]]])
})

test('every record is in exactly one month', () => {
  const records = Array.from({ length: 500 }, (_, n) => record(n, { sealedAt: new Date(Date.UTC(2020, 0, 1) + ((n * 7919) % 2000) * 86_400_000).toISOString() }))
  const months = byMonth(filtered(records, [], everything))
  expect(months.flatMap(month => month.records.map(one => one.record)).sort()).toEqual(records.map(one => one.record).sort())
  expect(new Set(months.map(month => month.key)).size).toBe(months.length)
})

test('filters narrow, and all words must be there, in the name, the source or the keywords', () => {
  const all = [record(1, { name: 'Blood count 2020.pdf', mediaType: 'application/pdf', source: 'Lab North' }), record(2, { name: 'Holiday.png', mediaType: 'image/png', partition: 'personal' }),
    record(3, { keywords: ['asthma'] })]
  const others = [record(4, { owner: 'them@example.org', name: 'Theirs' })]
  const names = (filter: Partial<typeof everything>) => filtered(all, others, { ...everything, ...filter }).map(one => one.record)
  expect(names({})).toHaveLength(3)
  expect(names({ whose: 'all' })).toHaveLength(4)
  expect(names({ whose: 'others' })).toEqual([id(4)])
  expect(names({ text: 'NORTH blood' })).toEqual([id(1)])
  expect(names({ text: 'blood south' })).toEqual([])
  expect(names({ text: 'Asthma' })).toEqual([id(3)])
  expect(names({ partition: 'personal' })).toEqual([id(2)])
  expect(names({ source: 'Lab North' })).toEqual([id(1)])
  expect(names({ kind: 'image' })).toEqual([id(2)])
})

test('kinds are what a person would call them', () => {
  expect([record(1, { kind: 'fhir', mediaType: 'application/fhir+json' }), record(2, { name: 'a.dcm', mediaType: 'application/octet-stream' }), record(3), record(4, { mediaType: 'application/zip',
    name: 'a.zip' })].map(kindOf))
    .toEqual(['health', 'image', 'document', 'data'])
})

test('only what others put into the own account is new, until it was seen', () => {
  const deposit = record(1, { source: 'Lab North' })
  const me = 'me'
  expect(isNew(deposit, me, new Set())).toBe(true)
  expect(isNew(deposit, me, new Set([id(1)]))).toBe(false)
  expect(isNew(record(2), me, new Set())).toBe(false)
  expect(isNew(record(3, { source: 'x', account: 'them' }), me, new Set())).toBe(false)
})

test('the seen ones are read from anything and do not grow without end', () => {
  expect(readSeen({ a: 1 })).toEqual([])
  expect(readSeen([id(1), 'x', 7, null])).toEqual([id(1)])
  const many = withSeen(Array.from({ length: 4000 }, (_, n) => id(n)), [id(5000), id(1)])
  expect(many).toHaveLength(4000)
  expect(many.slice(-2)).toEqual([id(5000), id(1)])
})

test('the own account is the first source', () => { expect(sourcesOf([record(1, { source: 'B' }), record(2, { source: 'A' }), record(3)])).toEqual(['you', 'A', 'B']) })
