import { useCallback, useEffect, useRef, useState } from 'react'
import type { CoreFailure } from '../core/api'
import { asFailure, useCore } from '../core/useCore'
import { loadResources } from '../records/fhir/load'
import { resolver, type Speaker } from '../records/fhir/say'
import { useIdentity } from '../shell/session'
import { candidatesOf } from './candidates'
import type { Line } from './card'

export type Looking =
  | { state: 'not' }
  | { state: 'looking', done: number, all: number }
  | { state: 'looked', lines: Line[], records: number, skipped: number, failure: CoreFailure | null }
  | { state: 'failed', failure: CoreFailure }

const largest = 32_000_000

/** Reads the own health data when it is asked to, and keeps of it the lines that may stand on a card. */
export function useSuggestions(speaker: Speaker): { looking: Looking, look: () => void } {
  const core = useCore()
  const { account } = useIdentity()
  const [looking, setLooking] = useState<Looking>({ state: 'not' })
  const stop = useRef<AbortController | null>(null)
  useEffect(() => () => { stop.current?.abort() }, [])
  const look = useCallback(() => {
    stop.current?.abort()
    const { signal } = stop.current = new AbortController()
    const all = async () => {
      const { records } = await core.call('list', {}, { signal })
      const own = records.filter(record => record.kind === 'fhir' && record.account === account)
      const readable = own.filter(record => !record.needsSequenceKey && record.bytes <= largest)
      const lines: Line[] = []
      let failure: CoreFailure | null = null
      for (const [done, { record }] of readable.entries()) {
        setLooking({ state: 'looking', done, all: readable.length })
        try {
          const [{ resourceEntries }, { blob }] = [await core.call('show', { record }, { signal }), await core.call('read', { record }, { signal })]
          const resources = (await loadResources(blob, resourceEntries)).flatMap(item => (item.resource ? [item.resource] : []))
          const within = { ...speaker, resolve: resolver(resources) }
          for (const line of candidatesOf(resources, within)) if (!lines.some(other => other.section === line.section && other.text === line.text)) lines.push(line)
        } catch (problem) {
          if (signal.aborted) return
          failure = asFailure(problem)
        }
      }
      setLooking({ state: 'looked', lines, records: readable.length, skipped: own.length - readable.length, failure })
    }
    setLooking({ state: 'looking', done: 0, all: 0 })
    all().catch((problem: unknown) => { if (!signal.aborted) setLooking({ state: 'failed', failure: asFailure(problem) }) })
  }, [core, account, speaker])
  return { looking, look }
}
