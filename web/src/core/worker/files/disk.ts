import { Blocks, blocksOf, cut, pairs, type Extents } from './blocks'
import { Journal, type Change, type Handle } from './journal'
import { enter, Volume, VolumeFault, fault, type Item } from './volume'

const blockSize = 4096
const largestStep = 16 * 1024 * 1024 / blockSize
const zeros = new Uint8Array(256 * 1024)
/** Up to so much is overwritten when it is given up: keys and tokens stand in small files, the large ones are sealed records. */
const wiped = 1024 * 1024 / blockSize

export interface DiskItem extends Item {
  parent: DiskItem | null
  readonly children: Map<string, DiskItem> | null
  readonly id: number
  size: number
  /** What is beyond the size was taken in advance and stands in no journal. */
  extents: Extents
  opens: number
  isGone: boolean
  /** Bytes [start, end) that were skipped and read as zeros; filled before they stand in the journal. */
  hole: [start: number, end: number]
}

/**
 * Files in one data file, cut into blocks, and a journal of their names and places. All of it is synchronous, as .NET's files are, and any number of files needs
 * three handles. A file that is written stands in the journal as it was until it is flushed or closed; blocks that the journal gives up are used again only when
 * the journal is on the disk. So after a crash every file is as it was at its last flush, and a rename has happened or not.
 * What is removed is gone from the disk: small files are overwritten, and when the last file goes, so do all bytes and all names.
 */
export class Disk extends Volume<DiskItem> {
  readonly root: DiskItem
  private readonly data: Handle
  private readonly journal: Journal
  private readonly blocks: Blocks
  private freed: Extents[] = []
  private next: number

  constructor(data: Handle, journals: [Handle, Handle]) {
    super()
    this.data = data
    this.journal = new Journal(journals)
    this.root = item(0, null, '', true)
    const items = new Map([[0, this.root]])
    // In two steps: a folder that was moved stands in the journal behind what is in it.
    const entries = [...this.journal.items.values()]
    for (const [id, , name, size] of entries) items.set(id, item(id, null, name, size < 0))
    for (const [id, parent, , size, ...extents] of entries) {
      const found = items.get(id)!
      Object.assign(found, { parent: items.get(parent) ?? this.root, size: Math.max(0, size), extents })
      enter(found)
    }
    this.blocks = Blocks.around(entries.map(([, , , , ...extents]) => extents))
    this.next = Math.max(0, ...items.keys()) + 1
    this.trim()
    this.eraseIfEmpty()
  }

  create(parent: DiskItem, name: string, isFolder: boolean): DiskItem {
    const made = enter(item(this.next++, parent, name, isFolder))
    this.journal.append(changeOf(made))
    return made
  }

  move(moved: DiskItem, parent: DiskItem, name: string): void {
    const replaced = parent.children!.get(name)
    moved.parent!.children!.delete(moved.name)
    Object.assign(moved, { parent, name })
    enter(moved)
    if (replaced) this.journal.append([replaced.id], changeOf(moved))
    else this.journal.append(changeOf(moved))
    if (replaced) this.discard(replaced)
    this.flushJournal()
  }

  remove(removed: DiskItem): void {
    removed.parent!.children!.delete(removed.name)
    this.journal.append([removed.id])
    this.discard(removed)
    this.flushJournal()
  }

  size(file: DiskItem): number { return file.size }

  read(file: DiskItem, target: Uint8Array, at: number): number {
    const length = Math.max(0, Math.min(target.length, file.size - at))
    let done = 0
    for (const [from, count] of places(file.extents, at, length)) {
      const part = target.subarray(done, done + count)
      const read = this.data.read(part, { at: from })
      part.fill(0, read)
      done += count
    }
    const [start, end] = file.hole
    if (start < at + length && end > at) target.fill(0, Math.max(start - at, 0), Math.min(end - at, length))
    return length
  }

  write(file: DiskItem, source: Uint8Array, at: number): void {
    this.reserve(file, at + source.length)
    if (at > file.size) this.skip(file, at)
    const [start, end] = file.hole
    if (at < end && at + source.length > start) {
      if (at > start) this.zero(file, start, at)
      file.hole = [Math.min(end, at + source.length), end]
    }
    this.put(file, source, at)
    file.size = Math.max(file.size, at + source.length)
  }

  resize(file: DiskItem, size: number): void {
    if (size === file.size) return
    if (size > file.size) {
      this.reserve(file, size)
      this.skip(file, size)
      return
    }
    const [kept, rest] = cut(file.extents, blocksFor(size))
    file.hole = [Math.min(file.hole[0], size), Math.min(file.hole[1], size)]
    this.fillHole(file)
    Object.assign(file, { size, extents: kept })
    // The journal lets go of the blocks before anybody else may have them.
    if (!file.isGone) this.journal.append(changeOf(file))
    this.freed.push(rest)
  }

