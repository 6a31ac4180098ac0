import dicomParser, { type DataSet } from 'dicom-parser'
import { decodeBrowserJpeg, decodeJpeg2000, decodeJpegLs } from './codecs'
import { syntax, textOf } from './dataset'
import { decodeJpegLossless } from './jpegLossless'
import { decodeRle } from './rle'

// From elements to samples: one frame at a time, so that a long series costs the memory of one.

export interface ImageShape {
  rows: number
  columns: number
  samples: number
  bitsAllocated: number
  bitsStored: number
  signed: boolean
  planar: boolean
  photometric: string
  frames: number
}

/** Samples of a frame; those of a pixel stand beside each other. `photometric` is what they mean after decoding. */
export interface Frame { rows: number, columns: number, samples: number, bits: number, photometric: string, values: Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array }

export class PixelFailure extends Error {
  readonly reason: 'noImage' | 'coding' | 'damaged'
  constructor(reason: 'noImage' | 'coding' | 'damaged') {
    super(reason)
    this.reason = reason
  }
}

const maxPixels = 1 << 26

export function shapeOf(dataSet: DataSet): ImageShape | null {
  const number = (tag: string) => dataSet.uint16(tag) ?? 0
  const [rows, columns, samples] = [number('x00280010'), number('x00280011'), number('x00280002') || 1]
  const bitsAllocated = number('x00280100')
  if (!dataSet.elements.x7fe00010 || !rows || !columns || rows * columns > maxPixels || samples > 3 || ![1, 8, 16, 32].includes(bitsAllocated)) return null
  const bitsStored = number('x00280101')
  return {
    rows, columns, samples, bitsAllocated,
    bitsStored: bitsStored > 0 && bitsStored <= bitsAllocated ? bitsStored : bitsAllocated,
    signed: number('x00280103') === 1,
    planar: number('x00280006') === 1,
    photometric: textOf(dataSet, 'x00280004') || 'MONOCHROME2',
    frames: Math.max(1, Math.min(100_000, Math.trunc(Number(dataSet.string('x00280008'))) || 1)),
  }
}

export async function frameOf(dataSet: DataSet, transferSyntax: string, shape: ImageShape, index: number): Promise<Frame> {
  const element = dataSet.elements.x7fe00010!
  if (!element.encapsulatedPixelData) return nativeFrame(dataSet, transferSyntax, shape, index)
  const encoded = encapsulated(dataSet, shape, index)
  const frame = { rows: shape.rows, columns: shape.columns, samples: shape.samples, bits: shape.bitsStored, photometric: shape.photometric }
  switch (transferSyntax) {
    case syntax.rle: {
      const bytes = decodeRle(encoded, shape.rows * shape.columns, shape.samples, shape.bitsAllocated >> 3)
      if (!bytes) throw new PixelFailure('damaged')
      return { ...frame, values: typed(bytes, shape) }
    }
    case syntax.jpegLossless:
    case syntax.jpegLosslessFirst: {
      const image = decodeJpegLossless(encoded)
      if (!image || image.components !== shape.samples) throw new PixelFailure('damaged')
      return { ...frame, rows: image.height, columns: image.width, values: signedIf(image.samples, shape) }
    }
    case syntax.jpegLs:
    case syntax.jpegLsNear:
    case syntax.jpeg2000Lossless:
    case syntax.jpeg2000: {
      const isJpegLs = transferSyntax === syntax.jpegLs || transferSyntax === syntax.jpegLsNear
      const image = await (isJpegLs ? decodeJpegLs(encoded) : decodeJpeg2000(encoded)).catch(() => { throw new PixelFailure('damaged') })
      if (image.components !== shape.samples || image.bytes.length < image.width * image.height * image.components * (image.bits > 8 ? 2 : 1)) throw new PixelFailure('damaged')
      const coded = { ...shape, rows: image.height, columns: image.width, bitsAllocated: image.bits > 8 ? 16 : 8, signed: image.signed ?? shape.signed }
      const bytes = image.planar ? interleave(image.bytes, image.width * image.height, image.components, coded.bitsAllocated >> 3) : image.bytes
      // The codec has undone its own colour transform.
      return { ...frame, rows: image.height, columns: image.width, photometric: /^YBR_(ICT|RCT)/.test(shape.photometric) ? 'RGB' : shape.photometric, values: typed(bytes, coded) }
    }
    case syntax.jpegBaseline:
    case syntax.jpegExtended: {
      const image = await decodeBrowserJpeg(encoded).catch(() => { throw new PixelFailure(transferSyntax === syntax.jpegExtended ? 'coding' : 'damaged') })
      const count = image.width * image.height
      const values = new Uint8Array(count * shape.samples)
      for (let i = 0; i < count; i++) for (let s = 0; s < shape.samples; s++) values[i * shape.samples + s] = image.data[i * 4 + s]!
      return { ...frame, rows: image.height, columns: image.width, bits: 8, photometric: shape.samples === 3 ? 'RGB' : shape.photometric, values }
    }
    default:
      throw new PixelFailure('coding')
  }
}

