import { describe, expect, it } from 'vitest'
import type { AccessEvent } from '../core/api'
import { en } from '../text/en'
import { byDay, sentenceOf, together } from './sentence'

const event = (at: string, index: number): AccessEvent => ({
  at, index, account: 'a', who: 'lab@example.org', kind: 'open', grant: 'b', partition: 'medical', purpose: 'treatment', items: [], answeredBy: ['trustee-1'], beforeNotice: false,
})

describe('the sentences of accesses', () => {
  it('say what was done, and what for where that is known', () => {
    const answeredBy = ['trustee-1']
    expect(sentenceOf({ kind: 'open', purpose: 'treatment', answeredBy }, en.access)).toContain('{purpose}')
    for (const kind of ['open', 'search', 'readings'] as const) expect(sentenceOf({ kind, purpose: null, answeredBy }, en.access)).not.toContain('{purpose}')
    expect(new Set((['open', 'search', 'readings'] as const).map(kind => sentenceOf({ kind, purpose: null, answeredBy }, en.access))).size).toBe(3)
  })

  it('do not say that something was opened which nobody has answered', () => {
    expect(sentenceOf({ kind: 'open', purpose: 'treatment', answeredBy: [] }, en.access)).toBe(en.access.announced)
  })

  it('are listed by day, the newest first', () => {
    const days = byDay([event('2026-03-04T12:00:00Z', 1), event('2026-03-05T12:00:00Z', 7), event('2026-03-05T12:00:00Z', 9), event('2026-03-05T13:00:00Z', 8)])
    expect(days.map(day => day.events.map(one => one.index))).toEqual([[8, 9, 7], [1]])
    expect(byDay([])).toEqual([])
  })

  it('are one line where one thing was done in several steps, and no proof is left out', () => {
    const steps = [event('2026-03-04T12:09:00Z', 4), event('2026-03-04T12:01:00Z', 3), event('2026-03-04T12:00:59Z', 2)]
    const others = [{ ...event('2026-03-04T12:00:58Z', 1), grant: 'c' }, event('2026-03-04T11:40:00Z', 0)]
    expect(together([...steps, ...others]).map(line => line.map(one => one.index))).toEqual([[4, 3, 2], [1], [0]])
    for (const differing of [{ account: 'c' }, { kind: 'search' as const }, { partition: 'personal' }, { items: [{ id: 'r', name: null }] }, { answeredBy: [] }, { beforeNotice: true }])
      expect(together([steps[1]!, { ...steps[2]!, ...differing }])).toHaveLength(2)
  })
})
