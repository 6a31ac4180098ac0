import { CoreFailure, type AnswerOf, type ArgumentsOf, type CoreError, type OperationName, type ReportOf } from './api'

// The page's side of the worker. It forwards; the worker holds the keys and does the work.

/** Page to worker. Files stay where they are: the arguments hold their position in `files`. */
export type Request = { id: number, operation: string, arguments: string, files: Blob[], secrets: Uint8Array[] } | { cancel: number }

/** Worker to page. */
export type Response =
  | { ready: true }
  | { broken: string }
  | { id: number, report: unknown }
  | { id: number, ok: unknown, blob?: Blob, alarmed?: true }
  | { id: number, error: CoreError }

interface Waiting { resolve: (answer: unknown) => void, reject: (failure: unknown) => void, report?: (report: unknown) => void }

export interface CallOptions<O extends OperationName> { signal?: AbortSignal, onReport?: (report: ReportOf<O>) => void }

export class Core {
  private readonly worker: Worker
  private readonly waiting = new Map<number, Waiting>()
  private next = 1
  /** Told of every operation that failed, besides whoever asked for it: the shell shows alarms and that the account is locked. */
  onFailure: ((error: CoreError) => void) | null = null
  /** Told of an operation that went on in spite of an alarm. */
  onAlarm: (() => void) | null = null
  /** Told when the worker has come to its end by itself. */
  onEnd: ((error: CoreError) => void) | null = null
  private ended: CoreError | null = null

  constructor(worker: Worker) {
    this.worker = worker
    worker.onmessage = (event: MessageEvent<Response>) => { this.receive(event.data) }
    worker.onerror = event => { this.end({ kind: 'fault', code: 'worker', message: event.message, party: null }) }
  }

  call<O extends OperationName>(operation: O, args: ArgumentsOf<O>, options: CallOptions<O> = {}): Promise<AnswerOf<O>> {
    const { signal, onReport } = options
    const failed = this.ended ?? (signal?.aborted ? cancelled : null)
    if (failed) return Promise.reject(new CoreFailure(failed))
    return new Promise((resolve, reject) => {
      const id = this.next++
      const { text, files, secrets } = pack(args)
      const cancel = () => { this.worker.postMessage({ cancel: id } satisfies Request) }
      signal?.addEventListener('abort', cancel, { once: true })
      const done = () => signal?.removeEventListener('abort', cancel)
      this.waiting.set(id, {
        resolve: answer => { done(); resolve(answer as AnswerOf<O>) },
        reject: failure => { done(); reject(failure as Error) },
        report: onReport && (report => { onReport(report as ReportOf<O>) }),
      })
      // Transferred: the page keeps no copy of a secret.
      this.worker.postMessage({ id, operation, arguments: text, files, secrets } satisfies Request, secrets.map(secret => secret.buffer))
    })
  }

  /** Ends the worker: its memory, and every key in it, is gone. */
  terminate(): void {
    this.worker.terminate()
    this.end({ kind: 'locked', code: 'locked', message: 'The account was locked.', party: null })
  }

  private receive(response: Response): void {
    if ('broken' in response) {
      this.end({ kind: 'fault', code: 'start', message: response.broken, party: null })
      return
    }
    if (!('id' in response)) return
    const waiting = this.waiting.get(response.id)
    if (!waiting) return
    if ('report' in response) {
      waiting.report?.(response.report)
      return
    }
    this.waiting.delete(response.id)
    if ('error' in response) {
      this.onFailure?.(response.error)
      waiting.reject(new CoreFailure(response.error))
    }
    else {
      if (response.alarmed) this.onAlarm?.()
      waiting.resolve(response.blob ? { ...(response.ok as object), blob: response.blob } : response.ok)
    }
  }

  private end(error: CoreError): void {
    this.ended ??= error
    this.worker.onmessage = null
    if (error.kind === 'fault') this.onEnd?.(error)
    for (const { reject } of this.waiting.values()) reject(new CoreFailure(error))
    this.waiting.clear()
  }
}

const cancelled: CoreError = { kind: 'cancelled', code: '', message: 'Stopped before it was done.', party: null }

/** JSON with `{"$file": n}` and `{"$secret": n}` where a file or the bytes of a secret stand. */
function pack(args: object): { text: string, files: Blob[], secrets: Uint8Array<ArrayBuffer>[] } {
  const files: Blob[] = []
  const secrets: Uint8Array<ArrayBuffer>[] = []
  const text = JSON.stringify(args, (_, value: unknown) => {
    if (value instanceof Blob) return { $file: files.push(value) - 1, $name: value instanceof File ? value.name : '' }
    if (value instanceof Uint8Array) return { $secret: secrets.push(new Uint8Array(value)) - 1 }
    return value
  })
  return { text, files, secrets }
}
