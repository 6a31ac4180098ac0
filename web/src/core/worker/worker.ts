import type { CoreError } from '../api'
import type { Request, Response } from '../client'
import { aeadImports } from './aead'
import { Files, openDisk } from './files/open'
import { boot, type Exports, type MemoryView } from './runtime'
import { sodiumImports } from './sodium'
import { hurryTimers } from './timers'

// The worker in which the core runs. It forwards and decides nothing: what an operation is and whether it may happen is said in C#.

type Call = Exclude<Request, { cancel: number }>

interface Started { exports: Exports, files: Files }

const secrets = new Map<number, Uint8Array[]>()

/** The imports of the module "worker": src/Browser/Exports.cs. */
const workerImports = {
  report: (call: number, json: string) => { post({ id: call, report: JSON.parse(json) as unknown }) },
  secretLength: (call: number, index: number) => secrets.get(call)?.[index]?.length ?? 0,
  takeSecret(call: number, index: number, target: MemoryView) {
    const secret = secrets.get(call)![index]!
    target.set(secret)
    secret.fill(0)
  },
}

async function start(): Promise<Started> {
  const [runtime, sodium, disk] = await Promise.all([boot(new URL(`../${SALUS_CORE}`, self.location.href)), sodiumImports(), openDisk()])
  runtime.setModuleImports('worker', workerImports)
  runtime.setModuleImports('sodium', sodium)
  runtime.setModuleImports('aead', aeadImports)
  const files = new Files(runtime.Module.FS, disk)
  await runtime.runMain()
  return { exports: (await runtime.getAssemblyExports(runtime.program)).Salus.Browser.Exports, files }
}

async function run({ exports, files }: Started, call: Call): Promise<void> {
  const { id } = call
  secrets.set(id, call.secrets)
  try {
    const outcome = JSON.parse(await exports.InvokeAsync(id, call.operation, withFiles(files, call))) as { ok: unknown, alarmed?: true } | { error: CoreError }
    const blob = files.fileOf(id)
    if ('error' in outcome) post({ id, error: outcome.error })
    else post({ id, ok: outcome.ok, ...(blob && { blob }), ...(outcome.alarmed && { alarmed: true }) })
  } catch (problem) {
    post({ id, error: { kind: 'fault', code: 'worker', message: describe(problem), party: null } })
  } finally {
    for (const secret of call.secrets) secret.fill(0)
    secrets.delete(id)
    files.drop(id)
  }
}

/** The arguments with paths where files stood. */
function withFiles(files: Files, call: Call): string {
  if (call.files.length === 0) return call.arguments
  return JSON.stringify(JSON.parse(call.arguments, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('$file' in value)) return value
    const { $file: index, $name: given } = value as { $file: number, $name?: string }
    const name = given && !/^\.{0,2}$|[/\0]/.test(given) ? given : 'file'
    return files.add(call.id, index, name, call.files[index]!)
  }))
}

const describe = (problem: unknown) => problem instanceof Error ? problem.message : String(problem)

function post(response: Response): void {
  self.postMessage(response)
}

hurryTimers()
const started = start()
started.then(() => { post({ ready: true }) }, (problem: unknown) => { post({ broken: describe(problem) }) })

// Not by `onmessage`: dotnet.js takes a worker that has one for a thread of its own and waits for ever.
self.addEventListener('message', (event: MessageEvent<Request>) => {
  const request = event.data
  void started.then(
    ready => {
      if ('cancel' in request) ready.exports.Cancel(request.cancel)
      else void run(ready, request)
    },
    // What broke was said already.
    () => undefined)
})
