import { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react'
import { CoreFailure, type AnswerOf, type ArgumentsOf, type OperationName } from './api'
import type { CallOptions, Core } from './client'
import { begun, failed, seen, type Held, type Loaded } from './loaded'

export type { Loaded }

export const CoreContext = createContext<Core | null>(null)

export function useCore(): Core {
  const core = useContext(CoreContext)
  if (!core) throw new Error('There is no core around this component.')
  return core
}

/** Runs an operation when the component appears and when its arguments change; `reload` runs it again and keeps what is shown until then. */
export function useOperation<O extends OperationName>(operation: O, args: ArgumentsOf<O>): Loaded<AnswerOf<O>> & { reload: () => void } {
  const core = useCore()
  const key = `${operation} ${JSON.stringify(args)}`
  const [held, setHeld] = useState<Held<AnswerOf<O>>>({ key, loaded: { state: 'loading' } })
  const [round, setRound] = useState(0)
  const latest = useRef(args)
  latest.current = args
  useEffect(() => {
    const stop = new AbortController()
    setHeld(before => begun(before, key))
    core.call(operation, latest.current, { signal: stop.signal }).then(
      data => { if (!stop.signal.aborted) setHeld({ key, loaded: { state: 'done', data } }) },
      (failure: unknown) => { if (!stop.signal.aborted) setHeld(before => failed(before, key, asFailure(failure))) })
    return () => { stop.abort() }
  }, [core, operation, key, round])
  const reload = useCallback(() => { setRound(before => before + 1) }, [])
  // Also in the first picture after the arguments changed, before the effect has run.
  return { ...seen(held, key), reload }
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
