import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { de } from './de'
import { en } from './en'
import { researchCatalogues } from './research'

const source = new URL('..', import.meta.url).pathname

/** The code that shows text: all but the catalogues and the tests. */
const code = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter(path => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path) && !path.startsWith('text/'))
  .map(path => readFileSync(join(source, path), 'utf8')).join('\n')

const words = new Set(code.match(/[A-Za-z][\w-]*/g))

/** Keys that no code names. Errors have those of the core (tests/Browser/Operations/ContractTests.cs), and what is looked up by a value (`t.roles[role]`,
  `Object.hasOwn(errors.alarms, …)`) is looked at as a whole. */
function unused(text: object, path: string): string[] {
  return Object.entries(text).flatMap(([key, value]) => {
    const here = `${path}.${key}`
    if (!words.has(key)) return [here]
    const isLookedUp = new RegExp(`\\b${key}\\b!?(\\[|[,)]| as | satisfies )`).test(code)
    return typeof value === 'object' && value !== null && !Array.isArray(value) && !isLookedUp ? unused(value as object, here) : []
  })
}

test.each([['en', { ...en, ...researchCatalogues.en }], ['de', { ...de, ...researchCatalogues.de }]] as const)('every text of %s is shown somewhere', (_, catalogue) => {
  expect(Object.entries(catalogue).flatMap(([area, text]) => (area === 'errors' ? [] : unused(text, area)))).toEqual([])
})