function nativeFrame(dataSet: DataSet, transferSyntax: string, shape: ImageShape, index: number): Frame {
  const element = dataSet.elements.x7fe00010!
  const count = shape.rows * shape.columns
  const half = shape.photometric === 'YBR_FULL_422' && shape.samples === 3 && shape.bitsAllocated === 8
  const length = half ? count * 2 : Math.ceil(count * shape.samples * shape.bitsAllocated / 8)
  const from = element.dataOffset + index * length
  if (from + length > dataSet.byteArray.length || (index + 1) * length > element.length + 1) throw new PixelFailure('damaged')
  let bytes: Uint8Array = (dataSet.byteArray as Uint8Array).slice(from, from + length)
  const frame = { rows: shape.rows, columns: shape.columns, samples: shape.samples, bits: shape.bitsStored, photometric: shape.photometric }
  if (shape.bitsAllocated === 1) {
    const values = new Uint8Array(count)
    for (let i = 0; i < count; i++) values[i] = bytes[i >> 3]! >> (i & 7) & 1
    return { ...frame, values }
  }
  if (half) {
    const values = new Uint8Array(count * 3)
    for (let pair = 0, at = 0; at + 3 < bytes.length; pair += 6, at += 4)
      values.set([bytes[at]!, bytes[at + 2]!, bytes[at + 3]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!], pair)
    return { ...frame, values, photometric: 'YBR_FULL' }
  }
  const size = shape.bitsAllocated >> 3
  // In big endian files 8-bit samples may stand in 16-bit words; then they are swapped as well.
  if (transferSyntax === syntax.bigEndian && (size > 1 || element.vr === 'OW')) swap(bytes, Math.max(2, size))
  if (shape.planar && shape.samples > 1) bytes = interleave(bytes, count, shape.samples, size)
  return { ...frame, values: typed(bytes, shape) }
}

/** The fragments of one frame, joined. */
function encapsulated(dataSet: DataSet, shape: ImageShape, index: number): Uint8Array {
  const element = dataSet.elements.x7fe00010!
  const fragments = element.fragments ?? []
  try {
    if (element.basicOffsetTable?.length) return dicomParser.readEncapsulatedImageFrame(dataSet, element, index) as Uint8Array
    if (fragments.length === shape.frames) return dicomParser.readEncapsulatedPixelDataFromFragments(dataSet, element, index, 1) as Uint8Array
    if (shape.frames === 1) return dicomParser.readEncapsulatedPixelDataFromFragments(dataSet, element, 0, fragments.length) as Uint8Array
    return dicomParser.readEncapsulatedImageFrame(dataSet, element, index, dicomParser.createJPEGBasicOffsetTable(dataSet, element)) as Uint8Array
  } catch {
    throw new PixelFailure('damaged')
  }
}

function swap(bytes: Uint8Array, size: number): void {
  for (let at = 0; at + size <= bytes.length; at += size) bytes.subarray(at, at + size).reverse()
}

function interleave(bytes: Uint8Array, pixels: number, samples: number, size: number): Uint8Array {
  const mixed = new Uint8Array(pixels * samples * size)
  for (let s = 0; s < samples; s++)
    for (let i = 0; i < pixels; i++)
      for (let b = 0; b < size; b++) mixed[(i * samples + s) * size + b] = bytes[(s * pixels + i) * size + b]!
  return mixed
}

/** Little-endian bytes as numbers, without the bits above those stored. */
function typed(bytes: Uint8Array, shape: ImageShape): Frame['values'] {
  const whole = bytes.byteOffset % 4 ? bytes.slice() : bytes
  if (shape.bitsAllocated === 8) return shape.signed ? Int16Array.from(whole, value => value << 24 >> 24) : whole
  if (shape.bitsAllocated === 32) {
    const length = whole.length >> 2
    return shape.signed ? new Int32Array(whole.buffer, whole.byteOffset, length) : new Uint32Array(whole.buffer, whole.byteOffset, length)
  }
  return signedIf(new Uint16Array(whole.buffer, whole.byteOffset, whole.length >> 1), shape)
}

function signedIf(values: Uint16Array, shape: ImageShape): Uint16Array | Int16Array {
  const unused = 16 - Math.min(16, shape.bitsStored)
  if (shape.signed) {
    const signed = new Int16Array(values.buffer, values.byteOffset, values.length)
    if (unused) for (let i = 0; i < signed.length; i++) signed[i] = signed[i]! << 16 + unused >> 16 + unused
    return signed
  }
  if (unused) for (let i = 0; i < values.length; i++) values[i] = values[i]! & 0xffff >> unused
  return values
}
