// DICOM RLE (PS3.5 Annex G): up to 15 segments of PackBits, each one byte plane, the most significant first.

/** Bytes of a frame, little endian and sample by sample; null when the segments do not hold what the image needs. */
export function decodeRle(encoded: Uint8Array, pixels: number, samples: number, bytesPerSample: number): Uint8Array | null {
  const planes = samples * bytesPerSample
  if (encoded.length < 64 || planes < 1 || planes > 15) return null
  const header = new DataView(encoded.buffer, encoded.byteOffset, 64)
  // Two bytes become 128 at most.
  if (header.getUint32(0, true) !== planes || pixels * planes > 64 * encoded.length) return null
  const frame = new Uint8Array(pixels * planes)
  for (let plane = 0; plane < planes; plane++) {
    const from = header.getUint32(4 + plane * 4, true)
    const next = plane + 1 < planes ? header.getUint32(8 + plane * 4, true) : encoded.length
    if (from < 64 || next < from || next > encoded.length) return null
    const sample = Math.floor(plane / bytesPerSample)
    const significance = bytesPerSample - 1 - plane % bytesPerSample
    if (!unpack(encoded.subarray(from, next), frame, sample * bytesPerSample + significance, planes, pixels)) return null
  }
  return frame
}

/** PackBits into every `step`th byte; false when it ends before `count` bytes. */
function unpack(packed: Uint8Array, into: Uint8Array, start: number, step: number, count: number): boolean {
  let [at, done] = [0, 0]
  while (done < count && at < packed.length) {
    const head = packed[at++]!
    if (head === 128) continue
    const length = Math.min(head < 128 ? head + 1 : 257 - head, count - done)
    if (head < 128) {
      if (at + length > packed.length) return false
      for (let i = 0; i < length; i++) into[start + done++ * step] = packed[at + i]!
      at += head + 1
    } else {
      if (at >= packed.length) return false
      const value = packed[at++]!
      for (let i = 0; i < length; i++) into[start + done++ * step] = value
    }
  }
  return done === count
}
