import { Core } from './client'
import workerUrl from './worker/worker.ts?worker&url'

interface ScriptUrlPolicies { createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): { createScriptURL: (url: string) => string } }

// The page's one trusted types policy, `salus`: the address of its own worker, and nothing else, becomes a script.
const policy = (globalThis as { trustedTypes?: ScriptUrlPolicies }).trustedTypes?.createPolicy('salus', {
  createScriptURL: url => {
    if (url !== workerUrl) throw new TypeError('Only the core worker is started from here.')
    return url
  },
})

/** Starts a worker that holds no key yet. The only place where one is made. */
export function startCore(): Core {
  return new Core(new Worker(policy ? policy.createScriptURL(workerUrl) : workerUrl, { type: 'module', name: 'salus-core' }))
}

/** Where this page was served from, and by whom. */
export interface Home {
  /** Whose code runs here: the cloud's, or that of the installed client (`salus open`). */
  from: 'cloud' | 'client'
  cloud: string
  version: string | null
  /** SHA-256 of the signed manifest as hexadecimal: which page this is. Null when it cannot be read. */
  page: string | null
}

/** Both homes serve cloud.json: it names the cloud, which hosts the page itself or does not. */
export async function findHome(): Promise<Home> {
  const [told, manifest] = await Promise.all([read('cloud.json'), read('manifest.signed')])
  const { cloud } = (told ? parse(told) : {}) as { cloud?: unknown }
  const own = new URL('.', location.href)
  const named = typeof cloud === 'string' && URL.canParse(cloud) ? new URL(cloud) : own
  return {
    from: named.origin === own.origin ? 'cloud' : 'client',
    cloud: named.href,
    version: manifest ? /^version (.+)$/m.exec(new TextDecoder().decode(manifest))?.[1] ?? null : null,
    page: manifest ? hexadecimal(await crypto.subtle.digest('SHA-256', manifest)) : null,
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
