import type { Hit } from '../core/api'
import { hasFilter, type FilterKey } from './query'

export interface FacetValue { value: string, count: number, chosen: boolean }
export interface Facet { kind: FilterKey | 'owner', values: FacetValue[] }

/** What the hits have in common and what sets them apart. A facet with one value that nobody chose narrows nothing and is left out. */
export function facetsOf(hits: Hit[], query: string, owner: string | null): Facet[] {
  const facets: Facet[] = [
    { kind: 'partition', values: counted(hits, hit => hit.partition, value => hasFilter(query, 'partition', value)) },
    { kind: 'date', values: counted(hits, hit => hit.date?.slice(0, 4), value => hasFilter(query, 'date', value)).sort((a, b) => b.value.localeCompare(a.value)) },
    { kind: 'from', values: counted(hits, hit => hit.source, value => hasFilter(query, 'from', value)) },
    { kind: 'owner', values: counted(hits, hit => hit.account, value => value === owner) },
  ]
  return facets.filter(facet => facet.values.length > 1 || facet.values.some(value => value.chosen))
}

function counted(hits: Hit[], of: (hit: Hit) => string | undefined, isChosen: (value: string) => boolean): FacetValue[] {
  const counts = new Map<string, number>()
  for (const hit of hits) {
    const value = of(hit)
    if (value) counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  return [...counts].map(([value, count]) => ({ value, count, chosen: isChosen(value) })).sort((a, b) => b.count - a.count || a.value.localeCompare(b.value))
}

/** The snippet cut where its marks begin and end. Marks that do not lie in the text, one behind the other, are passed over. */
export function piecesOf({ text, marks }: { text: string, marks: [number, number][] }): { text: string, marked: boolean }[] {
  const pieces: { text: string, marked: boolean }[] = []
  let at = 0
  for (const [start, end] of marks) {
    if (start < at || end <= start || end > text.length) continue
    if (start > at) pieces.push({ text: text.slice(at, start), marked: false })
    pieces.push({ text: text.slice(start, end), marked: true })
    at = end
  }
  if (at < text.length) pieces.push({ text: text.slice(at), marked: false })
  return pieces
}
