/** Minutes without input until the account is locked. */
export const idleMinutes = 15

/**
 * Says when somebody has gone away. It compares times instead of counting down: a machine that slept has been idle all the while, and the first touch after that comes too late.
 */
export class IdleClock {
  private last: number
  private over = false
  private readonly limit: number
  private readonly now: () => number
  private readonly onIdle: () => void

  constructor(limit: number, now: () => number, onIdle: () => void) {
    this.limit = limit
    this.now = now
    this.onIdle = onIdle
    this.last = now()
  }

  /** There was input. */
  touch(): void {
    this.check()
    if (!this.over) this.last = this.now()
  }

  /** Called often; says it once. A clock that was set back starts anew. */
  check(): void {
    if (this.over) return
    const passed = this.now() - this.last
    if (passed < 0) this.last = this.now()
    if (passed < this.limit) return
    this.over = true
    this.onIdle()
  }
}
