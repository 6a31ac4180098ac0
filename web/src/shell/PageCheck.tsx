import { useEffect } from 'react'
import { findHome } from '../core/home'
import { useCore } from '../core/useCore'

/** Once for each unlocked account: whether this page is one that everybody is handed. What does not hold is an alarm, which the core keeps; a server that is away is asked by the settings again. */
export function PageCheck() {
  const core = useCore()
  useEffect(() => {
    if (SALUS_PAGE_KEY === '') return
    const stop = new AbortController()
    void findHome().then(({ manifest }) => {
      if (manifest === null || stop.signal.aborted) return
      core.call('page.check', { manifest, key: SALUS_PAGE_KEY }, { signal: stop.signal }).catch(() => undefined) // The session hears of every failure.
    })
    return () => { stop.abort() }
  }, [core])
  return null
}
