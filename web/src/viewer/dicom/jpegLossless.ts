// JPEG lossless, Huffman coded: ITU-T T.81 process 14, all seven predictors (Annex H), as DICOM uses it for up to 16 bits.

export interface LosslessImage { width: number, height: number, components: number, precision: number, samples: Uint16Array }

interface HuffmanTable { limit: Int32Array, first: Int32Array, offset: Int32Array, values: Uint8Array }
interface Component { id: number, table: number }

const maxPixels = 1 << 26

/** Null when the bytes are not such an image. Samples of a pixel stand beside each other. */
export function decodeJpegLossless(bytes: Uint8Array): LosslessImage | null {
  const tables = new Map<number, HuffmanTable>()
  let frame: { width: number, height: number, precision: number, components: Component[] } | null = null
  let samples: Uint16Array | null = null
  let restart = 0
  const coded = new Set<number>()
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) { at++; continue }
    const marker = bytes[at + 1]!
    if (marker === 0xff || marker === 0 || (marker >= 0xd0 && marker <= 0xd7)) { at += marker === 0xff ? 1 : 2; continue }
    if (marker === 0xd9) break
    const length = bytes[at + 2]! << 8 | bytes[at + 3]!
    const segment = bytes.subarray(at + 4, at + 2 + length)
    if (length < 2 || segment.length < length - 2) return null
    at += 2 + length
    switch (marker) {
      case 0xc4:
        if (!readTables(segment, tables)) return null
        break
      case 0xc3: {
        const count = segment[5] ?? 0
        const [height, width] = [segment[1]! << 8 | segment[2]!, segment[3]! << 8 | segment[4]!]
        if (frame || segment.length < 6 + count * 3 || count < 1 || count > 4 || segment[0]! < 2 || segment[0]! > 16 || !width || !height || width * height > maxPixels) return null
        const components = Array.from({ length: count }, (_, i) => ({ id: segment[6 + i * 3]!, sampling: segment[7 + i * 3]!, table: 0 }))
        // A sample takes a bit at least.
        if (components.some(component => component.sampling !== 0x11) || width * height * count > 8 * bytes.length) return null
        frame = { width, height, precision: segment[0]!, components }
        samples = new Uint16Array(width * height * count)
        break
      }
      case 0xdd:
        restart = (segment[0] ?? 0) << 8 | (segment[1] ?? 0)
        break
      case 0xda: {
        const count = segment[0] ?? 0
        if (!frame || !samples || segment.length < 4 + count * 2 || count < 1) return null
        const planes: { plane: number, table: HuffmanTable }[] = []
        for (let i = 0; i < count; i++) {
          const plane = frame.components.findIndex(component => component.id === segment[1 + i * 2])
          const table = tables.get(segment[2 + i * 2]! >> 4)
          if (plane < 0 || !table || coded.has(plane)) return null
          coded.add(plane)
          planes.push({ plane, table })
        }
        const shift = segment[3 + count * 2]! & 15
        const predictor = segment[1 + count * 2]!
        if (predictor < 1 || predictor > 7 || shift >= frame.precision) return null
        const end = decodeScan(bytes, at, { ...frame, planes, predictor, shift, restart }, samples)
        if (end < 0) return null
        at = end
        break
      }
      default:
        if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc8 && marker !== 0xcc) return null
    }
  }
  return frame && samples && coded.size === frame.components.length
    ? { width: frame.width, height: frame.height, components: frame.components.length, precision: frame.precision, samples }
    : null
}

/** T.81 Annex C and F.2.2.3: codes of each length follow each other. */
function readTables(segment: Uint8Array, tables: Map<number, HuffmanTable>): boolean {
  for (let at = 0; at < segment.length;) {
    if (at + 17 > segment.length) return false
    const [limit, first, offset] = [new Int32Array(17).fill(-1), new Int32Array(17), new Int32Array(17)]
    let [code, total] = [0, 0]
    for (let length = 1; length <= 16; length++) {
      const count = segment[at + length]!
      first[length] = code
      offset[length] = total
      if (count) limit[length] = code + count - 1
      code = code + count << 1
      total += count
    }
    if (at + 17 + total > segment.length) return false
    tables.set(segment[at]! & 15, { limit, first, offset, values: segment.subarray(at + 17, at + 17 + total) })
    at += 17 + total
  }
  return true
}

interface Scan {
  width: number
  height: number
  precision: number
  components: Component[]
  planes: { plane: number, table: HuffmanTable }[]
  predictor: number
  shift: number
  restart: number
}

/** Where the scan ends, or -1 when it is cut or holds no such codes. */
function decodeScan(bytes: Uint8Array, start: number, scan: Scan, samples: Uint16Array): number {
  const { width, height, planes, predictor, shift, restart } = scan
  const step = scan.components.length
  const row = width * step
  const initial = 1 << scan.precision - shift - 1
  let [at, held, buffer] = [start, 0, 0]
  let failed = false

  const bit = (): number => {
    if (held === 0) {
      const next = bytes[at]
      if (next === undefined || (next === 0xff && bytes[at + 1] !== 0)) { failed = true; return 0 }
      at += next === 0xff ? 2 : 1
      buffer = next
      held = 8
    }
    held--
    return buffer >> held & 1
  }
  const difference = (table: HuffmanTable): number => {
    let code = 0
    for (let length = 1; length <= 16 && !failed; length++) {
      code = code << 1 | bit()
      if (code > table.limit[length]!) continue
      const size = table.values[table.offset[length]! + code - table.first[length]!]!
      if (size === 0) return 0
      if (size === 16) return 32768
      if (size > 16) break
      let value = 0
      for (let i = 0; i < size; i++) value = value << 1 | bit()
      return value < 1 << size - 1 ? value - (1 << size) + 1 : value
    }
    failed = true
    return 0
  }

  // A restart interval begins like the scan: its first line is predicted from the left only.
  let firstLine = 0
  for (let y = 0, unit = 0; y < height; y++) {
    for (let x = 0; x < width; x++, unit++) {
      if (restart && unit && unit % restart === 0) {
        held = 0
        if (bytes[at] !== 0xff || (bytes[at + 1]! & 0xf8) !== 0xd0) return -1
        at += 2
        firstLine = y
        if (x !== 0) return -1
      }
      for (const { plane, table } of planes) {
        const here = y * row + x * step + plane
        let prediction: number
        if (y === firstLine) prediction = x === 0 ? initial : samples[here - step]! >> shift
        else if (x === 0) prediction = samples[here - row]! >> shift
        else prediction = predict(predictor, samples[here - step]! >> shift, samples[here - row]! >> shift, samples[here - row - step]! >> shift)
        samples[here] = (prediction + difference(table) & 0xffff) << shift
        if (failed) return -1
      }
    }
  }
  return at
}

/** T.81 table H.1: a is left, b above, c above left. */
function predict(predictor: number, a: number, b: number, c: number): number {
  switch (predictor) {
    case 1: return a
    case 2: return b
    case 3: return c
    case 4: return a + b - c
    case 5: return a + (b - c >> 1)
    case 6: return b + (a - c >> 1)
    default: return a + b >> 1
  }
}
