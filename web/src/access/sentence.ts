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

/** What one opening of a record asks for in several steps, a few minutes apart at most, is one line: the newest first. `events` as they are listed. */
export function together(events: AccessEvent[]): AccessEvent[][] {
  const lines: AccessEvent[][] = []
  for (const event of events) {
    const line = lines.at(-1)
    if (line && sameLine(line.at(-1)!, event)) line.push(event)
    else lines.push([event])
  }
  return lines
}

const oneLine = 10 * 60 * 1000

const sameLine = (newer: AccessEvent, older: AccessEvent): boolean => Date.parse(newer.at) - Date.parse(older.at) <= oneLine && said(newer) === said(older)

const said = ({ account, kind, grant, partition, beforeNotice, answeredBy, items }: AccessEvent): string =>
  JSON.stringify([account, kind, grant, partition, beforeNotice, answeredBy.length > 0, items.map(item => item.id).sort()])
