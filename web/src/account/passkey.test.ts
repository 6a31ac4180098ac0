import { expect, test } from 'vitest'
import { fromBase64Url } from './passkey'

test('base64url is read with and without the letters that differ', () => {
  expect([...fromBase64Url('-_-_')]).toEqual([0xfb, 0xff, 0xbf])
  expect([...fromBase64Url('AQI')]).toEqual([1, 2])
  expect(fromBase64Url('')).toHaveLength(0)
})
