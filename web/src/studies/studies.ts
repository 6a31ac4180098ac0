import type { Study } from '../core/research'

/** Studies as a person looks for them: where one takes part, what one may decide on, what comes, what is over. Those that one runs or guards are at the desk. */
export function arranged(studies: readonly Study[]): Record<'mine' | 'open' | 'coming' | 'over', Study[]> {
  const byEnd = [...studies].sort((a, b) => a.ends.localeCompare(b.ends) || a.study.localeCompare(b.study))
  const others = byEnd.filter(study => !takesPart(study) && study.role === null)
  return {
    mine: byEnd.filter(takesPart),
    open: others.filter(study => study.state === 'open'),
    coming: others.filter(study => study.state === 'future'),
    over: others.filter(study => study.state === 'ended').reverse(),
  }
}

/** How many figures and properties go into shares. */
export const figuresOf = ({ variables, attributes }: Pick<Study, 'variables' | 'attributes'>): number => variables.length + attributes.length

export const askedFor = (study: Pick<Study, 'resources' | 'variables' | 'attributes'>): 'both' | 'copy' | 'figures' | 'nothing' =>
  (study.resources.length > 0 ? (figuresOf(study) > 0 ? 'both' : 'copy') : figuresOf(study) > 0 ? 'figures' : 'nothing')

/** Also who has begun to contribute, and who has withdrawn. */
const takesPart = ({ part }: Study): boolean => part !== 'none'

/** Whether this account may contribute now, for the first time or to finish what it has begun. */
export const mayJoin = ({ state, part, role }: Study): boolean => state === 'open' && (part === 'none' || part === 'started') && role === null

/** A name of the study's own, for readers: "heart-rate" is "heart rate". */
export const spoken = (symbol: string): string => symbol.replaceAll('-', ' ')

/** How often each method was used, most often first. */
export function byMethod(changes: readonly { method: string, count: number }[]): { method: string, count: number }[] {
  const counts = new Map<string, number>()
  for (const { method, count } of changes) counts.set(method, (counts.get(method) ?? 0) + count)
  return [...counts].map(([method, count]) => ({ method, count })).sort((a, b) => b.count - a.count || a.method.localeCompare(b.method))
}
