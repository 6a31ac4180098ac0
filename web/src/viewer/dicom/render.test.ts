import { expect, test } from 'vitest'
import type { Frame } from './pixels'
import { fullWindow, greyOf, render, type Meaning } from './render'

const plain: Meaning = { slope: 1, intercept: 0, padding: null, window: null, palette: null }
const frame = (values: Frame['values'], some: Partial<Frame> = {}): Frame => ({ rows: 1, columns: values.length / (some.samples ?? 1), samples: 1, bits: 8, photometric: 'MONOCHROME2', values,
  ...some })
function shown(of: Frame, meaning = plain, window = { center: 128, width: 256 }, invert = false): number[] {
  const rgba = new Uint8ClampedArray(of.rows * of.columns * 4)
  render(of, meaning, window, invert, rgba)
  return Array.from(rgba)
}

// The example of PS3.3 C.11.2.1.2.1: center 2048, width 4096 leaves 12 bits as they are; center 2048, width 1 is a threshold.
test('window and level are those of the standard', () => {
  const whole = { center: 2048, width: 4096 }
  expect([0, 2048, 4095, 5000, -5].map(value => Math.round(greyOf(value, plain, whole)))).toEqual([0, 128, 255, 255, 0])
  expect([2047, 2048].map(value => greyOf(value, plain, { center: 2048, width: 1 }))).toEqual([0, 255])
  expect(greyOf(1024, { ...plain, slope: 1, intercept: -1024 }, { center: 0.5, width: 3 })).toBeCloseTo(127.5)
})

test('the whole window is from the lowest to the highest value, without padding', () => {
  expect(fullWindow(frame(Int16Array.of(-2000, -10, 90)), { ...plain, padding: -2000, slope: 2 })).toEqual({ center: 80, width: 200 })
  expect(fullWindow(frame(new Uint8Array(0)), plain).width).toBe(1)
})

test('MONOCHROME1 is shown inverted, and inverting that gives it back', () => {
  const values = Uint8Array.of(0, 255)
  expect(shown(frame(values))).toEqual([0, 0, 0, 255, 255, 255, 255, 255])
  expect(shown(frame(values, { photometric: 'MONOCHROME1' }))).toEqual([255, 255, 255, 255, 0, 0, 0, 255])
  expect(shown(frame(values, { photometric: 'MONOCHROME1' }), plain, undefined, true)).toEqual(shown(frame(values)))
})

test('YBR becomes the colours that it stands for', () => {
  const [red, grey] = [shown(frame(Uint8Array.of(76, 85, 255), { samples: 3, photometric: 'YBR_FULL' })), shown(frame(Uint8Array.of(100, 128, 128), { samples: 3, photometric: 'YBR_FULL' }))]
  expect(red[0]).toBeGreaterThan(252)
  expect(Math.max(red[1]!, red[2]!)).toBeLessThan(3)
  expect(grey.slice(0, 3)).toEqual([100, 100, 100])
})

test('sixteen-bit colours and palettes are brought to eight bits', () => {
  expect(shown(frame(Uint16Array.of(65535, 0, 32768), { samples: 3, photometric: 'RGB', bits: 16 })).slice(0, 3)).toEqual([255, 0, 128])
  const ramp = Uint16Array.of(0, 0x8000, 0xff00)
  expect(shown(frame(Uint8Array.of(2, 1, 9), { photometric: 'PALETTE COLOR' }), { ...plain, palette: { first: 0, red: ramp, green: ramp, blue: ramp, bits: 16 } }).filter((_,
    i) => i % 4 === 0)).toEqual([255, 128, 255])
})
