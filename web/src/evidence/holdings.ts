import type { Holding } from '../core/api'

export interface Party { party: string, role: Holding['role'], holdings: Holding[], total: number }

const roles: Holding['role'][] = ['cloud', 'trustee', 'store']

/** All that one server holds, together; each server once. */
export function byParty(holdings: Holding[]): Party[] {
  const parties = new Map<string, Party>()
  for (const holding of holdings) {
    const key = `${holding.role} ${holding.party}`
    let party = parties.get(key)
    if (!party) parties.set(key, party = { party: holding.party, role: holding.role, holdings: [], total: 0 })
    party.holdings.push(holding)
    party.total += holding.total
  }
  for (const party of parties.values()) if (party.role === 'store') party.holdings.sort((a, b) => a.what.localeCompare(b.what, 'en', { numeric: true }))
  return [...parties.values()].sort((a, b) => roles.indexOf(a.role) - roles.indexOf(b.role) || a.party.localeCompare(b.party))
}

export type HoldingKind = 'header' | 'metadata' | 'capsule' | 'index' | 'fragment' | 'noFragment' | 'share' | 'nothing' | 'other'

const kinds: [RegExp, HoldingKind][] = [
  [/^signed header$/, 'header'], [/^sealed metadata$/, 'metadata'], [/^capsule$/, 'capsule'], [/^signed index updates/, 'index'], [/^fragment \d+$/, 'fragment'], [/^no fragment$/, 'noFragment'],
  [/^sealed share of grant /, 'share'], [/^nothing$/, 'nothing'],
]

/** What the bytes are, by the specification's term for them. */
export const kindOfHolding = (what: string): HoldingKind => kinds.find(([pattern]) => pattern.test(what))?.[1] ?? 'other'

/** The number in "fragment 3", or the identifier of a grant. */
export const numberOf = (what: string): string => /^(?:fragment|sealed share of grant) (\S+)$/.exec(what)?.[1] ?? ''
