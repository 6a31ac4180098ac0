import type { ReceivedDeposit, ReceivedGrant, RecordSummary } from '../core/api'
import { endsSoon, isOver } from '../sharing/grants'

/** Somebody who has let this account see or add something, with all that they have granted. */
export interface Patient {
  /** Who it is: the account's number, for what somebody writes of themselves may be anybody's name. */
  account: string
  /** The pinned mail address, else the number again. */
  owner: string
  callsThemselves: string | null
  grants: ReceivedGrant[]
  deposits: ReceivedDeposit[]
  records: RecordSummary[]
  isOpen: boolean
  /** The first of the permissions that end within the next days, or null. */
  soon: string | null
}

export interface Shared { records: RecordSummary[], grants: ReceivedGrant[], deposits: ReceivedDeposit[] }

/** Patients by name, those with something open apart from those whose permissions are over. */
export function patientsOf({ records, grants, deposits }: Shared, now: Date): { open: Patient[], over: Patient[] } {
  const accounts = [...new Set([...grants, ...deposits].map(permission => permission.account))]
  const all = accounts.map(account => patientOf({ records, grants, deposits }, account, now)).sort((a, b) => a.owner.localeCompare(b.owner))
  return { open: all.filter(patient => patient.isOpen), over: all.filter(patient => !patient.isOpen) }
}

export function patientOf(shared: Shared, account: string, now: Date): Patient {
  const of = <T extends { account: string }>(list: T[]): T[] => list.filter(one => one.account === account)
  const [grants, deposits, records] = [of(shared.grants), of(shared.deposits), of(shared.records)]
  const granter = grants[0] ?? deposits[0]
  const soon = [...grants, ...deposits].filter(permission => endsSoon(permission, now)).map(permission => permission.until!).sort()
  return {
    account, owner: granter?.owner ?? account, callsThemselves: granter?.callsThemselves ?? null, grants, deposits,
    records: records.sort((a, b) => b.sealedAt.localeCompare(a.sealedAt)), soon: soon[0] ?? null,
    isOpen: [...grants, ...deposits].some(permission => !isOver(permission)),
  }
}

/** Whether the address is pinned: only then is it known for whom one writes. */
export const isNamed = ({ owner, account }: Patient): boolean => owner !== account

/** The parts that may be added to now, and until when each is open: null for without end. */
export function targetsOf(deposits: ReceivedDeposit[]): Map<string, string | null> {
  const targets = new Map<string, string | null>()
  for (const { partitions, until, state } of deposits)
    if (state === 'live')
      for (const partition of partitions) {
        const before = targets.get(partition)
        targets.set(partition, before === undefined ? until : before === null || until === null ? null : before > until ? before : until)
      }
  return targets
}
