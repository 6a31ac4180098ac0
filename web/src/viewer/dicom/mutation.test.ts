import { expect, test } from 'vitest'
import { mutate } from '../../testing/mutation'
import { readDicom, syntax, textOf } from './dataset'
import { frameOf, PixelFailure, shapeOf } from './pixels'
import { fullWindow, meaningOf, render } from './render'

// Little files in the codings that this program reads itself, and what they become when anybody alters them.

const word = (value: number) => [value & 255, value >> 8]
const text = (value: string) => Array.from(new TextEncoder().encode(value.length % 2 ? `${value}\0` : value))
const short = (tag: number, vr: string, value: number[]) => [...word(tag >>> 16), ...word(tag & 0xffff), ...text(vr), ...word(value.length), ...value]
const long = (tag: number, vr: string, length: number, value: number[]) =>
  [...word(tag >>> 16), ...word(tag & 0xffff), ...text(vr), 0, 0, ...word(length & 0xffff), ...word(length >>> 16), ...value]
const item = (value: number[]) => [0xfe, 0xff, 0x00, 0xe0, ...word(value.length), 0, 0, ...value]

function file(transferSyntax: string, bits: number, pixels: number[], photometric = 'MONOCHROME2', side = 2): Uint8Array {
  const encapsulated = transferSyntax !== syntax.explicit
  return Uint8Array.from([
    ...Array<number>(128).fill(0), ...text('DICM'), ...short(0x00020010, 'UI', text(transferSyntax)), ...short(0x00080060, 'CS', text('OT')), ...short(0x00100010, 'PN', text('Muster^Erika')),
    ...short(0x00280002, 'US', word(1)), ...short(0x00280004, 'CS', text(photometric)), ...short(0x00280008, 'IS', text('1')), ...short(0x00280010, 'US', word(side)), ...short(0x00280011, 'US', word(side)),
    ...short(0x00280100, 'US', word(bits)), ...short(0x00280101, 'US', word(bits)), ...short(0x00281050, 'DS', text('40')), ...short(0x00281051, 'DS', text('400')),
    ...(encapsulated ? long(0x7fe00010, 'OB', 0xffffffff, [...item([]), ...item(pixels), 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]) : long(0x7fe00010, 'OW', pixels.length, pixels)),
  ])
}

/** One segment of PackBits. */
const rle = [1, 0, 0, 0, 64, ...Array<number>(59).fill(0), 1, 7, 8, 0xff, 9]

/** Four samples, each the one before. */
const lossless = [0xff, 0xd8, 0xff, 0xc4, 0, 20, 0, 1, ...Array<number>(15).fill(0), 0, 0xff, 0xc3, 0, 11, 8, 0, 2, 0, 2, 1, 1, 0x11, 0, 0xff, 0xda, 0, 8, 1, 1, 0, 1, 0, 0, 0x0f, 0xff, 0xd9]

const seeds = [file(syntax.explicit, 16, [1, 0, 2, 0, 3, 0, 4, 1]), file(syntax.explicit, 8, [1, 2, 3, 4], 'MONOCHROME1'), file(syntax.rle, 8, rle), file(syntax.jpegLossless, 8, lossless)]

async function show(bytes: Uint8Array): Promise<string> {
  try {
    const { dataSet, transferSyntax, cut } = await readDicom(bytes)
    const shape = shapeOf(dataSet)
    textOf(dataSet, 'x00100010')
    if (!shape) return `no image ${String(cut)}`
    const frame = await frameOf(dataSet, transferSyntax, shape, 0)
    const meaning = meaningOf(dataSet)
    if (frame.samples === 1 && frame.values.length >= frame.rows * frame.columns)
      render(frame, meaning, meaning.window ?? fullWindow(frame, meaning), false, new Uint8ClampedArray(frame.rows * frame.columns * 4))
    return `shown ${transferSyntax} ${String(frame.values.length)} ${frame.photometric}`
  } catch (problem) {
    // What the screen calls damaged; the library throws texts.
    if (problem instanceof PixelFailure) return problem.reason
    return String(problem instanceof Error ? problem.message : problem).replace(/\d+/g, '')
  }
}

test('the files are shown as they are', async () => {
  for (const seed of seeds) expect(await show(seed)).toMatch(/^shown .* 4 MONO/)
})

test.each([
  ['runs', file(syntax.rle, 8, rle, 'MONOCHROME2', 8000)],
  ['a lossless JPEG', file(syntax.jpegLossless, 8, lossless.map((value, at) => ([29, 31].includes(at) ? 0x1f : value)), 'MONOCHROME2', 8000)],
])('no room is made for a picture that %s cannot hold', async (_, bytes) => {
  const before = process.memoryUsage().arrayBuffers
  expect(await show(bytes)).toBe('damaged')
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 20)
})

test('altered files are shown or refused, and hold nothing up', async () => {
  const ways = await mutate('dicom', seeds, 4000, show)
  expect(ways.size).toBeGreaterThan(10)
}, 120_000)
