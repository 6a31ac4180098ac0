import { enter, fault, Volume, VolumeFault, type Item } from './volume'

declare class FileReaderSync { readAsArrayBuffer(blob: Blob): ArrayBuffer }

const pageSize = 1024 * 1024
const pagesInMemory = 8

interface BlobItem extends Item {
  parent: BlobItem | null
  readonly children: Map<string, BlobItem> | null
}

const folder = (parent: BlobItem | null, name: string): BlobItem => enter<BlobItem>({ parent, name, modified: Date.now(), children: new Map<string, BlobItem>() })

const bytesOf = (blob: Blob) => new Uint8Array(new FileReaderSync().readAsArrayBuffer(blob))

interface Incoming extends BlobItem { blob: Blob, page: { at: number, bytes: Uint8Array } | null }

/** Files that the page handed over: `CALL/INDEX/NAME`, read page by page as they are asked for. */
export class IncomingFiles extends Volume<BlobItem> {
  readonly root = folder(null, '')

  add(call: number, index: number, name: string, blob: Blob): void {
    const calls = this.root.children!
    const parent = folder(calls.get(String(call)) ?? folder(this.root, String(call)), String(index))
    enter<Incoming>({ parent, name, modified: Date.now(), children: null, blob, page: null })
  }

  size(file: BlobItem): number { return (file as Incoming).blob.size }

  read(item: BlobItem, target: Uint8Array, at: number): number {
    const file = item as Incoming
    const length = Math.max(0, Math.min(target.length, file.blob.size - at))
    for (let done = 0; done < length;) {
      const start = Math.floor((at + done) / pageSize) * pageSize
      if (file.page?.at !== start) file.page = { at: start, bytes: bytesOf(file.blob.slice(start, start + pageSize)) }
      const part = file.page.bytes.subarray(at + done - start, at + length - start)
      target.set(part, done)
      done += part.length
    }
    return length
  }

  override closed(item: BlobItem): void { (item as Incoming).page = null }

  create(): never { throw new VolumeFault(fault.readOnly) }
  move(): never { throw new VolumeFault(fault.readOnly) }
  remove(): never { throw new VolumeFault(fault.readOnly) }
  write(): never { throw new VolumeFault(fault.readOnly) }
  resize(): never { throw new VolumeFault(fault.readOnly) }
}

interface Outgoing extends BlobItem { length: number, pages: (Uint8Array<ArrayBuffer> | Blob)[] }

/** Files for the page, written at any place: a few pages are in memory, the others with the browser as blobs. */
export class OutgoingFiles extends Volume<BlobItem> {
  readonly root = folder(null, '')

  /** The one file that a call has left, if any. */
  fileOf(call: number): Blob | null {
    const left = [...this.root.children!.get(String(call))?.children?.values() ?? []]
    return left.length === 1 ? new Blob((left[0] as Outgoing).pages) : null
  }

  create(parent: BlobItem, name: string, isFolder: boolean): BlobItem {
    if (isFolder) return folder(parent, name)
    return enter<Outgoing>({ parent, name, modified: Date.now(), children: null, length: 0, pages: [] })
  }

  move(item: BlobItem, parent: BlobItem, name: string): void {
    item.parent!.children!.delete(item.name)
    Object.assign(item, { parent, name })
    enter(item)
  }

  remove(item: BlobItem): void { item.parent!.children!.delete(item.name) }

  size(file: BlobItem): number { return (file as Outgoing).length }

  read(item: BlobItem, target: Uint8Array, at: number): number {
    const file = item as Outgoing
    const length = Math.max(0, Math.min(target.length, file.length - at))
    for (const [index, from, to, done] of pieces(at, length)) target.set(pageOf(file, index).subarray(from, to), done)
    return length
  }

  write(item: BlobItem, source: Uint8Array, at: number): void {
    const file = item as Outgoing
    this.grow(file, at + source.length)
    for (const [index, from, to, done] of pieces(at, source.length)) pageOf(file, index).set(source.subarray(done, done + to - from), from)
  }

  resize(item: BlobItem, size: number): void {
    const file = item as Outgoing
    this.grow(file, size)
    if (size === file.length) return
    const last = Math.ceil(size / pageSize)
    file.pages.length = last
    file.length = size
    if (size % pageSize > 0) file.pages[last - 1] = pageOf(file, last - 1).slice(0, size % pageSize)
  }

  /** Every page but the last is whole. */
  private grow(file: Outgoing, size: number): void {
    while (file.length < size) {
      const start = Math.floor(file.length / pageSize) * pageSize
      const page = new Uint8Array(Math.min(pageSize, size - start))
      if (file.length > start) page.set(pageOf(file, start / pageSize))
      file.pages[start / pageSize] = page
      file.length = start + page.length
      handOver(file, start / pageSize)
    }
  }
}

/** A page to work in. */
function pageOf(file: Outgoing, index: number): Uint8Array<ArrayBuffer> {
  const page = file.pages[index]!
  if (!(page instanceof Blob)) return page
  const bytes = bytesOf(page)
  file.pages[index] = bytes
  handOver(file, index)
  return bytes
}

/** Gives pages to the browser, but for the one in use and a few others. */
function handOver(file: Outgoing, used: number): void {
  const inMemory = file.pages.flatMap((page, i) => page instanceof Blob || i === used ? [] : [i])
  for (const index of inMemory.slice(0, Math.max(0, inMemory.length - pagesInMemory))) file.pages[index] = new Blob([file.pages[index]!])
}

/** The pages that bytes [at, at + length) touch: which, from where to where in it, and after how many bytes. */
function* pieces(at: number, length: number): Generator<[index: number, from: number, to: number, done: number]> {
  for (let done = 0; done < length;) {
    const index = Math.floor((at + done) / pageSize)
    const from = at + done - index * pageSize
    const to = Math.min(pageSize, from + length - done)
    yield [index, from, to, done]
    done += to - from
  }
}
