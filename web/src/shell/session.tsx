import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { CoreFailure, type Alarm, type CoreError, type Identity, type ProfileState } from '../core/api'
import type { Core } from '../core/client'
import { findCloud } from '../core/home'
import { startCore } from '../core/start'
import { asFailure, CoreContext } from '../core/useCore'
import { TabLock } from './tabLock'
import { useIdleLock } from './useIdleLock'

export type Profile = NonNullable<ProfileState['profile']>

export type SessionState =
  | { state: 'starting' }
  /** Another tab has the profile. */
  | { state: 'elsewhere' }
  | { state: 'broken', failure: CoreFailure }
  | { state: 'unregistered' }
  | { state: 'locked', profile: Profile, why: 'asked' | 'idle' | null }
  | { state: 'unlocked', identity: Identity }

export interface Session {
  now: SessionState
  /** The address of the cloud; null until it is found. */
  cloud: string | null
  /** Uploads that wait for a store or were cut short. */
  unfinished: number
  setUnfinished: (count: number) => void
  /** The cloud says that the session has ended: what is in the browser still opens, servers refuse. */
  ended: boolean
  /** A server did not answer the last time it was asked. */
  unreachable: string | null
  setUnreachable: (party: string | null) => void
  /** Alarms that nobody has acknowledged, newest first. */
  alarms: Alarm[]
  reloadAlarms: () => void
  /** The account has been made, opened, or logged in to again. */
  opened: (identity: Identity) => void
  /** Ends the worker and every key in it. */
  lock: () => void
  /** Starts anew: after logout, or after something broke. */
  restart: () => void
  takeOver: () => void
}

const SessionContext = createContext<Session | null>(null)

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('There is no session around this component.')
  return session
}

/** Who is at home here. Only for screens that are shown while the account is unlocked. */
export function useIdentity(): Identity {
  const { now } = useSession()
  if (now.state !== 'unlocked') throw new Error('The account is not unlocked.')
  return now.identity
}

/** The life of the core worker: start → unregistered, locked or unlocked; a lock ends the worker and starts another. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [now, setNow] = useState<SessionState>({ state: 'starting' })
  const [core, setCore] = useState<Core | null>(null)
  const [cloud, setCloud] = useState<string | null>(null)
  const [unfinished, setUnfinished] = useState(0)
  const [ended, setEnded] = useState(false)
  const [unreachable, setUnreachable] = useState<string | null>(null)
  const [alarms, setAlarms] = useState<Alarm[]>([])
  const running = useRef<Core | null>(null)
  const tabs = useRef<TabLock | null>(null)
  /** Counts starts and stops: a start that was overtaken gives up. */
  const round = useRef(0)

  const stop = useCallback(() => {
    round.current++
    running.current?.terminate()
    running.current = null
    setCore(null)
    setAlarms([])
    setEnded(false)
    setUnreachable(null)
  }, [])

  // One at a time: listing that fails with an alarm must not be answered by listing again.
  const listing = useRef<Core | null>(null)
  const loadAlarms = useCallback((from: Core) => {
    if (listing.current === from) return
    listing.current = from
    from.call('alarms.list', {}).then(
      all => { if (running.current === from) setAlarms(all.filter(alarm => !alarm.acknowledged)) },
      // Said already: `onFailure` hears of every failure.
      () => undefined).finally(() => { if (listing.current === from) listing.current = null })
  }, [])

  const begin = useCallback(async (why: 'asked' | 'idle' | null) => {
    stop()
    const mine = round.current
    const overtaken = () => round.current !== mine
    setNow({ state: 'starting' })
    try {
      const found = await findCloud()
      if (overtaken()) return
      const made = startCore()
      running.current = made
      made.onFailure = (error: CoreError) => {
        if (overtaken()) return
        if (error.kind === 'alarm') loadAlarms(made)
        if (error.kind === 'unreachable') setUnreachable(error.party ?? '')
        if (error.kind === 'refused' && error.code === 'no-session') setEnded(true)
        if (error.kind === 'locked') setNow(before => before.state === 'unlocked' ? { state: 'broken', failure: new CoreFailure(error) } : before)
      }
      made.onAlarm = () => { if (!overtaken()) loadAlarms(made) }
      made.onEnd = (error: CoreError) => {
        if (!overtaken()) setNow({ state: 'broken', failure: new CoreFailure(error) })
      }
      setCloud(found)
      setCore(made)
      const { profile, unfinished: waiting } = await made.call('start', { cloud: found })
      if (overtaken()) return
      setUnfinished(waiting)
      setNow(profile ? { state: 'locked', profile, why } : { state: 'unregistered' })
    } catch (problem) {
      if (!overtaken()) setNow({ state: 'broken', failure: asFailure(problem) })
    }
  }, [stop, loadAlarms])

  useEffect(() => {
    const lock = new TabLock({
      held: () => { void begin(null) },
      waiting: () => { setNow({ state: 'elsewhere' }) },
      lost: () => {
        stop()
        setNow({ state: 'elsewhere' })
        void lock.request()
      },
    })
    if (!('locks' in navigator)) {
      setNow({ state: 'broken', failure: new CoreFailure({ kind: 'fault', code: 'start', message: 'This browser has no Web Locks, or the address is not a secure one.', party: null }) })
      return
    }
    tabs.current = lock
    void lock.request()
    return () => { running.current?.terminate() }
  }, [begin, stop])

  const goneAway = useCallback(() => { void begin('idle') }, [begin])
  useIdleLock(now.state === 'unlocked', goneAway)

  const session = useMemo<Session>(() => ({
    now, cloud, unfinished, setUnfinished, ended, unreachable, setUnreachable, alarms,
    reloadAlarms: () => { if (core) loadAlarms(core) },
    opened: identity => {
      setNow({ state: 'unlocked', identity })
      setEnded(identity.sessionExpires === null || new Date(identity.sessionExpires) <= new Date())
      if (core) loadAlarms(core)
    },
    lock: () => { void begin('asked') },
    restart: () => { void begin(null) },
    takeOver: () => { void tabs.current?.takeOver() },
  }), [now, cloud, unfinished, ended, unreachable, alarms, core, loadAlarms, begin])

  return <SessionContext value={session}><CoreContext value={core}>{children}</CoreContext></SessionContext>
}
