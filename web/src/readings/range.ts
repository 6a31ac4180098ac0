import { beginningOf } from '../sharing/days'

// Which readings are looked at, and what they come to.

export const spans = ['day', 'week', 'month', 'year', 'all', 'days'] as const
export type Span = typeof spans[number]

/** `from` and `to` are days as a date field has them; they count for the span "days", and the last day belongs to it. */
export interface Range { span: Span, from: string, to: string }

const lengths: Record<Exclude<Span, 'all' | 'days'>, number> = { day: 1, week: 7, month: 30, year: 365 }

/** The beginning and the end in UTC, both included; null for what has none. A span ends now. "fault" for days that are none. */
export function boundsOf({ span, from, to }: Range, now: Date): { from: string | null, to: string | null } | 'fault' {
  if (span === 'all') return { from: null, to: null }
  if (span === 'days') {
    const [begin, end] = [from === '' ? null : beginningOf(from), to === '' ? null : endOf(to)]
    if (from !== '' && begin === null || to !== '' && end === null || begin !== null && end !== null && begin >= end) return 'fault'
    return { from: begin, to: end }
  }
  return { from: new Date(now.getTime() - lengths[span] * 864e5).toISOString(), to: null }
}

/** The last millisecond of a day where the user is. */
function endOf(day: string): string | null {
  const begin = beginningOf(day)
  if (begin === null) return null
  const date = new Date(begin)
  date.setDate(date.getDate() + 1)
  return new Date(date.getTime() - 1).toISOString()
}

export interface Summary { count: number, least: number, mean: number, most: number }

/** Null when there is nothing to sum up. */
export function summaryOf(values: readonly number[]): Summary | null {
  if (values.length === 0) return null
  let [least, most, sum] = [Infinity, -Infinity, 0]
  for (const value of values) {
    least = Math.min(least, value)
    most = Math.max(most, value)
    sum += value
  }
  return { count: values.length, least, mean: sum / values.length, most }
}

/** Values as `salus sense` takes them back. */
export const csvOf = (times: readonly number[], values: readonly number[], decimals: number): string =>
  ['time,value', ...times.map((time, at) => `${new Date(time).toISOString()},${values[at]!.toFixed(decimals)}`), ''].join('\n')
