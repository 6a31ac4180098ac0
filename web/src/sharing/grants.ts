import type { Deposit, Grant, GrantState } from '../core/api'

/** Trustees of an installation; two of their signatures end a grant. */
export const trustees = 3
export const enoughReceipts = 2

const dayLength = 24 * 60 * 60 * 1000
const soonDays = 14

interface Timed { state: GrantState, until: string | null }

/** Whole days until the end; null when there is none, or it is over. */
export function daysLeft(until: string | null, now: Date): number | null {
  const left = until === null ? -1 : Date.parse(until) - now.getTime()
  return left >= 0 ? Math.floor(left / dayLength) : null
}

export function endsSoon({ state, until }: Timed, now: Date): boolean {
  const left = daysLeft(until, now)
  return state === 'live' && left !== null && left < soonDays
}

export const isOver = ({ state }: { state: GrantState }) => state === 'expired' || state === 'revoked'

/** A revocation that too few trustees have signed, or not all of them. */
export const isUnfinished = ({ state, receipts }: Grant) => state === 'revoked' && receipts < trustees

/** Live ones by their end, those without end last; ended ones by their end, latest first. */
export function arranged(grants: Grant[], deposits: Deposit[]): { live: Grant[], waiting: Grant[], deposits: Deposit[], over: (Grant | Deposit)[] } {
  const byEnd = (a: { until: string | null }, b: { until: string | null }) => (a.until === null ? 1 : b.until === null ? -1 : a.until.localeCompare(b.until))
  return {
    live: grants.filter(grant => grant.state === 'live').sort(byEnd),
    waiting: grants.filter(grant => grant.state === 'future' || grant.state === 'locked').sort((a, b) => a.from.localeCompare(b.from)),
    deposits: deposits.filter(deposit => !isOver(deposit)).sort(byEnd),
    over: [...grants, ...deposits].filter(isOver).sort((a, b) => Number(isGrant(b) && isUnfinished(b)) - Number(isGrant(a) && isUnfinished(a)) || (b.until ?? b.from).localeCompare(a.until ?? a.from)),
  }
}

export const isGrant = (permission: Grant | Deposit): permission is Grant => 'role' in permission
