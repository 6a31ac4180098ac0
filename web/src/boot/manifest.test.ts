import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readManifest } from './manifest'

// The vectors that src/Protocol/PageManifest.cs is held to as well.
const blocks = readFileSync(fileURLToPath(new URL('../../../vectors/page.txt', import.meta.url)), 'utf8').trim().split(/\n\n+/)
  .filter(block => block.includes('expect: '))
  .map(block => {
    const fields = new Map(block.split('\n').filter(line => !line.startsWith('#')).map(line => line.split(': ') as [string, string]))
    return { name: /^# (.+)$/m.exec(block)![1]!, key: fields.get('key')!, signed: hex(fields.get('signed')!), version: fields.get('version')?.slice(1, -1), ok: fields.get('expect') === 'ok' }
  })

function hex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g)!, pair => parseInt(pair, 16))
}

describe('the manifest of the page', () => {
  it.each(blocks)('$name', async ({ key, signed, version, ok }) => {
    const manifest = await readManifest(signed, key)
    expect(manifest !== null).toBe(ok)
    expect(manifest?.version).toBe(version)
    expect(manifest?.number).toBe(ok ? 1795000000 : undefined)
  })

  it('is refused when any byte is another, when it is cut, and under another key', async () => {
    const { key, signed } = blocks[0]!
    for (let i = 0; i < signed.length; i++) {
      const changed = signed.slice()
      changed[i]! ^= 1
      expect(await readManifest(changed, key), `byte ${String(i)}`).toBeNull()
      expect(await readManifest(signed.slice(0, i), key)).toBeNull()
    }
    expect(await readManifest(signed, key.replace(/^../, '04'))).toBeNull()
  })

  it('names its files with their hashes', async () => {
    const { key, signed } = blocks[0]!
    expect([...(await readManifest(signed, key))!.files]).toEqual([
      ['assets/index-a1B2c3_4.js', 'aa'.repeat(32)], ['index.html', 'bb'.repeat(32)], ['viewer.html', 'cc'.repeat(32)],
    ])
  })
})
