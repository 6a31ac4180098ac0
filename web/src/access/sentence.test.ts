import { describe, expect, it } from 'vitest'
import type { AccessEvent } from '../core/api'
import { en } from '../text/en'
import { byDay, sentenceOf } from './sentence'

const event = (at: string, index: number): AccessEvent => ({
  at, index, account: 'a', who: 'lab@example.org', kind: 'open', grant: 'b', partition: 'medical', purpose: 'treatment', items: [], answeredBy: ['trustee-1'],
})

describe('the sentences of accesses', () => {
  it('say what was done, and what for where that is known', () => {
    expect(sentenceOf({ kind: 'open', purpose: 'treatment' }, en.access)).toContain('{purpose}')
    for (const kind of ['open', 'search', 'readings'] as const) expect(sentenceOf({ kind, purpose: null }, en.access)).not.toContain('{purpose}')
    expect(new Set((['open', 'search', 'readings'] as const).map(kind => sentenceOf({ kind, purpose: null }, en.access))).size).toBe(3)
  })

  it('are listed by day, the newest first', () => {
    const days = byDay([event('2026-03-04T12:00:00Z', 1), event('2026-03-05T12:00:00Z', 7), event('2026-03-05T12:00:00Z', 9), event('2026-03-05T13:00:00Z', 8)])
    expect(days.map(day => day.events.map(one => one.index))).toEqual([[8, 9, 7], [1]])
    expect(byDay([])).toEqual([])
  })
})
