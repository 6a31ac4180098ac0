import { expect, test } from 'vitest'
import { codeOf } from './code'

test.each([
  ['12345678', '12345678'],
  [' 1234-5678 ', '12345678'],
  ['Ihr Code: 1234 5678.', '12345678'],
  ['123456789', '12345678'],
  ['', ''],
  ['٠١٢', ''],
])('%s is read as %s', (typed, code) => {
  expect(codeOf(typed)).toBe(code)
})
