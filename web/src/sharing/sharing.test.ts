import { describe, expect, it } from 'vitest'
import type { Deposit, Grant } from '../core/api'
import { beginningOf, localDay } from './days'
import { depositArguments, emptyDraft, faultsOf, shareArguments, withRole } from './draft'
import { arranged, daysLeft, endsSoon } from './grants'
import { roles } from './roles'

const now = new Date(2026, 10, 21, 15, 0)

describe('the sentence to be filled in', () => {
  const draft = { ...emptyDraft('share', now), to: ' rao@clinic.example ' }

  it('begins with what a doctor sees, for a year', () => {
    expect(draft).toMatchObject({ role: 'doctor', partitions: ['medical', 'prescription'], purpose: 'treatment', until: '2027-11-21', onlyNew: false })
    expect(faultsOf(draft, now)).toEqual({})
    expect(shareArguments(draft)).toEqual({
      to: 'rao@clinic.example', role: 'doctor', partitions: ['medical', 'prescription'], from: null, until: new Date(2027, 10, 21).toISOString(), purpose: 'treatment', onlyNew: false,
    })
  })

  it('follows the role and keeps the person', () => {
    expect(withRole(draft, 'family', now)).toMatchObject({ to: draft.to, partitions: ['personal', 'medical', 'prescription'], purpose: 'family', until: null })
    expect(roles.map(role => withRole(draft, role, now).partitions.join())).toEqual(
      ['medical,prescription', 'prescription', 'personal,medical,prescription', 'personal', 'insurance', 'medical'])
  })

  it('of a deposit reads nothing and says no purpose', () => {
    const deposit = { ...emptyDraft('deposit', now), to: 'records@hospital.example' }
    expect(depositArguments(deposit)).toEqual({ to: 'records@hospital.example', partitions: ['medical'], from: null, until: new Date(2027, 10, 21).toISOString() })
  })

  it.each([
    [{ to: 'rao' }, { to: 'mail' }], [{ to: 'a b@c' }, { to: 'mail' }], [{ partitions: [] }, { partitions: 'partitions' }], [{ from: '' }, { from: 'from' }],
    [{ until: '' }, { until: 'until' }], [{ until: '2026-02-30' }, { until: 'until' }], [{ until: '2026-11-21' }, { until: 'past' }],
    [{ from: '2027-01-01', until: '2027-01-01' }, { until: 'order' }],
  ])('says what is wrong with %o', (over, faults) => { expect(faultsOf({ ...draft, ...over }, now)).toEqual(faults) })
})

describe('days', () => {
  it('begin where the user is', () => {
    expect(beginningOf('2027-05-01')).toBe(new Date(2027, 4, 1).toISOString())
    expect(localDay(new Date(beginningOf('2027-05-01')!))).toBe('2027-05-01')
    for (const none of ['', '2027-5-1', '2027-02-29', '2027-13-01', 'tomorrow']) expect(beginningOf(none)).toBeNull()
  })

  it('left are counted whole', () => {
    const end = (hours: number) => new Date(now.getTime() + hours * 3600_000).toISOString()
    expect([null, end(-1), end(1), end(24), end(49)].map(until => daysLeft(until, now))).toEqual([null, null, 0, 1, 2])
    expect(endsSoon({ state: 'live', until: end(13 * 24) }, now)).toBe(true)
    expect(endsSoon({ state: 'live', until: end(14 * 24) }, now)).toBe(false)
    expect(endsSoon({ state: 'future', until: end(1) }, now)).toBe(false)
  })
})

describe('the overview', () => {
  const grant = (over: Partial<Grant>): Grant =>
    ({ grant: '1', to: 'a@x.example', role: 'doctor', purpose: 'treatment', partitions: ['medical'], from: '2026-01-01T00:00:00Z', until: null, state: 'live', receipts: 0, ...over })
  const deposit = (over: Partial<Deposit>): Deposit => ({ grant: '9', to: 'h@x.example', partitions: ['medical'], from: '2026-01-01T00:00:00Z', until: null, state: 'live', ...over })

  it('shows what ends first at the top, and what is not through first of all that is over', () => {
    const shown = arranged(
      [grant({ grant: 'a' }), grant({ grant: 'b', until: '2027-01-01T00:00:00Z' }), grant({ grant: 'c', state: 'future' }),
        grant({ grant: 'd', state: 'revoked', receipts: 3, until: '2028-01-01T00:00:00Z' }),
        grant({ grant: 'e', state: 'revoked', receipts: 1, until: '2026-12-01T00:00:00Z' })],
      [deposit({ grant: 'f', state: 'expired', until: '2026-11-01T00:00:00Z' }), deposit({ grant: 'g' })])
    expect(shown.live.map(one => one.grant)).toEqual(['b', 'a'])
    expect(shown.waiting.map(one => one.grant)).toEqual(['c'])
    expect(shown.deposits.map(one => one.grant)).toEqual(['g'])
    expect(shown.over.map(one => one.grant)).toEqual(['e', 'd', 'f'])
  })
})
