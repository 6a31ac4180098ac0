const name = 'salus-profile'

/**
 * One tab at a time holds the profile. `onHeld` comes when this tab does, `onLost` when another has taken it over, `onWaiting` while another has it;
 * it comes to this tab by itself when that one is closed.
 */
export class TabLock {
  private readonly on: { held: () => void, lost: () => void, waiting: () => void }
  private stop: AbortController | null = null

  constructor(on: { held: () => void, lost: () => void, waiting: () => void }) {
    this.on = on
  }

  /** Takes the lock if nobody has it, and otherwise waits for it. */
  async request(): Promise<void> {
    const free = await this.hold({ ifAvailable: true })
    if (free === 'busy') {
      this.on.waiting()
      this.stop = new AbortController()
      await this.hold({ signal: this.stop.signal })
    }
  }

  /** Takes it from the tab that has it. */
  async takeOver(): Promise<void> {
    this.stop?.abort()
    await this.hold({ steal: true })
  }

  private async hold(options: LockOptions): Promise<'busy' | 'over'> {
    let mine = false
    try {
      return await navigator.locks.request(name, options, async (lock): Promise<'busy'> => {
        if (!lock) return 'busy'
        mine = true
        this.on.held()
        // Held for as long as the tab lives: ends only when another tab steals it.
        return await new Promise<never>(() => undefined)
      })
    } catch {
      // Stolen; or the waiting was given up in favour of taking it over.
      if (mine) this.on.lost()
      return 'over'
    }
  }
}
