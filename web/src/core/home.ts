/** Where this page was served from, and which one it is. */
export interface Home {
  /** Whose code runs here: the cloud's, or that of the installed client (`salus open`). */
  from: 'cloud' | 'client'
  version: string | null
  /** A development build is signed with a key of the checkout that it was made in. */
  build: 'release' | 'development' | null
  /** The signed manifest in base64; null for a build without a signature. */
  manifest: string | null
  /** SHA-256 of the signed manifest as hexadecimal: which page this is. */
  page: string | null
}

let running: Uint8Array<ArrayBuffer> | null = null

/** Which page runs here: what a server hands out later is none of its business. */
export function isRunning(manifest: Uint8Array<ArrayBuffer> | null): void {
  running = manifest
}

/** The cloud that this page speaks with. Both homes name it in cloud.json, which is the host's word and says nothing of whose code this is. */
export async function findCloud(): Promise<string> {
  const told = await read('cloud.json')
  const { cloud } = (told ? parse(told) : {}) as { cloud?: unknown }
  return typeof cloud === 'string' ? cloud : new URL('.', location.href).href
}

export async function findHome(): Promise<Home> {
  const manifest = running
  const isOwn = await isOfThisMachine(new URL('.', location.href))
  const signed = manifest ? new TextDecoder().decode(manifest) : ''
  return {
    from: isOwn ? 'client' : 'cloud',
    version: /^version (.+)$/m.exec(signed)?.[1] ?? null,
    build: (/^build (release|development)$/m.exec(signed)?.[1] ?? null) as Home['build'],
    manifest: manifest ? btoa(Array.from(manifest, byte => String.fromCharCode(byte)).join('')) : null,
    page: manifest ? hexadecimal(await crypto.subtle.digest('SHA-256', manifest)) : null,
  }
}

/** On loopback, and by `salus open`: its path /open leads back to the page, and a cloud has none. */
async function isOfThisMachine(own: URL): Promise<boolean> {
  if (!['localhost', '127.0.0.1', '[::1]'].includes(own.hostname)) return false
  try {
    const answer = await fetch(new URL('open', own), { cache: 'no-store' })
    return answer.ok && answer.redirected && answer.url === own.href
  } catch {
    return false
  }
}

async function read(name: string): Promise<ArrayBuffer | null> {
  try {
    const answer = await fetch(new URL(name, document.baseURI), { cache: 'no-store' })
    return answer.ok ? await answer.arrayBuffer() : null
  } catch {
    return null
  }
}

function parse(bytes: ArrayBuffer): object {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

const hexadecimal = (bytes: ArrayBuffer): string => Array.from(new Uint8Array(bytes), byte => byte.toString(16).padStart(2, '0')).join('')
