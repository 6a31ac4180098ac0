import type { PartitionName, Purpose, Role } from '../core/api'
import { localDay } from './days'

// What a role sees unless the owner says otherwise (docs/cli.md, Sharing).

export const roles: readonly Role[] = ['doctor', 'pharmacist', 'family', 'friend', 'insurer', 'researcher']
export const purposes: readonly Purpose[] = ['treatment', 'coordination', 'emergency', 'payment', 'family', 'research']
export const usualPartitions: readonly PartitionName[] = ['personal', 'medical', 'insurance', 'prescription']

const defaults: Record<Role, { partitions: PartitionName[], purpose: Purpose }> = {
  family: { partitions: ['personal', 'medical', 'prescription'], purpose: 'family' },
  friend: { partitions: ['personal'], purpose: 'family' },
  doctor: { partitions: ['medical', 'prescription'], purpose: 'treatment' },
  pharmacist: { partitions: ['prescription'], purpose: 'treatment' },
  insurer: { partitions: ['insurance'], purpose: 'payment' },
  researcher: { partitions: ['medical'], purpose: 'research' },
}

export const partitionsOf = (role: Role): PartitionName[] => [...defaults[role].partitions]
export const purposeOf = (role: Role): Purpose => defaults[role].purpose

/** People who are close stay until they are told otherwise; those who act by profession have a year, unless another day is chosen. */
export function untilOf(role: Role | null, now: Date): string | null {
  if (role === 'family' || role === 'friend') return null
  const day = new Date(now.getFullYear() + 1, now.getMonth(), now.getDate())
  return localDay(day)
}
