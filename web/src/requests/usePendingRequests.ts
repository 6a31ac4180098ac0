import { useContext, useEffect, useState } from 'react'
import type { Core } from '../core/client'
import { CoreContext } from '../core/useCore'
import { pendingOf } from './asking'

const every = 5 * 60 * 1000

interface Known { count: number | null, askedAt: number, listeners: Set<(count: number) => void> }

// By the worker that was asked: one question for all who show the count.
const known = new WeakMap<Core, Known>()

function knownOf(core: Core): Known {
  const found = known.get(core) ?? { count: null, askedAt: -every, listeners: new Set() }
  known.set(core, found)
  return found
}

/** Told by the screen that has just seen them, so that the badge follows without another question to the cloud. */
export function tellPending(core: Core, count: number): void {
  const mine = knownOf(core)
  mine.count = count
  mine.askedAt = performance.now()
  mine.listeners.forEach(listen => { listen(count) })
}

/** How many requests wait for an answer; null while that is not known. Only where the account is unlocked. What fails here is shown by the screen of requests. */
export function usePendingRequests(): number | null {
  const core = useContext(CoreContext)
  const [count, setCount] = useState<number | null>(() => core && knownOf(core).count)
  useEffect(() => {
    if (!core) return
    const mine = knownOf(core)
    mine.listeners.add(setCount)
    const ask = () => {
      if (document.visibilityState !== 'visible' || performance.now() - mine.askedAt < every) return
      mine.askedAt = performance.now()
      core.call('requests', {}).then(({ incoming }) => { tellPending(core, pendingOf(incoming).length) }, () => undefined)
    }
    ask()
    const timer = window.setInterval(ask, every)
    return () => {
      window.clearInterval(timer)
      mine.listeners.delete(setCount)
    }
  }, [core])
  return count
}
