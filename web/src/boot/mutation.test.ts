import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { mutate } from '../testing/mutation'
import { readManifest } from './manifest'

// As whoever has the key could sign them: what is read is what was written, byte for byte.

const field = (name: string) => new RegExp(`^${name}: ([0-9a-f]+)$`, 'm').exec(readFileSync(fileURLToPath(new URL('../../../vectors/page.txt', import.meta.url)), 'utf8'))![1]!
const key = field('key')
const first = Uint8Array.from(Buffer.from(field('signed'), 'hex'))

/** The seed of the vectors, 00 01 02 … 1f, as PKCS #8. */
const signing = crypto.subtle.importKey('pkcs8', Uint8Array.from([...Buffer.from('302e020100300506032b657004220420', 'hex'), ...Array(32).keys()]), { name: 'Ed25519' }, false, ['sign'])

async function signed(payload: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const label = new TextEncoder().encode('salus/v1/sign-page')
  const signature = await crypto.subtle.sign({ name: 'Ed25519' }, await signing, Uint8Array.from([label.length, ...label, ...payload]))
  return Uint8Array.from([...payload, ...new Uint8Array(signature)])
}

test('altered manifests are refused, or are what they say', async () => {
  const ways = await mutate('manifest', [first.slice(0, -64)], 4000, async payload => {
    const manifest = await readManifest(await signed(payload), key)
    if (manifest === null) return 'refused'
    const minimum = /^minimum (\d+)$/m.exec(Buffer.from(payload).toString('latin1'))![1]!
    const { version, build, number, files } = manifest
    const lines = ['salus page 2', `version ${version}`, `build ${build}`, `number ${String(number)}`, `minimum ${minimum}`, `files ${String(files.size)}`, ...[...files].map(([path, hash]) => `${hash} ${path}`)]
    expect(Buffer.from(payload).toString('latin1')).toBe(`${lines.join('\n')}\n`)
    return `${build} ${String(files.size)}`
  })
  expect(ways.size).toBeGreaterThan(1)
}, 120_000)

test('a mark in front of a manifest is not passed over', async () => {
  expect(await readManifest(await signed(first.slice(0, -64)), key)).not.toBeNull()
  expect(await readManifest(await signed(Uint8Array.from([0xef, 0xbb, 0xbf, ...first.slice(0, -64)])), key)).toBeNull()
})
