import type { AccessEvent } from '../core/api'
import type { Catalogue } from '../text'

/** Which sentence says an access: what was done, and whether the permission that it was done by, and so its purpose, is known. What nobody has answered was announced only. */
export function sentenceOf(event: Pick<AccessEvent, 'kind' | 'purpose' | 'answeredBy'>, t: Catalogue['access']): string {
  if (event.answeredBy.length === 0) return t.announced
  switch (event.kind) {
    case 'search': return event.purpose ? t.search : t.searchEnded
    case 'readings': return event.purpose ? t.readings : t.readingsEnded
    default: return event.purpose ? t.open : t.openEnded
  }
}

/** Newest first, day by day. */
export function byDay(events: AccessEvent[]): { day: string, events: AccessEvent[] }[] {
  const days = new Map<string, AccessEvent[]>()
  for (const event of [...events].sort((one, other) => other.at.localeCompare(one.at) || other.index - one.index)) {
    const at = new Date(event.at)
    const day = new Date(at.getFullYear(), at.getMonth(), at.getDate()).toISOString()
    days.set(day, [...days.get(day) ?? [], event])
  }
  return [...days].map(([day, some]) => ({ day, events: some }))
}
