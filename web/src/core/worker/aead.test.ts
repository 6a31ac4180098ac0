import { afterEach, expect, test, vi } from 'vitest'
import { aeadImports } from './aead'
import type { MemoryView } from './runtime'

const view = (bytes: Uint8Array<ArrayBuffer>): MemoryView => ({
  length: bytes.length,
  set: (source, offset) => { bytes.set(source, offset) },
  copyTo: (target, offset) => { target.set(bytes, offset) },
  slice: (start, end) => bytes.slice(start, end),
})

const zeros = (length: number) => view(new Uint8Array(length))
const open = (sealed: Uint8Array<ArrayBuffer>) => aeadImports.finish(aeadImports.beginOpen(aeadImports.importKey(zeros(32)), zeros(12), view(sealed), zeros(0), sealed.length - 16))

async function sealed(): Promise<Uint8Array<ArrayBuffer>> {
  const work = aeadImports.beginSeal(aeadImports.importKey(zeros(32)), zeros(12), zeros(40), zeros(0), 40)
  expect(await aeadImports.finish(work)).toBe(true)
  const bytes = new Uint8Array(56)
  aeadImports.take(work, view(bytes), 56)
  return bytes
}

afterEach(() => { vi.restoreAllMocks() })

test('what was changed is not authentic, and what was not is', async () => {
  const bytes = await sealed()
  expect(await open(bytes)).toBe(true)
  bytes[3]! ^= 1
  expect(await open(bytes)).toBe(false)
})

test('a failure of the browser is not taken for a forgery', async () => {
  const bytes = await sealed()
  vi.spyOn(crypto.subtle, 'decrypt').mockRejectedValueOnce(new RangeError('no memory'))
  await expect(open(bytes)).rejects.toThrow('no memory')
  vi.spyOn(crypto.subtle, 'importKey').mockRejectedValueOnce(new DOMException('no key', 'OperationError'))
  await expect(open(bytes)).rejects.toThrow('no key')
})
