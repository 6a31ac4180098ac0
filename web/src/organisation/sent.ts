import { useContext, useSyncExternalStore } from 'react'
import type { Core } from '../core/client'
import { CoreContext } from '../core/useCore'

/** Something that was put into a patient's records since the account was unlocked. Who adds cannot list it later. */
export interface Sent { id: string, patient: string, what: string, at: Date, missing: string[] }

// By the worker that sent it, so that a lock forgets it.
const lists = new WeakMap<Core, Sent[]>()
const listeners = new Set<() => void>()
const none: Sent[] = []

export function noteSent(core: Core, sent: Sent): void {
  lists.set(core, [sent, ...(lists.get(core) ?? none)])
  listeners.forEach(listen => { listen() })
}

const subscribe = (listen: () => void) => {
  listeners.add(listen)
  return () => { listeners.delete(listen) }
}

/** What was sent, the last one first. */
export function useSent(): Sent[] {
  const core = useContext(CoreContext)
  return useSyncExternalStore(subscribe, () => (core && lists.get(core)) ?? none)
}
