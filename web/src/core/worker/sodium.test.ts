import type { Sodium } from 'libsodium-sumo'
import { expect, test } from 'vitest'
import type { MemoryView } from './runtime'
import { importsOf } from './sodium'

const view = (bytes: Uint8Array<ArrayBuffer>): MemoryView => ({
  length: bytes.length,
  set: (source, offset) => { bytes.set(source, offset) },
  copyTo: (target, offset) => { target.set(bytes, offset) },
  slice: (start, end) => bytes.slice(start, end),
})

test('without memory nothing is computed, nothing of the library is written over, and every caller hears of it', () => {
  const memory = new Uint8Array(4096).fill(7)
  let freed = 0
  const library = { HEAPU8: memory, _malloc: () => 0, _free: () => { freed++ } } as Partial<Sodium>
  const imports = importsOf(library as Sodium)
  const [a, b, c] = [0, 1, 2].map(fill => view(new Uint8Array(32).fill(fill))) as [MemoryView, MemoryView, MemoryView]
  for (const run of [
    () => imports.crypto_core_ristretto255_scalar_reduce(a, b), () => imports.crypto_core_ristretto255_scalar_mul(a, b, c),
    () => imports.crypto_sign_detached(a, b, c), () => { imports.hash_leaves(a, b, 32) },
  ]) expect(run).toThrow('no memory')
  expect(memory.every(byte => byte === 7)).toBe(true)
  expect(freed).toBe(0)
})
