import { useMemo, useSyncExternalStore } from 'react'
import { parsePlace } from './parsePlace'

// Where the page is stands behind the # of the address, query and all: what a browser asks a server for never holds it.

const subscribe = (changed: () => void) => {
  addEventListener('hashchange', changed)
  return () => { removeEventListener('hashchange', changed) }
}

const path = () => parsePlace(location.hash).path
const query = () => parsePlace(location.hash).query

function navigate(to: string, { replace = false, state = null }: { replace?: boolean, state?: unknown } = {}): void {
  const before = location.href
  history[replace ? 'replaceState' : 'pushState'](state, '', `#/${to.replace(/^#?\/?/, '')}`)
  dispatchEvent(new HashChangeEvent('hashchange', { oldURL: before, newURL: location.href }))
}

/** The router's hook: the path without the query. */
export const usePlace = Object.assign((): [string, typeof navigate] => [useSyncExternalStore(subscribe, path), navigate], { hrefs: (href: string) => `#${href}` })

/** The router's hook for the query. */
export const usePlaceSearch = (): string => useSyncExternalStore(subscribe, query)

/** What stands behind the ? of the route: `useQuery().get('for')`. */
export function useQuery(): URLSearchParams {
  const text = usePlaceSearch()
  return useMemo(() => new URLSearchParams(text), [text])
}
