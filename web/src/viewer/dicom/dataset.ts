import dicomParser, { type DataSet, type ParseDicomOptions } from 'dicom-parser'
import { looksLikeDicom } from './magic'

// A DICOM file as elements. What is not one throws; the viewer says so.

export type { DataSet } from 'dicom-parser'

export const syntax = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  deflated: '1.2.840.10008.1.2.1.99',
  bigEndian: '1.2.840.10008.1.2.2',
  jpegBaseline: '1.2.840.10008.1.2.4.50',
  jpegExtended: '1.2.840.10008.1.2.4.51',
  jpegLossless: '1.2.840.10008.1.2.4.57',
  jpegLosslessFirst: '1.2.840.10008.1.2.4.70',
  jpegLs: '1.2.840.10008.1.2.4.80',
  jpegLsNear: '1.2.840.10008.1.2.4.81',
  jpeg2000Lossless: '1.2.840.10008.1.2.4.90',
  jpeg2000: '1.2.840.10008.1.2.4.91',
  rle: '1.2.840.10008.1.2.5',
} as const

export interface DicomFile {
  dataSet: DataSet
  transferSyntax: string
  /** The file ends within an element: what stands before it is there. */
  cut: boolean
}

/** What a deflated data set may grow to. */
const maxInflated = 1 << 30

export async function readDicom(bytes: Uint8Array): Promise<DicomFile> {
  if (!looksLikeDicom(bytes)) return withoutPreamble(bytes)
  const meta = metaOf(bytes)
  const transferSyntax = meta.string('x00020010')?.trim() ?? syntax.implicit
  if (transferSyntax !== syntax.deflated) return parse(bytes, transferSyntax)
  const offset = meta.position
  const inflated = await inflate(bytes.subarray(offset))
  const whole = new Uint8Array(offset + inflated.length)
  whole.set(bytes.subarray(0, offset))
  whole.set(inflated, offset)
  return parse(bytes, transferSyntax, { inflater: () => whole })
}

function metaOf(bytes: Uint8Array): DataSet & { position: number } {
  try {
    return dicomParser.readPart10Header(bytes) as DataSet & { position: number }
  } catch {
    throw new Error('Not a DICOM file.')
  }
}

function parse(bytes: Uint8Array, transferSyntax: string, options: ParseDicomOptions = {}): DicomFile {
  try {
    return { dataSet: dicomParser.parseDicom(bytes, options), transferSyntax, cut: false }
  } catch (problem) {
    // The library throws a text, or what it has read together with what is wrong.
    const dataSet = (problem as { dataSet?: DataSet } | null)?.dataSet
    if (dataSet) return { dataSet, transferSyntax, cut: true }
    throw problem instanceof Error ? problem : new Error('Not a DICOM file.')
  }
}

/** Old files begin with the first element: little endian, explicit or not, whichever reads. */
function withoutPreamble(bytes: Uint8Array): DicomFile {
  for (const transferSyntax of [syntax.explicit, syntax.implicit]) {
    try {
      const file = parse(bytes, transferSyntax, { TransferSyntaxUID: transferSyntax })
      if (!file.cut && Object.keys(file.dataSet.elements).length > 5) return file
    } catch {
      // The other one is tried.
    }
  }
  throw new Error('Not a DICOM file.')
}

async function inflate(bytes: Uint8Array): Promise<Uint8Array> {
  const reader = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader()
  const parts: Uint8Array[] = []
  let total = 0
  for (;;) {
    // Bytes behind the end of the deflated stream (padding) are an error only after all of it came out.
    const { value, done } = await reader.read().catch((problem: unknown) => {
      if (total === 0) throw problem
      return { value: undefined, done: true }
    })
    if (done || !value) break
    parts.push(value)
    total += value.length
    if (total > maxInflated) throw new Error('Too large.')
  }
  const whole = new Uint8Array(total)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Text of an element as its character set says; ISO_IR 100 and what browsers know otherwise. */
export function textOf(dataSet: DataSet, tag: string): string {
  const element = dataSet.elements[tag]
  if (!element || element.length <= 0 || element.dataOffset + element.length > dataSet.byteArray.length) return ''
  const bytes = (dataSet.byteArray as Uint8Array).subarray(element.dataOffset, element.dataOffset + element.length)
  const sets = (dataSet.string('x00080005') ?? '').split('\\')
  const label = encodings[(sets[0] || sets[1] || '').trim()] ?? 'windows-1252'
  return new TextDecoder(label).decode(bytes).replace(/\0+$/, '').trim()
}

const encodings: Record<string, string> = {
  'ISO_IR 100': 'windows-1252', 'ISO_IR 101': 'iso-8859-2', 'ISO_IR 109': 'iso-8859-3', 'ISO_IR 110': 'iso-8859-4', 'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6', 'ISO_IR 126': 'iso-8859-7', 'ISO_IR 138': 'iso-8859-8', 'ISO_IR 148': 'windows-1254', 'ISO_IR 13': 'shift-jis',
  'ISO_IR 166': 'windows-874', 'ISO_IR 192': 'utf-8', GB18030: 'gb18030', GBK: 'gbk', 'ISO 2022 IR 149': 'euc-kr',
}
