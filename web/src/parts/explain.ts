import type { AlarmKind, CoreError } from '../core/api'
import type { Catalogue } from '../text'

/** An error in the reader's words: what happened, what is safe, what to do. Empty strings for what there is nothing to say about. */
export interface Explanation { what: string, safe: string, advice: string }

type Errors = Catalogue['errors']

/**
 * Looks up what is said about an error: by its code, else by its kind. A code that the catalogue does not know is no reason to say nothing. `operation`: where it happened, if that is
 * known and there may be more to say.
 */
export function explain(error: CoreError, errors: Errors, operation = ''): Explanation {
  const special: Record<string, Record<string, Explanation>> = errors.during
  if (error.kind === 'alarm' && Object.hasOwn(special, operation) && Object.hasOwn(special[operation]!, error.code)) return special[operation]![error.code]!
  if (error.kind === 'alarm') return Object.hasOwn(errors.alarms, error.code) ? errors.alarms[error.code as AlarmKind] : errors.alarms.Integrity
  const codes: Record<string, Explanation> = error.kind === 'refused' ? errors.refused : error.kind === 'cannot' ? errors.cannot : error.kind === 'fault' ? errors.fault : {}
  return (Object.hasOwn(codes, error.code) ? codes[error.code] : undefined) ?? errors.kinds[error.kind]
}

/** The page itself is not what it should be: `code` is the alarm's. Other alarms come up while it is checked, too. */
export const isOfPage = (operation: string, code: string): boolean => operation === 'page.check' && ['Integrity', 'Rollback', 'Unlogged'].includes(code)

export type Tone = 'alarm' | 'problem' | 'quiet'

/** Alarms look like alarms, and what a person stopped looks like nothing much. */
export const toneOf = (error: CoreError): Tone => (error.kind === 'alarm' ? 'alarm' : error.kind === 'cancelled' ? 'quiet' : 'problem')
