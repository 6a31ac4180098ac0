import { useEffect, useRef } from 'react'

const every = 30_000

/** Runs when the window is looked at again, and every 30 seconds while it is. */
export function useRefresh(refresh: () => void): void {
  const latest = useRef(refresh)
  latest.current = refresh
  useEffect(() => {
    const look = () => { if (document.visibilityState === 'visible') latest.current() }
    const timer = window.setInterval(look, every)
    window.addEventListener('focus', look)
    document.addEventListener('visibilitychange', look)
    return () => {
      window.clearInterval(timer)
      window.removeEventListener('focus', look)
      document.removeEventListener('visibilitychange', look)
    }
  }, [])
}
