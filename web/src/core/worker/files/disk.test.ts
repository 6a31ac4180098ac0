import { describe, expect, it, vi } from 'vitest'
import { Disk, type DiskItem } from './disk'
import type { Handle } from './journal'

type Write = { at: number, bytes: Uint8Array } | { size: number }

/** A file that knows what would be left of it after a power cut: what was flushed, and of each later write whatever chance lets through. */
class Cut implements Handle {
  private bytes = new Uint8Array(1 << 16)
  private size = 0
  private flushed = new Uint8Array(0)
  private later: Write[] = []
  /** How far it may grow. */
  room = Infinity

  read(buffer: Uint8Array, { at = 0 } = {}) {
    const part = this.bytes.subarray(Math.min(at, this.size), Math.min(at + buffer.length, this.size))
    buffer.set(part)
    return part.length
  }

  write(buffer: Uint8Array, { at = 0 } = {}) {
    if (at + buffer.length > this.room) throw new DOMException('full', 'QuotaExceededError')
    this.change({ at, bytes: buffer.slice() })
    return buffer.length
  }

  truncate(size: number) { this.change({ size }) }

  getSize() { return this.size }

  has(text: string) { return Buffer.from(this.bytes.subarray(0, this.size)).includes(text) }

  flush() {
    this.flushed = this.bytes.slice(0, this.size)
    this.later = []
  }

  loseSome(random: () => number) {
    const later = this.later
    this.size = 0
    this.bytes.fill(0)
    this.change({ at: 0, bytes: this.flushed })
    for (const write of later) if (random() < 0.5) this.change(write)
    this.flush()
  }

  private change(write: Write) {
    this.later.push(write)
    if ('size' in write) {
      this.reach(write.size)
      this.bytes.fill(0, write.size)
      this.size = write.size
    } else {
      this.reach(write.at + write.bytes.length)
      this.bytes.set(write.bytes, write.at)
      this.size = Math.max(this.size, write.at + write.bytes.length)
    }
  }

  private reach(size: number) {
    if (size <= this.bytes.length) return
    const grown = new Uint8Array(2 * size)
    grown.set(this.bytes)
    this.bytes = grown
  }
}

/** Numbers that look random and are the same for the same seed. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5 | 0
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32
  }
}

const open = (handles: Cut[]) => new Disk(handles[0]!, [handles[1]!, handles[2]!])

function contents(disk: Disk, file: DiskItem): string {
  const bytes = new Uint8Array(disk.size(file))
  disk.read(file, bytes, 0)
  return Buffer.from(bytes).toString('latin1')
}

const filesOf = (disk: Disk) => new Map([...disk.root.children!].map(([name, file]) => [name, contents(disk, file)]))

/** Writes files, some of them by the safe way: beside, flushed, renamed. Tells which contents a file may have after a kill and after a power cut. */
function work(disk: Disk, random: () => number, steps: number) {
  const expected = filesOf(disk)
  const safe = new Map<string, string>()
  for (let step = 0; step < steps; step++) {
    const name = `file${Math.floor(random() * 6)}`
    const text = String.fromCharCode(97 + Math.floor(random() * 26)).repeat(Math.floor(random() * 30_000))
    const bytes = Buffer.from(text, 'latin1')
    const choice = random()
    const before = disk.root.children!.get(name)
    if (choice < 0.2 && before) {
      disk.remove(before)
      expected.delete(name)
      safe.delete(name)
    } else if (choice < 0.6) {
      const file = before ?? disk.create(disk.root, name, false)
      disk.opened(file)
      disk.resize(file, 0)
      const split = Math.floor(random() * bytes.length)
      // The end first: what lies between is a hole for a while.
      disk.write(file, bytes.subarray(split), split)
      disk.write(file, bytes.subarray(0, split), 0)
      disk.closed(file)
      expected.set(name, text)
      safe.delete(name)
    } else {
      const aside = disk.create(disk.root, 'aside', false)
      disk.opened(aside)
      disk.write(aside, bytes, 0)
      disk.flush(aside)
      disk.closed(aside)
      disk.move(aside, disk.root, name)
      expected.set(name, text)
      safe.set(name, text)
    }
  }
  expect(filesOf(disk)).toEqual(expected)
  return { expected, safe }
}

// A machine may have other work too.
vi.setConfig({ testTimeout: 60_000 })

