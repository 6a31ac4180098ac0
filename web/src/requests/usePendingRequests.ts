import { useContext, useEffect, useState } from 'react'
import type { Core } from '../core/client'
import { CoreContext } from '../core/useCore'
import { pendingOf } from './asking'

const listeners = new Map<Core, Set<(count: number) => void>>()

/** Told by the screen that has just seen them, so that the badge follows without another question to the cloud. */
export function tellPending(core: Core, count: number): void {
  listeners.get(core)?.forEach(listen => { listen(count) })
}

const every = 5 * 60 * 1000

/** How many requests wait for an answer; null while that is not known. Only where the account is unlocked. What fails here is shown by the screen of requests. */
export function usePendingRequests(): number | null {
  const core = useContext(CoreContext)
  const [count, setCount] = useState<number | null>(null)
  useEffect(() => {
    if (!core) return
    const stop = new AbortController()
    const mine = listeners.get(core) ?? new Set()
    listeners.set(core, mine.add(setCount))
    const ask = () => {
      if (document.visibilityState === 'visible')
        core.call('requests', {}, { signal: stop.signal }).then(({ incoming }) => { if (!stop.signal.aborted) setCount(pendingOf(incoming).length) }, () => undefined)
    }
    ask()
    const timer = window.setInterval(ask, every)
    return () => {
      stop.abort()
      window.clearInterval(timer)
      mine.delete(setCount)
      if (mine.size === 0) listeners.delete(core)
    }
  }, [core])
  return count
}
