import { expect, test } from 'vitest'
import { decodeRle } from './rle'

function segments(...planes: number[][]): Uint8Array {
  const bytes = new Uint8Array(64 + planes.reduce((sum, plane) => sum + plane.length, 0))
  const header = new DataView(bytes.buffer)
  header.setUint32(0, planes.length, true)
  planes.reduce((at, plane, i) => {
    header.setUint32(4 + i * 4, at, true)
    bytes.set(plane, at)
    return at + plane.length
  }, 64)
  return bytes
}

test('literal and repeated runs are unpacked', () => {
  expect(decodeRle(segments([2, 7, 8, 9, 0xfe, 5]), 6, 1, 1)).toEqual(Uint8Array.of(7, 8, 9, 5, 5, 5))
})

test('the first plane of a word is its high byte', () => {
  expect(decodeRle(segments([0xff, 1], [1, 2, 3]), 2, 1, 2)).toEqual(Uint8Array.of(2, 1, 3, 1))
})

test('planes of colours stand beside each other', () => {
  expect(decodeRle(segments([1, 1, 2], [1, 3, 4], [1, 5, 6]), 2, 3, 1)).toEqual(Uint8Array.of(1, 3, 5, 2, 4, 6))
})

test.each([
  ['too few bytes', segments([1, 7]), 6],
  ['a run that ends early', segments([0xfe, 5]), 6],
  ['another number of planes', segments([0, 1], [0, 1]), 1],
  ['no header', new Uint8Array(10), 1],
])('%s is refused', (_, bytes, pixels) => {
  expect(decodeRle(bytes, pixels, 1, 1)).toBeNull()
})

test('a segment that begins before its header ends is refused', () => {
  const bytes = segments([0, 1])
  new DataView(bytes.buffer).setUint32(4, 8, true)
  expect(decodeRle(bytes, 1, 1, 1)).toBeNull()
})
