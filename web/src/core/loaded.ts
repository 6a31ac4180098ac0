import type { CoreFailure } from './api'

/** While it loads or after it failed, `data` is what the same arguments gave before: never what others gave. */
export type Loaded<T> = { state: 'loading', data?: T } | { state: 'failed', failure: CoreFailure, data?: T } | { state: 'done', data: T }

/** What an operation gave, and of which arguments it is. */
export interface Held<T> { key: string, loaded: Loaded<T> }

export const seen = <T>(held: Held<T>, key: string): Loaded<T> => held.key === key ? held.loaded : { state: 'loading' }

export const begun = <T>(before: Held<T>, key: string): Held<T> => ({ key, loaded: { state: 'loading', data: seen(before, key).data } })

export const failed = <T>(before: Held<T>, key: string, failure: CoreFailure): Held<T> => ({ key, loaded: { state: 'failed', failure, data: seen(before, key).data } })