  override flush(file: DiskItem): void {
    if (file.isGone) return
    this.fillHole(file)
    this.data.flush()
    this.journal.append(changeOf(file))
    this.flushJournal()
  }

  override opened(file: DiskItem): void { file.opens++ }

  override closed(file: DiskItem): void {
    if (--file.opens > 0) return
    if (file.isGone) {
      this.freed.push(file.extents)
      this.flushJournal()
      return
    }
    this.fillHole(file)
    const [kept, rest] = cut(file.extents, blocksFor(file.size))
    file.extents = kept
    this.blocks.give(rest)
    const before = this.journal.items.get(file.id)
    const now = changeOf(file)
    if (before?.length !== now.length || before.some((value, i) => value !== now[i])) this.journal.append(now)
  }

  /** Makes the file longer. One hole is remembered: of two, the first is filled. */
  private skip(file: DiskItem, size: number): void {
    if (file.hole[0] < file.hole[1] && file.hole[1] < file.size) this.fillHole(file)
    const isEmpty = file.hole[0] === file.hole[1]
    file.hole = [isEmpty ? file.size : file.hole[0], size]
    file.size = size
  }

  private fillHole(file: DiskItem): void {
    this.zero(file, file.hole[0], file.hole[1])
    file.hole = [0, 0]
  }

  private zero(file: DiskItem, start: number, end: number): void {
    for (let at = start; at < end; at += zeros.length) this.put(file, zeros.subarray(0, Math.min(zeros.length, end - at)), at)
  }

  private put(file: DiskItem, source: Uint8Array, at: number): void {
    let done = 0
    for (const [to, count] of places(file.extents, at, source.length)) {
      if (this.data.write(source.subarray(done, done + count), { at: to }) !== count) throw new VolumeFault(fault.noSpace)
      done += count
    }
  }

  /** Takes blocks up to `size`, and as many again in advance, so that files which grow side by side stay in few pieces. */
  private reserve(file: DiskItem, size: number): void {
    const own = blocksOf(file.extents)
    const needed = blocksFor(size) - own
    if (needed <= 0) return
    if (this.freed.length > 0) this.flushJournal()
    const [start, count] = this.blocks.take(needed, Math.max(needed, Math.min(own, largestStep)))
    const end = file.extents.length - 2
    if (end >= 0 && file.extents[end]! + file.extents[end + 1]! === start) file.extents[end + 1]! += count
    else file.extents.push(start, count)
  }

  private discard(gone: DiskItem): void {
    gone.isGone = true
    if (gone.opens === 0) this.freed.push(gone.extents)
  }

  private flushJournal(): void {
    this.journal.flush()
    if (this.freed.length > 0) {
      const small = this.freed.filter(extents => extents.length > 0 && blocksOf(extents) <= wiped)
      for (const [start, count] of small.flatMap(pairs)) this.wipe(start * blockSize, (start + count) * blockSize)
      if (small.length > 0) this.data.flush()
      for (const extents of this.freed) this.blocks.give(extents)
      this.freed = []
      this.trim()
    }
    this.eraseIfEmpty()
  }

  private wipe(start: number, end: number): void {
    const last = Math.min(end, this.data.getSize())
    for (let at = start; at < last; at += zeros.length) this.data.write(zeros.subarray(0, Math.min(zeros.length, last - at)), { at })
  }

  private eraseIfEmpty(): void {
    if (this.root.children!.size > 0 || this.blocks.end > 0) return
    this.journal.erase()
    if (this.data.getSize() === 0) return
    this.data.truncate(0)
    this.data.flush()
  }

  /** Gives space behind the last file back to the browser. */
  private trim(): void {
    const end = this.blocks.end * blockSize
    if (this.data.getSize() <= end + zeros.length) return
    this.data.truncate(end)
    this.data.flush()
  }
}

function item(id: number, parent: DiskItem | null, name: string, isFolder: boolean): DiskItem {
  return { id, parent, name, modified: Date.now(), children: isFolder ? new Map<string, DiskItem>() : null, size: 0, extents: [], opens: 0, isGone: false, hole: [0, 0] }
}

function changeOf({ id, parent, name, children, size, extents }: DiskItem): Exclude<Change, [number]> {
  return [id, parent!.id, name, children ? -1 : size, ...cut(extents, blocksFor(size))[0]]
}

const blocksFor = (size: number) => Math.ceil(size / blockSize)

/** The pieces of the data file that bytes [at, at + length) of a file are. */
function* places(extents: Extents, at: number, length: number): Generator<[at: number, count: number]> {
  for (const [start, blocks] of pairs(extents)) {
    if (length <= 0) return
    const size = blocks * blockSize
    if (at < size) {
      const count = Math.min(length, size - at)
      yield [start * blockSize + at, count]
      length -= count
      at = 0
    } else {
      at -= size
    }
  }
}