describe('Files of the worker', () => {
  it('are as they were left when the worker is killed', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const random = numbers(seed)
      const handles = [new Cut(), new Cut(), new Cut()]
      for (let life = 0; life < 3; life++) {
        const { expected } = work(open(handles), random, 40)
        expect(filesOf(open(handles))).toEqual(expected)
      }
    }
  })

  it('that were flushed and renamed are whole after a power cut', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = numbers(seed)
      const handles = [new Cut(), new Cut(), new Cut()]
      const { safe } = work(open(handles), random, 1 + Math.floor(random() * 40))
      for (const handle of handles) handle.loseSome(random)
      const found = filesOf(open(handles))
      for (const [name, text] of safe) expect(found.get(name)).toBe(text)
    }
  })

  it('never show the bytes of another, when the worker is killed while one is rewritten', () => {
    const handles = [new Cut(), new Cut(), new Cut()]
    const disk = open(handles)
    const made = ['a', 'b'].map(name => disk.create(disk.root, name, false))
    for (const file of made) disk.opened(file)
    disk.write(made[0]!, new Uint8Array(100_000).fill(97), 0)
    disk.flush(made[0]!)
    disk.resize(made[0]!, 0)
    disk.write(made[1]!, new Uint8Array(100_000).fill(98), 0)
    disk.flush(made[1]!)
    expect(filesOf(open(handles))).toEqual(new Map([['a', ''], ['b', 'b'.repeat(100_000)]]))
  })

  it('may be many, and give their space back', () => {
    const handles = [new Cut(), new Cut(), new Cut()]
    const disk = open(handles)
    const folder = disk.create(disk.root, 'folder', true)
    const files = Array.from({ length: 60 }, (_, i) => disk.create(folder, String(i), false))
    for (const file of files) disk.opened(file)
    for (let round = 0; round < 4; round++) for (const file of files) disk.write(file, new Uint8Array(5000).fill(file.id), round * 5000)
    for (const file of files) disk.closed(file)
    expect(files.every(file => file.extents.length <= 8)).toBe(true)
    const again = open(handles)
    for (const file of again.root.children!.get('folder')!.children!.values()) {
      const bytes = new Uint8Array(20_000)
      expect(again.read(file, bytes, 0)).toBe(20_000)
      expect(bytes.every(byte => byte === (file.id & 255))).toBe(true)
    }
    for (const file of [...again.root.children!.get('folder')!.children!.values()]) again.remove(file)
    const last = again.create(again.root, 'last', false)
    again.opened(last)
    again.flush(last)
    again.closed(last)
    expect(handles[0]!.getSize()).toBeLessThan(1_000_000)
  })

  it('outlive a journal that was written anew many times', () => {
    const handles = [new Cut(), new Cut(), new Cut()]
    let disk = open(handles)
    for (let i = 0; i < 6000; i++) {
      const file = disk.create(disk.root, `a name that makes the journal grow ${i}`, false)
      if (i % 100 > 0) disk.remove(file)
    }
    expect(disk.root.children!.size).toBe(60)
    disk = open(handles)
    expect(disk.root.children!.size).toBe(60)
    expect(handles[1]!.getSize() + handles[2]!.getSize()).toBeLessThan(1_000_000)
  })
  const write = (disk: Disk, name: string, text: string) => {
    const file = disk.create(disk.root, name, false)
    disk.opened(file)
    disk.write(file, Buffer.from(text), 0)
    disk.flush(file)
    disk.closed(file)
    return file
  }

  it('leave no byte and no name when all of them are removed, not even to a power cut', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const handles = [new Cut(), new Cut(), new Cut()]
      const disk = open(handles)
      write(disk, 'profile.json', 'the wrapped secret')
      write(disk, 'large', 'a sealed record'.repeat(100_000))
      for (const file of [...disk.root.children!.values()]) disk.remove(file)
      for (const handle of handles) handle.loseSome(numbers(seed))
      for (const text of ['the wrapped secret', 'a sealed record', 'profile.json']) expect(handles.some(handle => handle.has(text))).toBe(false)
      expect(open(handles).root.children!.size).toBe(0)
      expect(handles[0]!.getSize()).toBe(0)
    }
  })

  it('leave no byte of a small one whose place another takes', () => {
    const handles = [new Cut(), new Cut(), new Cut()]
    const disk = open(handles)
    write(disk, 'profile.json', 'under the old passphrase')
    disk.move(write(disk, 'aside', 'under the new passphrase'), disk.root, 'profile.json')
    for (const handle of handles) handle.loseSome(numbers(1))
    expect(handles[0]!.has('under the old passphrase')).toBe(false)
    expect(handles[0]!.has('under the new passphrase')).toBe(true)
  })

  it('can be removed from a disk that is full', () => {
    const handles = [new Cut(), new Cut(), new Cut()]
    const disk = open(handles)
    for (let i = 0; i < 20; i++) write(disk, `file${i}`, 'bytes')
    for (const handle of handles) handle.room = handle.getSize()
    handles[1]!.room = handles[2]!.room = Math.max(handles[1]!.room, handles[2]!.room)
    for (const file of [...disk.root.children!.values()]) disk.remove(file)
    expect(handles.some(handle => handle.has('bytes'))).toBe(false)
    expect(open(handles).root.children!.size).toBe(0)
  })
})
