import type { AlarmKind, CoreError } from '../core/api'
import type { Catalogue } from '../text'

/** An error in the reader's words: what happened, what is safe, what to do. Empty strings for what there is nothing to say about. */
export interface Explanation { what: string, safe: string, advice: string }

type Errors = Catalogue['errors']

/** Looks up what is said about an error: by its code, else by its kind. A code that the catalogue does not know is no reason to say nothing. */
export function explain(error: CoreError, errors: Errors): Explanation {
  if (error.kind === 'alarm') return Object.hasOwn(errors.alarms, error.code) ? errors.alarms[error.code as AlarmKind] : errors.alarms.Integrity
  const codes: Record<string, Explanation> = error.kind === 'refused' ? errors.refused : error.kind === 'cannot' ? errors.cannot : error.kind === 'fault' ? errors.fault : {}
  return (Object.hasOwn(codes, error.code) ? codes[error.code] : undefined) ?? errors.kinds[error.kind]
}

export type Tone = 'alarm' | 'problem' | 'quiet'

/** Alarms look like alarms, and what a person stopped looks like nothing much. */
export const toneOf = (error: CoreError): Tone => (error.kind === 'alarm' ? 'alarm' : error.kind === 'cancelled' ? 'quiet' : 'problem')
