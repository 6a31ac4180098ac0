import { expect, test } from 'vitest'
import { CoreFailure } from './api'
import { begun, failed, seen, type Held } from './loaded'

const withheld = new CoreFailure({ kind: 'alarm', code: 'Withheld', message: 'it is gone', party: 'cloud' })
const first: Held<string> = { key: 'show A', loaded: { state: 'done', data: 'record A' } }

test('nothing of the arguments before is shown while others load, or when they fail', () => {
  expect(seen(first, 'show B')).toEqual({ state: 'loading' })
  const loading = begun(first, 'show B')
  expect(seen(loading, 'show B').data).toBeUndefined()
  expect(seen(failed(loading, 'show B', withheld), 'show B')).toEqual({ state: 'failed', failure: withheld, data: undefined })
})

test('what is loaded again stays until it is there, and beside a failure', () => {
  const again = begun(first, 'show A')
  expect(seen(again, 'show A')).toEqual({ state: 'loading', data: 'record A' })
  expect(seen(failed(again, 'show A', withheld), 'show A')).toEqual({ state: 'failed', failure: withheld, data: 'record A' })
})
