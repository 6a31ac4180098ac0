import type { Extents } from './blocks'

/** An item as it is from now on: a file's size and place, a folder with size -1. Its number alone: it is gone. */
export type Change = [id: number, parent: number, name: string, size: number, ...extents: Extents] | [id: number]

/** As much of FileSystemSyncAccessHandle as is used. */
export interface Handle {
  read(buffer: Uint8Array, options?: { at: number }): number
  write(buffer: Uint8Array, options?: { at: number }): number
  truncate(size: number): void
  getSize(): number
  flush(): void
}

const isGone = (change: Change): change is [id: number] => change.length === 1

const smallest = 256 * 1024
const encoder = new TextEncoder()

/**
 * The names and places of all files, as a list of changes in one of two files. A line is the changes of one step behind their checksum: all of them hold or none.
 * The first line is a generation and everything as it was then; the file of the later generation counts. What follows a line that is cut off was never flushed.
 */
export class Journal {
  private readonly handles: [Handle, Handle]
  private active: 0 | 1
  private generation: number
  private size: number
  private snapshot: number
  readonly items = new Map<number, Exclude<Change, [number]>>()

  constructor(handles: [Handle, Handle]) {
    this.handles = handles
    const [first, second] = handles.map(lines) as [Line[], Line[]]
    this.active = generationOf(second) > generationOf(first) ? 1 : 0
    const found = this.active === 0 ? first : second
    this.generation = Math.max(0, generationOf(found))
    this.size = found.at(-1)?.end ?? 0
    this.snapshot = found[0]?.end ?? 0
    found.forEach(({ content }, i) => {
      for (const change of (i === 0 ? content.slice(1) : content) as Change[]) this.apply(change)
    })
    if (found.length === 0) this.rewrite()
    else this.handles[this.active].truncate(this.size)
  }

  /** Adds one step. It survives the end of this worker; only after `flush` also that of the machine. */
  append(...changes: Change[]): void {
    for (const change of changes) this.apply(change)
    if (this.size > smallest && this.size > 4 * this.snapshot) {
      this.rewrite()
      return
    }
    try {
      this.size += put(this.handles[this.active], changes, this.size)
    } catch {
      // The disk is full. Written anew the journal is shorter: else nothing could be removed.
      this.rewrite()
    }
  }

  flush(): void {
    this.handles[this.active].flush()
  }

  /** Leaves nothing of what is not there any more: both files kept names. */
  erase(): void {
    if (this.handles[0].getSize() + this.handles[1].getSize() === this.snapshot) return
    this.rewrite()
    const old = this.handles[this.active === 0 ? 1 : 0]
    old.truncate(0)
    old.flush()
  }

  private apply(change: Change): void {
    if (isGone(change)) this.items.delete(change[0])
    else this.items.set(change[0], change)
  }

  /** Writes what there is into the other file, which from then on counts. */
  private rewrite(): void {
    const other = this.active === 0 ? 1 : 0
    const handle = this.handles[other]
    handle.truncate(0)
    this.snapshot = this.size = put(handle, [this.generation + 1, ...this.items.values()], 0)
    handle.flush()
    this.generation++
    this.active = other
  }
}

interface Line { content: unknown[], end: number }

function put(handle: Handle, content: unknown[], at: number): number {
  const text = JSON.stringify(content)
  const line = encoder.encode(`${checksum(text)} ${text}\n`)
  if (handle.write(line, { at }) !== line.length) throw new DOMException('The journal could not be written.', 'QuotaExceededError')
  return line.length
}

/** The lines before the first one that is damaged. */
function lines(handle: Handle): Line[] {
  const bytes = new Uint8Array(handle.getSize())
  handle.read(bytes, { at: 0 })
  const decoder = new TextDecoder('utf-8')
  const found: Line[] = []
  for (let start = 0, end; (end = bytes.indexOf(10, start)) >= 0; start = end + 1) {
    const line = decoder.decode(bytes.subarray(start, end))
    const text = line.slice(9)
    if (line.slice(0, 9) !== `${checksum(text)} `) break
    found.push({ content: JSON.parse(text) as unknown[], end: end + 1 })
  }
  return found
}

const generationOf = (found: Line[]) => found[0] ? found[0].content[0] as number : -1

/** FNV-1a over UTF-16 units: against writes that were cut short, not against anybody. */
function checksum(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
