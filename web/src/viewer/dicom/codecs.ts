import { bytesOfDataUrl } from '../bytes'

// Codecs that are loaded when an image needs them. Their WebAssembly comes along as text: the viewer may fetch nothing.

export interface Decoded { width: number, height: number, components: number, bits: number, signed?: boolean, planar: boolean, bytes: Uint8Array }

interface FrameInfo { width: number, height: number, bitsPerSample: number, componentCount: number, isSigned?: boolean }
interface Decoder {
  getEncodedBuffer(length: number): Uint8Array
  decode(): void
  getDecodedBuffer(): Uint8Array
  getFrameInfo(): FrameInfo
  getInterleaveMode?(): number
  delete(): void
}

type Codec = Record<string, new () => Decoder>
type Factory = (options: { wasmBinary: Uint8Array, print: () => void, printErr: () => void }) => Promise<Codec>

const started = new Map<string, Promise<Codec>>()

function codec(name: string, load: () => Promise<[{ default: unknown }, { default: string }]>): Promise<Codec> {
  let ready = started.get(name)
  if (!ready) {
    ready = load().then(([factory, binary]) => (factory.default as Factory)({ wasmBinary: bytesOfDataUrl(binary.default), print: silent, printErr: silent }))
    started.set(name, ready)
  }
  return ready
}

const silent = () => undefined

export async function decodeJpegLs(encoded: Uint8Array): Promise<Decoded> {
  const charls = await codec('charls', () => Promise.all([
    import('@cornerstonejs/codec-charls/decodewasmjs'), import('@cornerstonejs/codec-charls/decodewasm?url&inline')]))
  return decode(new charls.JpegLSDecoder!(), encoded)
}

export async function decodeJpeg2000(encoded: Uint8Array): Promise<Decoded> {
  const openjpeg = await codec('openjpeg', () => Promise.all([
    import('@cornerstonejs/codec-openjpeg/decodewasmjs'), import('@cornerstonejs/codec-openjpeg/decodewasm?url&inline')]))
  return decode(new openjpeg.J2KDecoder!(), encoded)
}

function decode(decoder: Decoder, encoded: Uint8Array): Decoded {
  try {
    decoder.getEncodedBuffer(encoded.length).set(encoded)
    decoder.decode()
    const { width, height, componentCount, bitsPerSample, isSigned } = decoder.getFrameInfo()
    return { width, height, components: componentCount, bits: bitsPerSample, signed: isSigned, planar: decoder.getInterleaveMode?.() === 0 && componentCount > 1,
      bytes: decoder.getDecodedBuffer().slice() }
  } finally {
    decoder.delete()
  }
}

/** Baseline JPEG, by the browser's own decoder. */
export async function decodeBrowserJpeg(encoded: Uint8Array): Promise<ImageData> {
  const bitmap = await createImageBitmap(new Blob([encoded as Uint8Array<ArrayBuffer>], { type: 'image/jpeg' }), { colorSpaceConversion: 'none' })
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  context.drawImage(bitmap, 0, 0)
  bitmap.close()
  return context.getImageData(0, 0, canvas.width, canvas.height)
}
