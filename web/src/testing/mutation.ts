import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

// Altered inputs for a reader, the same at each run, as bench/Fuzz has them for the readers in C#.

/** Reads an input: what it was, or the reason of a refusal; whatever it throws fails the test. */
export type Reader = (input: Uint8Array<ArrayBuffer>) => Promise<string> | string

const numbers = [0, 1, 2, 7, 63, 64, 127, 128, 255, 256, 4096, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff]
const kept = 24
const longest = 1024

/** What an input may allocate, for nothing and for each of its bytes, and how long it may take. */
const allowance = { fixed: 4 << 20, perByte: 256, milliseconds: 2000 }

/** SplitMix in 32 bits. */
function dice(seed: number): (end: number) => number {
  let state = seed
  return end => {
    state = state + 0x9e3779b9 | 0
    let z = state
    z = Math.imul(z ^ z >>> 16, 0x21f0aaad)
    z = Math.imul(z ^ z >>> 15, 0x735a2d97)
    return ((z ^ z >>> 15) >>> 0) % end
  }
}

function alter(input: Uint8Array, other: Uint8Array, next: (end: number) => number): Uint8Array<ArrayBuffer> {
  let bytes = Array.from(input)
  for (let steps = 1 << next(4); steps > 0; steps--) {
    if (bytes.length === 0) bytes = Array.from(other)
    const at = next(bytes.length)
    const length = Math.min(bytes.length - at, 1 + next(next(4) ? 8 : 64))
    switch (next(8)) {
      case 0: bytes[at]! ^= 1 << next(8); break
      case 1: bytes[at] = next(256); break
      case 2: {
        const [value, size, little] = [numbers[next(numbers.length)]!, 1 << next(3), next(2)]
        for (let i = 0; i < size && at + i < bytes.length; i++) bytes[at + i] = value >>> 8 * (little ? i : size - 1 - i) & 255
        break
      }
      case 3: bytes.splice(at); break
      case 4: bytes.splice(at, length); break
      case 5: bytes.splice(at, 0, ...bytes.slice(at, at + length)); break
      case 6: bytes.splice(at, 0, ...bytes.splice(next(bytes.length), length)); break
      default: bytes.splice(at, next(2) ? length : 0, ...other.slice(next(other.length)).slice(0, length))
    }
  }
  return Uint8Array.from(bytes.slice(0, 4096))
}

/** Inputs that are kept for a reader, in base64. With SALUS_FUZZ_KEEP they are chosen anew: the shortest of each way that was taken. */
const path = (name: string) => fileURLToPath(new URL(`corpus/${name}.txt`, import.meta.url))
const corpus = (name: string) => (existsSync(path(name)) ? readFileSync(path(name), 'utf8').trim().split('\n').map(line => Uint8Array.from(Buffer.from(line, 'base64'))) : [])

/** Gives a reader its seeds, which it must take, what is kept, and altered ones: nothing is thrown, takes long or allocates more than a multiple of the input. */
export async function mutate(name: string, seeds: Uint8Array[], runs: number, read: Reader, whole: (input: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>> = async input => input): Promise<Map<string, Uint8Array>> {
  const next = dice(20261122)
  const ways = new Map<string, Uint8Array>()
  const pool: Uint8Array[] = [...seeds, ...corpus(name)]
  for (let run = 0; run < pool.length || run < runs; run++) {
    const input = run < seeds.length + corpus(name).length ? Uint8Array.from(pool[run]!) : await whole(alter(pool[next(pool.length)]!, pool[next(pool.length)]!, next))
    const [before, start] = [process.memoryUsage().arrayBuffers, performance.now()]
    const way = await read(input)
    const shown = () => `${way}: ${Buffer.from(input).toString('base64')}`
    expect(process.memoryUsage().arrayBuffers - before, shown()).toBeLessThanOrEqual(allowance.fixed + allowance.perByte * input.length)
    expect(performance.now() - start, shown()).toBeLessThan(allowance.milliseconds)
    if (run >= pool.length && !ways.has(way)) pool.push(input)
    if (input.length < (ways.get(way)?.length ?? Infinity)) ways.set(way, input)
  }
  if (process.env.SALUS_FUZZ_KEEP)
    writeFileSync(path(name), [...ways.values()].filter(({ length }) => length > 0 && length <= longest).slice(0, kept).map(input => `${Buffer.from(input).toString('base64')}\n`).join(''))
  expect(corpus(name).length).toBeGreaterThan(0)
  return ways
}
