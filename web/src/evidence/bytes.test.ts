import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { entropyOf, fromBase64, hexLines, looks } from './bytes'
import { byParty, kindOfHolding } from './holdings'
import type { Holding } from '../core/api'

test('a dump has offset, sixteen bytes and their characters', () => {
  expect(hexLines(new TextEncoder().encode('salusfrg\u0001\u0001\u0004\u0008 and then'))).toEqual([
    { offset: '00000000', hex: '73 61 6c 75 73 66 72 67  01 01 04 08 20 61 6e 64', text: 'salusfrg···· and' }, { offset: '00000010', hex: '20 74 68 65 6e', text: ' then' },
  ])
  expect(hexLines(new Uint8Array())).toEqual([])
})

test('what repeats is one star, and the last line is told', () => {
  expect(hexLines(new Uint8Array(100)).map(line => [line.offset, line.hex === '*'])).toEqual([['00000000', false], ['00000010', true], ['00000060', false]])
})

test('every byte of a dump can be read back', () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i * 7 & 255)
  const back = hexLines(bytes).flatMap(line => line.hex.split(/\s+/).map(pair => Number.parseInt(pair, 16)))
  expect(Uint8Array.from(back)).toEqual(bytes)
  expect(hexLines(bytes, 32, 16)).toEqual([hexLines(bytes)[2]])
})

describe('how random bytes look', () => {
  test('entropy is that of the counts', () => {
    expect(entropyOf(new Uint8Array(100))).toBe(0)
    expect(entropyOf(Uint8Array.from({ length: 256 }, (_, i) => i))).toBeCloseTo(8)
    expect(entropyOf(Uint8Array.of(1, 2, 1, 2))).toBe(1)
  })
  test.each([64, 80, 96, 128, 160, 240, 511, 512, 700, 1100, 4096, 65_536])('%i random bytes look random, whatever their number', n => {
    for (let i = 0; i < 20; i++) expect(looks(randomBytes(n))).toBe('random')
  })
  test('text and headers do not', () => {
    expect(looks(new TextEncoder().encode('Nothing of this is random, although it has many different letters. '.repeat(20)))).toBe('structured')
    expect(looks(new Uint8Array(4096))).toBe('structured')
    expect(looks(new TextEncoder().encode('{"resourceType":"Observation","status":"final","code":{"text":"Heart rate"}}'))).not.toBe('random')
    expect(looks(Uint8Array.from([...randomBytes(500), ...new Uint8Array(700)]))).not.toBe('random')
    expect(looks(Uint8Array.of(1, 2, 3))).toBeNull()
  })
})

test('what is no base64 is nothing', () => { expect([fromBase64('AQI='), fromBase64('?')]).toEqual([Uint8Array.of(1, 2), new Uint8Array()]) })

describe('holdings', () => {
  const holding = (party: string, role: Holding['role'], what: string, total = 10): Holding => ({ party, role, what, total, bytes: '', failure: null })
  test('are shown by server: the cloud, then the trustees, then the stores', () => {
    const parties = byParty([holding('north', 'store', 'fragment 2'), holding('trustee-b', 'trustee', 'nothing', 0), holding('cloud', 'cloud', 'capsule'), holding('north', 'store', 'fragment 1'),
      holding('cloud', 'cloud', 'signed header')])
    expect(parties.map(({ party, total, holdings }) => [party, total, holdings.map(one => one.what)])).toEqual([
      ['cloud', 20, ['capsule', 'signed header']], ['trustee-b', 0, ['nothing']], ['north', 20, ['fragment 1', 'fragment 2']],
    ])
  })
  test.each([
    ['signed header', 'header'], ['sealed metadata', 'metadata'], ['capsule', 'capsule'], ['signed index updates of the partition', 'index'], ['fragment 12', 'fragment'], ['no fragment',
      'noFragment'],
    ['sealed share of grant 0f', 'share'], ['nothing', 'nothing'], ['something else', 'other'],
  ])('%s is %s', (what, kind) => { expect(kindOfHolding(what)).toBe(kind) })
})
