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
