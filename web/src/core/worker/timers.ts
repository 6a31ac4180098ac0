/**
 * Makes `setTimeout` without a delay run at once, by a message. .NET's thread pool passes its work on by such timers, and a browser holds nested ones back for 4 ms each,
 * however short the work between them is.
 */
export function hurryTimers(): void {
  const [later, forget] = [self.setTimeout.bind(self), self.clearTimeout.bind(self)]
  const waiting = new Map<number, () => void>()
  const { port1, port2 } = new MessageChannel()
  // Below zero, where the browser has none.
  let last = 0
  port1.onmessage = ({ data: id }: MessageEvent<number>) => {
    const run = waiting.get(id)
    waiting.delete(id)
    run?.()
  }
  const soon = (run: () => void, delay = 0): number => {
    if (delay > 0) return later(run, delay)
    waiting.set(--last, run)
    port2.postMessage(last)
    return last
  }
  const cancel = (id: number): void => { if (!waiting.delete(id)) forget(id) }
  Object.assign(self, { setTimeout: soon, clearTimeout: cancel })
}
