import { expect, test } from 'vitest'
import { parsePlace } from './parsePlace'

test.each([
  ['', '/', ''], ['#', '/', ''], ['#/', '/', ''], ['#/add', '/add', ''], ['#/add?for=a%40b.c', '/add', 'for=a%40b.c'], ['#/record/1?resource=X/1?2', '/record/1', 'resource=X/1?2'], ['#?x=1', '/',
    'x=1'],
])('%s', (hash, path, query) => { expect(parsePlace(hash)).toEqual({ path, query }) })
