import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex, Writable } from 'node:stream'

// A real Chromium, driven over its own pipe: no port is opened and nothing has to be installed for it.

type Event = { method: string, params: Record<string, unknown>, sessionId?: string }
type Message = { id?: number, result?: unknown, error?: { message: string } } & Partial<Event>

const places = [process.env.SALUS_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']

export class Chromium {
  private readonly process: ChildProcess
  private readonly folder = mkdtempSync(join(tmpdir(), 'salus-viewer-'))
  private readonly waiting = new Map<number, { resolve: (value: unknown) => void, reject: (problem: Error) => void }>()
  private next = 1
  readonly events: Event[] = []

  constructor() {
    const path = places.find(place => place && existsSync(place))
    if (!path) throw new Error('There is no Chromium here: install it, or name it in SALUS_CHROMIUM.')
    this.process = spawn(path, [
      '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
      '--remote-debugging-pipe', `--user-data-dir=${this.folder}`,
    ], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] })
    let text = ''
    ;(this.process.stdio[4] as Duplex).setEncoding('utf8').on('data', (part: string) => {
      text += part
      const messages = text.split('\0')
      text = messages.pop()!
      for (const message of messages) this.receive(JSON.parse(message) as Message)
    })
  }

  send<T = Record<string, unknown>>(method: string, params: object = {}, sessionId?: string): Promise<T> {
    const id = this.next++
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: value => { resolve(value as T) }, reject })
      ;(this.process.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    })
  }

  /** A new tab; its session takes commands, its events come into `events`. */
  async open(): Promise<string> {
    const { targetId } = await this.send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await this.send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true })
    for (const domain of ['Page', 'Runtime']) await this.send(`${domain}.enable`, {}, sessionId)
    return sessionId
  }

  async evaluate<T>(sessionId: string, expression: string): Promise<T> {
    const { result } = await this.send<{ result: { value: T } }>('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }, sessionId)
    return result.value
  }

  close(): void {
    this.process.once('exit', () => { rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 }) })
    this.process.kill()
  }

  private receive({ id, result, error, method, params, sessionId }: Message): void {
    if (id === undefined) {
      this.events.push({ method: method!, params: params!, sessionId })
      return
    }
    const waiting = this.waiting.get(id)
    this.waiting.delete(id)
    if (error) waiting?.reject(new Error(error.message))
    else waiting?.resolve(result)
  }
}
