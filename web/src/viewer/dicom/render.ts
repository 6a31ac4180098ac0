import type { DataSet } from 'dicom-parser'
import type { Frame } from './pixels'

// From samples to colours on the screen: modality values, window and level (PS3.3 C.11.2.1.2), palettes and YBR.

export interface Window { center: number, width: number }

export interface Meaning {
  slope: number
  intercept: number
  padding: number | null
  window: Window | null
  palette: { first: number, red: Uint16Array, green: Uint16Array, blue: Uint16Array, bits: number } | null
}

const first = (text: string | undefined): number => Number.parseFloat((text ?? '').split('\\')[0]!)

export function meaningOf(dataSet: DataSet): Meaning {
  const [center, width] = [first(dataSet.string('x00281050')), first(dataSet.string('x00281051'))]
  const slope = first(dataSet.string('x00281053'))
  const intercept = first(dataSet.string('x00281052'))
  const signed = dataSet.uint16('x00280103') === 1
  return {
    slope: Number.isFinite(slope) && slope !== 0 ? slope : 1,
    intercept: Number.isFinite(intercept) ? intercept : 0,
    padding: (signed ? dataSet.int16('x00280120') : dataSet.uint16('x00280120')) ?? null,
    window: Number.isFinite(center) && width >= 1 ? { center, width } : null,
    palette: paletteOf(dataSet),
  }
}

function paletteOf(dataSet: DataSet): Meaning['palette'] {
  const table = (index: number): Uint16Array | null => {
    const element = dataSet.elements[`x0028120${index}`]
    const entries = dataSet.uint16(`x0028110${index}`, 0)
    const bits = dataSet.uint16(`x0028110${index}`, 2) ?? 16
    if (!element || entries === undefined) return null
    const wanted = entries || 65536
    const values = new Uint16Array(wanted)
    // Eight-bit entries may be packed in bytes or stand in words.
    const bytewise = bits === 8 && element.length < wanted * 2
    for (let i = 0; i < wanted; i++) values[i] = (bytewise ? dataSet.byteArray[element.dataOffset + i] : dataSet.uint16(`x0028120${index}`, i)) ?? 0
    return values
  }
  const [red, green, blue] = [table(1), table(2), table(3)]
  if (!red || !green || !blue) return null
  const bits = (dataSet.uint16('x00281101', 2) ?? 16) === 8 && Math.max(...[red, green, blue].map(values => values.reduce((a, b) => Math.max(a, b), 0))) < 256 ? 8 : 16
  return { first: dataSet.uint16('x00281101', 1) ?? 0, red, green, blue, bits }
}

/** The window that shows every value of a frame. */
export function fullWindow(frame: Frame, meaning: Meaning): Window {
  let [low, high] = [Infinity, -Infinity]
  for (const value of frame.values) {
    if (value === meaning.padding) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  if (low > high) return { center: 0, width: 1 }
  const [a, b] = [low * meaning.slope + meaning.intercept, high * meaning.slope + meaning.intercept]
  return { center: (a + b) / 2, width: Math.max(1, Math.abs(b - a)) }
}

/** RGBA of a frame. */
export function render(frame: Frame, meaning: Meaning, window: Window, invert: boolean, rgba: Uint8ClampedArray): void {
  if (frame.samples === 3) renderColour(frame, invert, rgba)
  else if (frame.photometric === 'PALETTE COLOR' && meaning.palette) renderPalette(frame, meaning.palette, invert, rgba)
  else renderGrey(frame, meaning, window, invert !== (frame.photometric === 'MONOCHROME1'), rgba)
}

/** Every stored value has one grey, so a table of them is made first. */
export function greyOf(value: number, meaning: Meaning, { center, width }: Window): number {
  const modality = value * meaning.slope + meaning.intercept
  if (width <= 1) return modality > center - 0.5 ? 255 : 0
  const low = center - 0.5 - (width - 1) / 2
  return Math.max(0, Math.min(255, (modality - low) / (width - 1) * 255))
}

function renderGrey(frame: Frame, meaning: Meaning, window: Window, invert: boolean, rgba: Uint8ClampedArray): void {
  const wide = frame.values instanceof Int32Array || frame.values instanceof Uint32Array
  const table = wide ? null : new Uint8ClampedArray(65536 + 32768)
  if (table) for (let i = 0; i < table.length; i++) table[i] = greyOf(i - 32768, meaning, window)
  for (let i = 0; i < frame.rows * frame.columns; i++) {
    const value = frame.values[i] ?? 0
    const grey = table ? table[value + 32768]! : greyOf(value, meaning, window)
    const shown = invert ? 255 - grey : grey
    rgba[i * 4] = shown
    rgba[i * 4 + 1] = shown
    rgba[i * 4 + 2] = shown
    rgba[i * 4 + 3] = 255
  }
}

function renderPalette(frame: Frame, palette: NonNullable<Meaning['palette']>, invert: boolean, rgba: Uint8ClampedArray): void {
  const shift = palette.bits === 8 ? 0 : 8
  const flip = invert ? 255 : 0
  for (let i = 0; i < frame.rows * frame.columns; i++) {
    const entry = Math.max(0, Math.min(palette.red.length - 1, (frame.values[i] ?? 0) - palette.first))
    rgba[i * 4] = palette.red[entry]! >> shift ^ flip
    rgba[i * 4 + 1] = palette.green[entry]! >> shift ^ flip
    rgba[i * 4 + 2] = palette.blue[entry]! >> shift ^ flip
    rgba[i * 4 + 3] = 255
  }
}

function renderColour(frame: Frame, invert: boolean, rgba: Uint8ClampedArray): void {
  const scale = 255 / (2 ** frame.bits - 1)
  const flip = (value: number) => (invert ? 255 - value : value)
  const ybr = frame.photometric.startsWith('YBR')
  for (let i = 0; i < frame.rows * frame.columns; i++) {
    const [a, b, c] = [frame.values[i * 3]! * scale, frame.values[i * 3 + 1]! * scale, frame.values[i * 3 + 2]! * scale]
    rgba[i * 4] = flip(ybr ? a + 1.402 * (c - 128) : a)
    rgba[i * 4 + 1] = flip(ybr ? a - 0.344136 * (b - 128) - 0.714136 * (c - 128) : b)
    rgba[i * 4 + 2] = flip(ybr ? a + 1.772 * (b - 128) : c)
    rgba[i * 4 + 3] = 255
  }
}
