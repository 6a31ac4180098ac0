import { useCallback, useEffect, useRef, useState } from 'react'
import type { CoreFailure } from './api'
import type { Core } from './client'
import { asFailure, useCore } from './useCore'

// Settings of the page stand in one sealed JSON object, each under its own name; whoever writes one reads the others first.

const writing = new WeakMap<Core, Promise<unknown>>()

async function read(core: Core): Promise<Record<string, unknown>> {
  const { json } = await core.call('preferences.get', {})
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : {}
  } catch {
    // An empty one, or one that is damaged: what was set is asked for anew.
    return {}
  }
}

/** One after the other, so that no change is lost. */
function write(core: Core, name: string, value: unknown): Promise<void> {
  const turn = (writing.get(core) ?? Promise.resolve()).catch(() => undefined).then(async () => {
    const all = await read(core)
    if (value === undefined) delete all[name]
    else all[name] = value
    await core.call('preferences.set', { json: JSON.stringify(all) })
  })
  writing.set(core, turn)
  return turn
}

/**
 * A setting sealed with the profile. `parse` makes one of whatever stands there; undefined to `set` takes it out. `value` is null until it was read.
 */
export function usePreference<T>(name: string, parse: (value: unknown) => T): { value: T | null, set: (value: T | undefined) => void, failure: CoreFailure | null } {
  const core = useCore()
  const [value, setValue] = useState<T | null>(null)
  const [failure, setFailure] = useState<CoreFailure | null>(null)
  const parsed = useRef(parse)
  useEffect(() => {
    let here = true
    read(core).then(
      all => { if (here) setValue(parsed.current(all[name])) },
      (problem: unknown) => { if (here) setFailure(asFailure(problem)) })
    return () => { here = false }
  }, [core, name])
  const set = useCallback((next: T | undefined) => {
    setValue(next === undefined ? parsed.current(undefined) : next)
    write(core, name, next).then(() => { setFailure(null) }, (problem: unknown) => { setFailure(asFailure(problem)) })
  }, [core, name])
  return { value, set, failure }
}
