import type { Estimate, StatisticsAnswer } from '../core/research'

/** An answer on the screen. `each`: the attribute for each category of which it was asked; `lacking`: those of which there is no answer, for the reason `why`. */
export interface Result {
  title: string
  each: string | null
  kind: StatisticsAnswer['kind'] | 'groups'
  unit: string
  estimates: Estimate[]
  why: StatisticsAnswer['why']
  lacking: string[]
  participants: Estimate | null
  cost: number
  queries: string[]
  complaints: string[]
}

export const resultOf = ({ query, cost, kind, unit, estimates, why, participants, complaints }: StatisticsAnswer): Result =>
  ({ title: query, each: null, kind, unit, estimates, why, lacking: [], participants, cost, queries: [query], complaints })

/** The same number of several groups beside each other; groups without an answer are left out, and why is said. */
export function grouped(title: string, each: string, answers: readonly { label: string, answer: StatisticsAnswer }[]): Result {
  return {
    title, each, kind: 'groups', unit: answers[0]?.answer.unit ?? '', participants: null, cost: answers.reduce((sum, { answer }) => sum + answer.cost, 0),
    queries: answers.map(({ answer }) => answer.query), complaints: [...new Set(answers.flatMap(({ answer }) => answer.complaints))],
    why: answers.map(({ answer }) => answer.why).find(why => why !== null) ?? null,
    lacking: answers.filter(({ answer }) => answer.why !== null).map(({ label }) => label),
    estimates: answers.flatMap(({ label, answer }) => answer.estimates.map(estimate => ({ ...estimate, label: answer.estimates.length > 1 ? `${label}: ${estimate.label}` : label }))),
  }
}

/** Whether there are several numbers of one kind to draw: not coefficients, each of which has a unit of its own. */
export const isDrawn = ({ kind, estimates }: Result): boolean => (kind === 'histogram' || kind === 'groups') && estimates.length > 1

/** Text that a table program reads as text: quoted where it has to be, and never as a formula. */
const cell = (text: string): string => {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

export const csvOf = ({ estimates }: Result): string => ['label,value,error95', ...estimates.map(({ label, value, error }) => `${cell(label)},${value},${error}`), ''].join('\n')

export const jsonOf = ({ queries, kind, unit, estimates, participants, cost }: Result): string => `${JSON.stringify({ queries, kind, unit, cost, participants, estimates }, null, 2)}\n`

/** As many digits as the error leaves: two of the error, at most six behind the point. */
export function digitsOf({ value, error }: Estimate): number {
  if (error === 0) return Number.isInteger(value) ? 0 : 3
  return Math.max(0, Math.min(6, 1 - Math.floor(Math.log10(error))))
}

/** How far the axis goes: from zero for counts, else what the bars of error need, with some room. */
export function extentOf(estimates: readonly Estimate[], fromZero: boolean): [number, number] {
  const ends = estimates.flatMap(({ value, error }) => [value - error, value + error])
  const [low, high] = [Math.min(...ends, ...(fromZero ? [0] : [])), Math.max(...ends, ...(fromZero ? [0] : []))]
  const room = (high - low || Math.abs(high) || 1) * 0.08
  return [fromZero && low === 0 ? 0 : low - room, high + room]
}

/** The ends of a class, "60..100"; null for any other label. */
export function classOf(label: string): [number, number] | null {
  const ends = /^(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)$/.exec(label)
  return ends ? [Number(ends[1]), Number(ends[2])] : null
}
