import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { CoreError } from '../core/api'
import { de } from '../text/de'
import { en } from '../text/en'
import { explain, toneOf } from './explain'
import { groupsOf } from './fingerprint'
import { strengthOf } from './strength'
import { visible } from './visible'

const error = (kind: CoreError['kind'], code = ''): CoreError => ({ kind, code, message: '', party: null })

test('every kind of failure is said in words, in every language', () => {
  for (const { errors } of [en, de])
    for (const kind of ['cannot', 'alarm', 'refused', 'unreachable', 'locked', 'cancelled', 'fault'] as const)
      expect(explain(error(kind), errors).what).not.toBe('')
})

test('a code says it better than its kind', () => {
  expect(explain(error('refused', 'code-refused'), en.errors)).toBe(en.errors.refused['code-refused'])
  expect(explain(error('cannot', 'wrong-passphrase'), en.errors)).toBe(en.errors.cannot['wrong-passphrase'])
  expect(explain(error('alarm', 'KeyChanged'), en.errors)).toBe(en.errors.alarms.KeyChanged)
})

/** The constants of a C# class, as the core and the servers name them. */
const constantsOf = (path: string): string[] =>
  Array.from(readFileSync(new URL(`../../../src/${path}`, import.meta.url), 'utf8').matchAll(/const string \w+ = "([a-z-]+)";/g), found => found[1]!)

test('every reason of the core has words of its own', () => {
  const reasons = constantsOf('Client/Reasons.cs')
  expect(reasons.length).toBeGreaterThan(50)
  expect(reasons.filter(reason => !Object.hasOwn(en.errors.cannot, reason))).toEqual([])
})

test('every problem that a server names has words of its own', () => {
  const problems = constantsOf('Protocol/Http/Problems.cs')
  expect(problems.length).toBeGreaterThan(10)
  // What a page never meets: its requests are what the route takes.
  expect(problems.filter(problem => !Object.hasOwn(en.errors.refused, problem))).toEqual(['bad-request'])
})

test('an unknown code, also one that every object has, is said by its kind', () => {
  for (const code of ['something-new', 'constructor', 'toString', '__proto__']) {
    expect(explain(error('refused', code), en.errors)).toBe(en.errors.kinds.refused)
    expect(explain(error('cannot', code), en.errors)).toBe(en.errors.kinds.cannot)
    expect(explain(error('alarm', code), en.errors)).toBe(en.errors.alarms.Integrity)
  }
})

test('a code of one kind is not taken for that of another', () => {
  expect(explain(error('cannot', 'code-refused'), en.errors)).toBe(en.errors.kinds.cannot)
  expect(explain(error('unreachable', 'page'), en.errors)).toBe(en.errors.kinds.unreachable)
})

test('only an alarm looks like one', () => {
  expect(toneOf(error('alarm', 'Rollback'))).toBe('alarm')
  expect(toneOf(error('cancelled'))).toBe('quiet')
  expect(toneOf(error('fault'))).toBe('problem')
})

test('a fingerprint has twelve groups of five digits, or is none', () => {
  const digits = '0123456789'.repeat(6)
  expect(groupsOf(digits)).toHaveLength(12)
  expect(groupsOf(digits.replace(/(.{5})/g, '$1 '))?.[0]).toBe('01234')
  for (const none of ['', digits.slice(1), `${digits}0`, digits.replace('0', 'a'), digits.replace('0', '٠')]) expect(groupsOf(none)).toBeNull()
})

test('what is not seen is shown as a space', () => {
  expect(visible('a\u202eb\u0000c\u200bd\ufeffe\u2028f')).toBe('a b c d e f')
  expect(visible('Jörg Müller 医院 🏥')).toBe('Jörg Müller 医院 🏥')
})

test('the strength of a passphrase is hinted by length and words', () => {
  expect(strengthOf('')).toBe('none')
  expect(strengthOf('hunter2')).toBe('short')
  expect(strengthOf('aaaaaaaaaaaaaaaaaaaaaaaa')).toBe('short')
  expect(strengthOf('winter garden')).toBe('fair')
  expect(strengthOf('alpha alpha alpha alpha alpha')).toBe('fair')
  expect(strengthOf('cloud ladder onion spoon river')).toBe('good')
  expect(strengthOf('Tr0ub4dor&3-and-more-of-it')).toBe('good')
})
