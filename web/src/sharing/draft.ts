import type { ArgumentsOf, PartitionName, Purpose, Role, ShareArguments } from '../core/api'
import { beginningOf } from './days'
import { partitionsOf, purposeOf, untilOf } from './roles'

/** The sentence as far as it is filled in. Days are those of a date field; null stands for now and for without end. */
export interface Draft {
  kind: 'share' | 'deposit'
  to: string
  role: Role
  partitions: PartitionName[]
  from: string | null
  until: string | null
  purpose: Purpose
  onlyNew: boolean
}

export type DraftFault = 'mail' | 'partitions' | 'from' | 'until' | 'past' | 'order'

export const emptyDraft = (kind: Draft['kind'], now: Date, to = ''): Draft => ({
  kind, to, role: 'doctor', partitions: kind === 'deposit' ? ['medical'] : partitionsOf('doctor'), from: null, until: untilOf(kind === 'deposit' ? null : 'doctor', now), purpose: 'treatment',
  onlyNew: false,
})

/** Another role proposes what belongs to it; who and from when stay. */
export const withRole = (draft: Draft, role: Role, now: Date): Draft => ({ ...draft, role, partitions: partitionsOf(role), purpose: purposeOf(role), until: untilOf(role, now) })

/** What is missing or cannot be, by the part of the sentence that it belongs to. */
export function faultsOf(draft: Draft, now: Date): Partial<Record<'to' | 'partitions' | 'from' | 'until', DraftFault>> {
  const from = draft.from === null ? null : beginningOf(draft.from)
  const until = draft.until === null ? null : beginningOf(draft.until)
  return {
    ...(/^[^\s@]+@[^\s@]+$/.test(draft.to.trim()) ? {} : { to: 'mail' as const }),
    ...(draft.partitions.length > 0 ? {} : { partitions: 'partitions' as const }),
    ...(draft.from !== null && from === null ? { from: 'from' as const } : {}),
    ...(draft.until === null ? {}
      : until === null ? { until: 'until' as const }
      : until <= now.toISOString() ? { until: 'past' as const }
      : from !== null && until <= from ? { until: 'order' as const } : {}),
  }
}

export function shareArguments(draft: Draft): ShareArguments {
  return { ...depositArguments(draft), role: draft.role, purpose: draft.purpose, onlyNew: draft.onlyNew }
}

export const depositArguments = (draft: Draft): ArgumentsOf<'deposit.propose'> => ({
  to: draft.to.trim(), partitions: draft.partitions, from: draft.from && beginningOf(draft.from), until: draft.until && beginningOf(draft.until),
})
