import { expect, test } from 'vitest'
import type { Alarm } from '../core/api'
import { isAlarmed } from './alarmed'

const alarm = (message: string, more: Partial<Alarm> = {}): Alarm =>
  ({ id: '1', at: '2026-01-01T00:00:00Z', kind: 'KeyChanged', message, operation: 'share.propose', acknowledged: false, ...more })
const said = 'The cloud shows other keys, or another name, for lab@example.org than before. Ask lab@example.org whether they made a new account.'

test('the contact that an alarm names is alarmed', () => {
  expect(isAlarmed('lab@example.org', [alarm(said)])).toBe(true)
  expect(isAlarmed('lab@example.org', [alarm('Changed: lab@example.org.')])).toBe(true)
})

test('one whose address only ends like it is not', () => {
  for (const other of ['b@example.org', 'example.org', 'lab@example', 'other@example.org']) expect(isAlarmed(other, [alarm(said)])).toBe(false)
})

test('neither is one whose alarm was acknowledged, or is of another kind', () => {
  expect(isAlarmed('lab@example.org', [alarm(said, { acknowledged: true }), alarm(said, { kind: 'Rollback' })])).toBe(false)
})
