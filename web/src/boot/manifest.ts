// The manifest of the page (src/Protocol/PageManifest.cs): its files with their hashes, signed by who built it.

const label = 'salus/v1/sign-page'
const signatureSize = 64
const headerLines = 6
const largest = 1 << 20

export interface Manifest { version: string, build: string, number: number, files: ReadonlyMap<string, string> }

/** Null unless it is a manifest that `key` (64 hexadecimal digits) has signed. */
export async function readManifest(signed: Uint8Array<ArrayBuffer>, key: string): Promise<Manifest | null> {
  if (signed.length <= signatureSize || signed.length > largest) return null
  const payload = signed.subarray(0, -signatureSize)
  const verifying = await crypto.subtle.importKey('raw', fromHex(key), { name: 'Ed25519' }, false, ['verify'])
  if (!await crypto.subtle.verify({ name: 'Ed25519' }, verifying, signed.subarray(-signatureSize), message(payload))) return null
  return parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(payload))
}

function parse(text: string): Manifest | null {
  const lines = text.split('\n')
  if (lines.pop() !== '' || lines[0] !== 'salus page 2' || lines[5] !== `files ${String(lines.length - headerLines)}`) return null
  const version = /^version ([!-~]{1,64})$/.exec(lines[1] ?? '')?.[1]
  const build = /^build (development|release)$/.exec(lines[2] ?? '')?.[1]
  const [number, minimum] = [numberIn(lines[3], 'number'), numberIn(lines[4], 'minimum')]
  if (version === undefined || build === undefined || number === null || minimum === null || minimum > number) return null
  const files = new Map<string, string>()
  for (const line of lines.slice(headerLines)) {
    const [, hash, path] = /^([0-9a-f]{64}) ((?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*)$/.exec(line) ?? []
    if (hash === undefined || path === undefined || files.has(path)) return null
    files.set(path, hash)
  }
  return { version, build, number, files }
}

/** A number of 32 bits in its one spelling. */
function numberIn(line: string | undefined, name: string): number | null {
  const number = Number(new RegExp(`^${name} (0|[1-9][0-9]{0,9})$`).exec(line ?? '')?.[1] ?? NaN)
  return number <= 0xffffffff ? number : null
}

/** What is signed: the length-prefixed label and the payload. */
function message(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(1 + label.length + payload.length)
  bytes[0] = label.length
  bytes.set(new TextEncoder().encode(label), 1)
  bytes.set(payload, 1 + label.length)
  return bytes
}

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return [...await digest(bytes)].map(byte => byte.toString(16).padStart(2, '0')).join('')
}

/** As policies and `integrity` have it. */
export async function sha256Base64(text: string): Promise<string> {
  return btoa(String.fromCharCode(...await digest(new TextEncoder().encode(text))))
}

const digest = async (bytes: Uint8Array<ArrayBuffer>) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))

const fromHex = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], pair => parseInt(pair, 16))
