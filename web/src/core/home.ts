/** Where this page was served from, and by whom. */
export interface Home {
  /** Whose code runs here: the cloud's, or that of the installed client (`salus open`). */
  from: 'cloud' | 'client'
  cloud: string
  version: string | null
  /** A development build is signed with a key of the checkout that it was made in. */
  build: 'release' | 'development' | null
  /** SHA-256 of the signed manifest as hexadecimal: which page this is. Null when it cannot be read. */
  page: string | null
}

/** Both homes serve cloud.json: it names the cloud, and being the host's word it says nothing of whose code this is. */
export async function findHome(): Promise<Home> {
  const own = new URL('.', location.href)
  const [told, manifest, isOwn] = await Promise.all([read('cloud.json'), read('manifest.signed'), isOfThisMachine(own)])
  const { cloud } = (told ? parse(told) : {}) as { cloud?: unknown }
  const signed = manifest ? new TextDecoder().decode(manifest) : ''
  return {
    from: isOwn ? 'client' : 'cloud',
    cloud: typeof cloud === 'string' ? cloud : own.href,
    version: /^version (.+)$/m.exec(signed)?.[1] ?? null,
    build: (/^build (release|development)$/m.exec(signed)?.[1] ?? null) as Home['build'],
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
