import { expect, test } from 'vitest'
import { IdleClock } from './idle'

function clock(limit = 1000) {
  let time = 0
  let idle = 0
  const made = new IdleClock(limit, () => time, () => { idle++ })
  return { made, at: (t: number) => { time = t }, idle: () => idle }
}

test('input puts it off', () => {
  const { made, at, idle } = clock()
  for (let t = 0; t < 10_000; t += 999) {
    at(t)
    made.touch()
  }
  made.check()
  expect(idle()).toBe(0)
})

test('after the limit it says so, once', () => {
  const { made, at, idle } = clock()
  at(1000)
  made.check()
  at(5000)
  made.check()
  made.touch()
  made.check()
  expect(idle()).toBe(1)
})

test('the first input after a long sleep comes too late', () => {
  const { made, at, idle } = clock()
  at(60_000)
  made.touch()
  expect(idle()).toBe(1)
})

test('a clock that was set back does not make it wait longer than the limit', () => {
  const { made, at, idle } = clock()
  at(-1_000_000)
  made.check()
  at(-1_000_000 + 999)
  made.check()
  expect(idle()).toBe(0)
  at(-1_000_000 + 1000)
  made.check()
  expect(idle()).toBe(1)
})
