import type { CohortFigures, CohortReport, ReleaseRules } from '../core/research'

/** Why nothing can be released; null when something can. */
export type Refusal = 'nobody' | 'cohort' | 'generalisation'

export function refusalOf({ participants, release }: Pick<CohortReport, 'participants' | 'release'>, { minimumCohort }: ReleaseRules): Refusal | null {
  if (release) return null
  return participants === 0 ? 'nobody' : participants < minimumCohort ? 'cohort' : 'generalisation'
}

export type Measure = 'rows' | 'suppressed' | 'classes' | 'k' | 'l' | 't' | 'uniques' | 'risk'

/** A line of what was found: before, after, and what the study demands; shares are those that are said in percent. */
export interface MeasureRow { measure: Measure, before: number | null, after: number | null, atLeast?: number, atMost?: number, isShare: boolean }

export function measuresOf({ before, release }: Pick<CohortReport, 'before' | 'release'>, rules: ReleaseRules): MeasureRow[] {
  const after = release?.figures ?? null
  const row = (measure: keyof CohortFigures, isShare: boolean, demanded: { atLeast?: number, atMost?: number } = {}): MeasureRow =>
    ({ measure, before: before?.[measure] ?? null, after: after?.[measure] ?? null, isShare, ...demanded })
  const all = before?.rows ?? 0
  const rows: MeasureRow[] = [
    row('rows', false, { atLeast: rules.minimumCohort }),
    { measure: 'suppressed', before: null, after: release && all > 0 ? release.suppressed / all : null, atMost: rules.suppression, isShare: true },
    row('classes', false), row('k', false, { atLeast: rules.k }), row('l', false, rules.l > 1 ? { atLeast: rules.l } : {}), row('t', true, rules.t < 1 ? { atMost: rules.t } : {}), row('uniques', false),
    row('risk', true, { atMost: 1 / rules.k }),
  ]
  return rows.filter(({ measure, before: was, after: is }) => measure !== 'l' && measure !== 't' || was !== null || is !== null)
}
