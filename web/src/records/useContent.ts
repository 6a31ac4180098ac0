import { useEffect, useState } from 'react'
import type { Content, CoreFailure } from '../core/api'
import { asFailure, useCore } from '../core/useCore'

export type Reading = { state: 'reading', part: number | null } | { state: 'failed', failure: CoreFailure } | { state: 'read', content: Content }

/** Reads a record while the component is there; null as key: not before it is known. */
export function useContent(record: string, resource: string | null, sequenceKey: string | null, wait: boolean): Reading & { again: () => void } {
  const core = useCore()
  const [reading, setReading] = useState<Reading>({ state: 'reading', part: null })
  const [round, setRound] = useState(0)
  useEffect(() => {
    if (wait) return
    const stop = new AbortController()
    setReading({ state: 'reading', part: null })
    core.call('read', { record, resource, sequenceKey }, {
      signal: stop.signal,
      onReport: ({ party, done, total }) => { if (!stop.signal.aborted && party === null) setReading({ state: 'reading', part: total > 0 ? done / total : null }) },
    }).then(
      content => { if (!stop.signal.aborted) setReading({ state: 'read', content }) },
      (problem: unknown) => { if (!stop.signal.aborted) setReading({ state: 'failed', failure: asFailure(problem) }) })
    return () => { stop.abort() }
  }, [core, record, resource, sequenceKey, wait, round])
  return { ...reading, again: () => { setRound(before => before + 1) } }
}
