import { readManifest, sha256, sha256Base64, type Manifest } from './manifest'
import { importMap, isStrict } from './policy'

// Everything that the page is made of is fetched and held against its signed manifest before any of it runs. What this proves and what it cannot:
// docs/decisions/0014-the-page-is-signed-and-has-two-homes.md.

/** Why the page does not start. */
export type Refusal = { reason: 'browser' | 'manifest' | 'policy' } | { reason: 'changed' | 'missing', file: string }

export class Refused extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.reason)
    this.refusal = refusal
  }
}

const index = 'index.html'
const viewer = 'viewer.html'
const atOnce = 12

/** Checks the page at `root`, and answers the signed manifest that it is of. Throws `Refused`. */
export async function checkPage(root: URL, key: string): Promise<Uint8Array<ArrayBuffer>> {
  if (!await canVerify()) throw new Refused({ reason: 'browser' })
  const signed = await read(root, 'manifest.signed', 'no-cache')
  const manifest = await readManifest(signed, key)
  if (!manifest) throw new Refused({ reason: 'manifest' })
  // The document is read under the name that it was opened by.
  const document = await send(root, index, 'no-cache')
  const own = importMap(await check(manifest, index, await document.bytes()))
  if (!isStrict(document.headers.get('Content-Security-Policy'), await sha256Base64(own.text))) throw new Refused({ reason: 'policy' })
  const theirs = importMap(await check(manifest, viewer, await read(root, viewer, 'no-cache')))

  // Scripts that only the viewer loads are many and seldom needed: its import map, checked now, has the browser check each when it is.
  const later = new Set([...theirs.paths].filter(path => !own.paths.has(path)))
  const next = [...manifest.files.keys()].filter(path => path !== index && path !== viewer && !later.has(path)).values()
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (const path of next) await check(manifest, path, await read(root, path, 'default'))
  }))
  return signed
}

async function check(manifest: Manifest, path: string, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  if (await sha256(bytes) !== manifest.files.get(path)) throw new Refused({ reason: 'changed', file: path })
  return bytes
}

async function read(root: URL, path: string, cache: RequestCache): Promise<Uint8Array<ArrayBuffer>> {
  return await (await send(new URL(path, root), path, cache)).bytes()
}

async function send(url: URL, path: string, cache: RequestCache): Promise<{ headers: Headers, bytes: () => Promise<Uint8Array<ArrayBuffer>> }> {
  const missing = () => new Refused({ reason: 'missing', file: path })
  const response = await fetch(url, { cache }).catch(() => { throw missing() })
  if (!response.ok) throw missing()
  return { headers: response.headers, bytes: async () => new Uint8Array(await response.arrayBuffer().catch(() => { throw missing() })) }
}

/** Ed25519 in WebCrypto: Chromium 137, Firefox 129, Safari 17. */
async function canVerify(): Promise<boolean> {
  try {
    await crypto.subtle.importKey('raw', new Uint8Array(32), { name: 'Ed25519' }, false, ['verify'])
    return true
  } catch {
    return false
  }
}
