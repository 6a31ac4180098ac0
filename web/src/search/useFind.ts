import { useCallback, useEffect, useRef, useState } from 'react'
import type { CoreFailure, Hit } from '../core/api'
import type { Core } from '../core/client'
import { asFailure, useCore } from '../core/useCore'

export interface Asked { query: string, owner: string | null, limit: number }

/** One search. What was asked and found stays in memory while the account is unlocked, and nowhere else: words about health are secrets. */
export interface Search {
  /** As it stands in the field. */
  typed: string
  asked: Asked | null
  running: boolean
  hits: Hit[]
  complaints: string[]
  failure: CoreFailure | null
  /** Queries that were asked, the last one first. */
  recent: string[]
}

export const firstLimit = 20
const maxRecent = 8
const nothing: Search = { typed: '', asked: null, running: false, hits: [], complaints: [], failure: null, recent: [] }

// By the worker that found it: a lock ends that, and with it goes what is kept here.
const kept = new WeakMap<Core, Map<string, Search>>()

/** @param place Whose search it is: that of the search screen, or that within a patient's records. */
export function useFind(place: string) {
  const core = useCore()
  const [search, setSearch] = useState<Search>(() => kept.get(core)?.get(place) ?? nothing)
  const stop = useRef<AbortController | null>(null)

  const change = useCallback((next: (before: Search) => Search) => {
    setSearch(before => {
      const after = next(before)
      const places = kept.get(core) ?? new Map<string, Search>()
      kept.set(core, places.set(place, { ...after, running: false }))
      return after
    })
  }, [core, place])

  useEffect(() => () => { stop.current?.abort() }, [])

  const type = useCallback((typed: string) => { change(before => ({ ...before, typed })) }, [change])

  const ask = useCallback((asked: Asked) => {
    stop.current?.abort()
    const mine = new AbortController()
    stop.current = mine
    change(before => ({
      ...nothing, typed: asked.query, asked, running: true, recent: [asked.query, ...before.recent.filter(query => query !== asked.query)].slice(0, maxRecent),
    }))
    const still = (next: (before: Search) => Search) => { if (stop.current === mine) change(next) }
    core.call('find', asked, {
      signal: mine.signal,
      onReport: ({ hit }) => { still(before => ({ ...before, hits: [...before.hits, hit] })) },
    }).then(
      ({ hits, complaints }) => { still(before => ({ ...before, running: false, hits, complaints })) },
      // What came before an alarm is verified, and stays.
      (problem: unknown) => { still(before => ({ ...before, running: false, failure: asFailure(problem) })) })
  }, [core, change])

  const cancel = useCallback(() => { stop.current?.abort() }, [])

  return { search, type, ask, cancel }
}

export type Find = ReturnType<typeof useFind>
