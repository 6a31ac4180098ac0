// Bytes as people read them: offset, hexadecimal, and the characters that there are; and how random they look.

export interface HexLine { offset: string, hex: string, text: string }

const perLine = 16

/** Lines that repeat the one before are a single line with a star. */
export function hexLines(bytes: Uint8Array, from = 0, count = bytes.length): HexLine[] {
  const lines: HexLine[] = []
  let before = ''
  for (let at = from; at < Math.min(bytes.length, from + count); at += perLine) {
    const row = Array.from(bytes.subarray(at, Math.min(at + perLine, bytes.length)))
    const hex = row.map((value, i) => value.toString(16).padStart(2, '0') + (i === 7 ? ' ' : '')).join(' ').trimEnd()
    if (hex === before && at + perLine < Math.min(bytes.length, from + count)) {
      if (lines.at(-1)!.hex !== '*') lines.push({ offset: at.toString(16).padStart(8, '0'), hex: '*', text: '' })
      continue
    }
    before = hex
    lines.push({
      offset: at.toString(16).padStart(8, '0'),
      hex,
      text: row.map(value => (value >= 0x20 && value < 0x7f ? String.fromCharCode(value) : '·')).join(''),
    })
  }
  return lines
}

/** Shannon entropy in bits for each byte: 8 for bytes that all occur equally often, 0 for one byte repeated. */
export function entropyOf(bytes: Uint8Array): number {
  const counts = new Uint32Array(256)
  for (const value of bytes) counts[value]!++
  let bits = 0
  for (const count of counts) {
    if (count === 0) continue
    const share = count / bytes.length
    bits -= share * Math.log2(share)
  }
  return bits
}

/**
 * How random bytes look: their entropy against that of as many random bytes, which is less than 8 while there are few.
 * Random bytes: E = 8 - 255 / (2 n ln 2) for many; below 256, hardly any occurs twice and log2 n is close.
 */
export function randomness(bytes: Uint8Array): number {
  const n = bytes.length
  if (n < 64) return Number.NaN
  const expected = n < 512 ? fewExpected(n) : 8 - 255 / (2 * n * Math.LN2)
  return Math.max(0, Math.min(1, entropyOf(bytes) / expected))
}

/** Expected entropy of n random bytes, by the Poisson distribution of how often each occurs. */
function fewExpected(n: number): number {
  const rate = n / 256
  let [bits, probability] = [0, Math.exp(-rate)]
  for (let count = 1; count <= 40; count++) {
    probability *= rate / count
    bits -= 256 * probability * (count / n) * Math.log2(count / n)
  }
  return bits
}

/** Of a fragment, what follows its header: that one is the same measures for all, and zeros. */
export const judged = (bytes: Uint8Array, isFragment: boolean): Uint8Array => (isFragment && bytes.length > 4096 ? bytes.subarray(4096) : bytes)

/** The share from which on bytes look random. That of few random bytes scatters: this is more than six standard deviations below its mean for any number of them. */
const randomFrom = (n: number): number => Math.min(0.965, 1 - 0.75 / Math.sqrt(n))

/** What is said of it; too little to say anything is not said. */
export const looks = (bytes: Uint8Array): 'random' | 'mixed' | 'structured' | null => {
  const share = randomness(bytes)
  return Number.isNaN(share) ? null : share > randomFrom(bytes.length) ? 'random' : share > 0.7 ? 'mixed' : 'structured'
}

export function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), letter => letter.charCodeAt(0))
  } catch {
    return new Uint8Array()
  }
}
