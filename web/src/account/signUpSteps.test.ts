import { expect, test } from 'vitest'
import { afterCreation, afterKit, position, steps } from './signUpSteps'

test('an account that nothing opens yet has its kit on paper before a passkey is made', () => {
  expect(afterCreation).toBe('kit')
  expect(afterKit(false)).toBe('passkey')
  expect(afterKit(true)).toBeNull()
})

test('each way has its steps in order', () => {
  expect((['mail', 'method', afterCreation, afterKit(false)!] as const).map(step => position(step, false))).toEqual([1, 2, 3, steps])
  expect((['mail', 'method', 'passphrase', afterCreation] as const).map(step => position(step, step === afterCreation))).toEqual([1, 2, 3, steps])
})
