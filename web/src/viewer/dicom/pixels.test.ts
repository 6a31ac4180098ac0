import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { data } from '../../testing/data'
import { readDicom, syntax } from './dataset'
import { frameOf, PixelFailure, shapeOf, type Frame } from './pixels'

async function frame(name: string, index = 0): Promise<Frame> {
  const { dataSet, transferSyntax } = await readDicom(new Uint8Array(readFileSync(data(`dicom/${name}`))))
  return frameOf(dataSet, transferSyntax, shapeOf(dataSet)!, index)
}

const at = ({ values, columns }: Frame, row: number, from: number, to: number) => Array.from(values.subarray(row * columns + from, row * columns + to))
const ct = (coding: string) => `CTImage.dcm_${coding}.dcm`

describe('a frame is the same in every lossless coding', () => {
  const plain = ct('LittleEndianExplicitTransferSyntax_1.2.840.10008.1.2.1')
  test.each([
    [ct('RLELosslessTransferSyntax_1.2.840.10008.1.2.5'), plain],
    [ct('JPEGLSLosslessTransferSyntax_1.2.840.10008.1.2.4.80'), plain],
    [ct('JPEG2000LosslessOnlyTransferSyntax_1.2.840.10008.1.2.4.90'), plain],
    [ct('DeflatedExplicitVRLittleEndianTransferSyntax_1.2.840.10008.1.2.1.99'), plain],
    ['MR_small_RLE.dcm', 'MR_small.dcm'],
    ['MR_small_jpeg_ls_lossless.dcm', 'MR_small.dcm'],
    ['MR_small_bigendian.dcm', 'MR_small.dcm'],
    ['MR_small_implicit.dcm', 'MR_small.dcm'],
    ['OBXXXX1A_rle.dcm', 'OBXXXX1A.dcm'],
    ['liver_expb.dcm', 'liver.dcm'],
    ['color-pl.dcm', 'color-px.dcm'],
  ])('%s', async (coded, raw) => {
    const [a, b] = [await frame(coded), await frame(raw)]
    expect([a.rows, a.columns, a.samples]).toEqual([b.rows, b.columns, b.samples])
    expect(Buffer.compare(Buffer.from(Array.from(a.values, value => value & 255)), Buffer.from(Array.from(b.values, value => value & 255)))).toBe(0)
    expect(Array.from(a.values).every((value, i) => value === b.values[i])).toBe(true)
  })
})

// Values that pydicom's tests name for the same files.
test('JPEG lossless gives the known values', async () => {
  const eight = await frame('JPGLosslessP14SV1_1s_1f_8b.dcm')
  expect(at(eight, 300, 512, 520)).toEqual([26, 26, 25, 22, 19, 16, 14, 15])
  expect(at(eight, 600, 512, 520)).toEqual([45, 43, 41, 38, 33, 30, 26, 21])
  const sixteen = await frame('JPEG-LL.dcm')
  expect(at(sixteen, 400, 124, 132)).toEqual([60, 58, 61, 68, 59, 65, 64, 67])
  expect(at(sixteen, 600, 124, 132)).toEqual([3, 1, 2, 0, 2, 1, 2, 0])
})

test('colours stand where the sample file has them', async () => {
  const { values } = await frame('SC_rgb.dcm')
  const pixel = (row: number) => Array.from(values.subarray((row * 100 + 50) * 3, (row * 100 + 50) * 3 + 3))
  expect([5, 25, 45, 65].map(pixel)).toEqual([[255, 0, 0], [0, 255, 0], [0, 0, 255], [0, 0, 0]])
})

test('every frame of a file is read, and none behind the last', async () => {
  const [one, two] = [await frame('SC_rgb_expb_16bit_2frame.dcm', 0), await frame('SC_rgb_expb_16bit_2frame.dcm', 1)]
  expect(one.values.length).toBe(two.values.length)
  await expect(frame('SC_rgb_expb_16bit_2frame.dcm', 2)).rejects.toThrow(PixelFailure)
})

test('of the collection only these files show nothing, and the reason is told', async () => {
  const unseen: Record<string, string> = {}
  for (const name of readdirSync(data('dicom')).filter(name => name.endsWith('.dcm'))) {
    try {
      const { dataSet, transferSyntax } = await readDicom(new Uint8Array(readFileSync(data(`dicom/${name}`))))
      const shape = shapeOf(dataSet)
      // The browser decodes baseline JPEG.
      if (!shape || transferSyntax === syntax.jpegBaseline || transferSyntax === syntax.jpegExtended) continue
      const shown = await frameOf(dataSet, transferSyntax, shape, 0)
      expect(shown.values.length, name).toBeGreaterThanOrEqual(shown.rows * shown.columns * shown.samples)
    } catch (problem) {
      unseen[name] = problem instanceof PixelFailure ? problem.reason : (problem as Error).message
    }
  }
  expect(unseen).toEqual({ 'MR_truncated.dcm': 'damaged', 'nested_priv_SQ.dcm': 'Not a DICOM file.' })
})

test.each(['MR_small_RLE.dcm', 'JPEG-LL.dcm', 'MR_small_jpeg_ls_lossless.dcm', 'JPEG2000.dcm'])('what is cut or flipped in %s is a failure, not a crash', async name => {
  const bytes = new Uint8Array(readFileSync(data(`dicom/${name}`)))
  for (let i = 1; i <= 24; i++) {
    const hurt = i % 2 ? bytes.slice(0, Math.floor(bytes.length * i / 25)) : Uint8Array.from(bytes, (value, at) => (at > 400 && at % (i * 97) === 0 ? value ^ 0x5a : value))
    try {
      const { dataSet, transferSyntax } = await readDicom(hurt)
      const shape = shapeOf(dataSet)
      if (shape) await frameOf(dataSet, transferSyntax, shape, 0)
    } catch (problem) {
      expect(problem).toBeInstanceOf(Error)
    }
  }
})
