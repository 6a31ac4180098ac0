import { useEffect } from 'react'
import { IdleClock, idleMinutes } from './idle'

const inputs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'scroll'] as const

/** Calls `lock` after 15 minutes without input, while `active`. */
export function useIdleLock(active: boolean, lock: () => void): void {
  useEffect(() => {
    if (!active) return
    const clock = new IdleClock(idleMinutes * 60_000, () => Date.now(), lock)
    const touch = () => { clock.touch() }
    const check = () => { clock.check() }
    const stop = new AbortController()
    for (const input of inputs) window.addEventListener(input, touch, { signal: stop.signal, passive: true, capture: true })
    // Timers stand still while a machine sleeps or a tab is frozen: looked at again when it comes back.
    document.addEventListener('visibilitychange', check, { signal: stop.signal })
    window.addEventListener('pageshow', check, { signal: stop.signal })
    window.addEventListener('focus', check, { signal: stop.signal })
    const timer = window.setInterval(check, 10_000)
    return () => {
      window.clearInterval(timer)
      stop.abort()
    }
  }, [active, lock])
}
