import { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react'
import { CoreFailure, type AnswerOf, type ArgumentsOf, type OperationName } from './api'
import type { CallOptions, Core } from './client'

export const CoreContext = createContext<Core | null>(null)

export function useCore(): Core {
  const core = useContext(CoreContext)
  if (!core) throw new Error('There is no core around this component.')
  return core
}

export type Loaded<T> = { state: 'loading', data?: T } | { state: 'failed', failure: CoreFailure, data?: T } | { state: 'done', data: T }

/** Runs an operation when the component appears and when its arguments change; `reload` runs it again and keeps what is shown until then. */
export function useOperation<O extends OperationName>(operation: O, args: ArgumentsOf<O>): Loaded<AnswerOf<O>> & { reload: () => void } {
  const core = useCore()
  const [loaded, setLoaded] = useState<Loaded<AnswerOf<O>>>({ state: 'loading' })
  const [round, setRound] = useState(0)
  const key = JSON.stringify(args)
  const latest = useRef(args)
  latest.current = args
  useEffect(() => {
    const stop = new AbortController()
    setLoaded(before => ({ state: 'loading', data: before.data }))
    core.call(operation, latest.current, { signal: stop.signal }).then(
      data => { if (!stop.signal.aborted) setLoaded({ state: 'done', data }) },
      (failure: unknown) => { if (!stop.signal.aborted) setLoaded(before => ({ state: 'failed', failure: asFailure(failure), data: before.data })) })
    return () => { stop.abort() }
  }, [core, operation, key, round])
  const reload = useCallback(() => { setRound(before => before + 1) }, [])
  return { ...loaded, reload }
}

/** For what a person starts: `run` answers null when it failed, and `failure` says why. */
export function useAction<O extends OperationName>(operation: O) {
  const core = useCore()
  const [running, setRunning] = useState(false)
  const [failure, setFailure] = useState<CoreFailure | null>(null)
  const run = useCallback(async (args: ArgumentsOf<O>, options?: CallOptions<O>): Promise<AnswerOf<O> | null> => {
    setRunning(true)
    setFailure(null)
    try {
      return await core.call(operation, args, options)
    } catch (problem) {
      setFailure(asFailure(problem))
      return null
    } finally {
      setRunning(false)
    }
  }, [core, operation])
  const clear = useCallback(() => { setFailure(null) }, [])
  return { run, running, failure, clear }
}

export const asFailure = (problem: unknown): CoreFailure => problem instanceof CoreFailure
  ? problem
  : new CoreFailure({ kind: 'fault', code: 'page', message: problem instanceof Error ? problem.message : String(problem), party: null })
