import { readManifest, sha256 } from './manifest'
import { isStrict } from './policy'

// Everything that the page is made of is fetched and held against its signed manifest before any of it runs. What this proves and what it cannot is in docs/browser.md.

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
const atOnce = 12

/** Checks all files of the page at `root`. Throws `Refused`. */
export async function checkPage(root: URL, key: string): Promise<void> {
  if (!await canVerify()) throw new Refused({ reason: 'browser' })
  const manifest = await readManifest(await read(root, 'manifest.signed', 'no-cache'), key)
  if (!manifest) throw new Refused({ reason: 'manifest' })
  const paths = [...manifest.files.keys()]
  const next = paths.values()
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (const path of next) await checkFile(root, path, manifest.files.get(path)!)
  }))
}

async function checkFile(root: URL, path: string, hash: string): Promise<void> {
  // The document is read under the name that it was opened by.
  const bytes = path === index ? await readDocument(root) : await read(root, path, 'default')
  if (await sha256(bytes) !== hash) throw new Refused({ reason: 'changed', file: path })
}

async function readDocument(root: URL): Promise<Uint8Array<ArrayBuffer>> {
  const response = await send(root, index, 'no-cache')
  if (!isStrict(response.headers.get('Content-Security-Policy'))) throw new Refused({ reason: 'policy' })
  return await response.bytes()
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
