import type { FileSystem, MountType, Node, Stream } from '../runtime'
import { fault, VolumeFault, type Item, type Volume } from './volume'

interface ItemNode<T> extends Node { item: T }
interface ItemStream<T> extends Stream { node: ItemNode<T> }

const folderMode = 0o040700
const fileMode = 0o100600
const fromHere = 1
const fromEnd = 2

/** Shows a volume as the folder `point` of emscripten's file system. Returns what takes an item, and all that is in it, out of both. */
export function mountVolume<T extends Item>(fs: FileSystem, volume: Volume<T>, point: string): (item: T) => void {
  const nodes = new WeakMap<Item, ItemNode<T>>()
  const node = (item: T, parent: ItemNode<T> | null): ItemNode<T> => {
    const made = fs.createNode(parent, parent ? item.name : '/', item.children ? folderMode : fileMode, 0) as ItemNode<T>
    made.item = item
    made.node_ops = nodeOperations
    made.stream_ops = streamOperations
    nodes.set(item, made)
    return made
  }
  const destroy = (item: Item) => {
    for (const child of item.children?.values() ?? []) destroy(child)
    const made = nodes.get(item)
    if (made) fs.destroyNode(made)
  }
  /** Runs, and turns refusals into what emscripten understands. */
  const guarded = <R>(run: () => R): R => {
    try {
      return run()
    } catch (problem) {
      if (problem instanceof VolumeFault) throw new fs.ErrnoError(problem.code)
      if (problem instanceof DOMException) throw new fs.ErrnoError(problem.name === 'QuotaExceededError' ? fault.noSpace : fault.io)
      throw problem
    }
  }
  const bytes = (buffer: Int8Array, offset: number, length: number) => new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length)

  const nodeOperations = {
    getattr({ id, mode, item }: ItemNode<T>) {
      const size = item.children ? 0 : volume.size(item)
      const time = new Date(item.modified)
      return { dev: 1, ino: id, mode, nlink: 1, uid: 0, gid: 0, rdev: 0, size, atime: time, mtime: time, ctime: time, blksize: 4096, blocks: Math.ceil(size / 512) }
    },
    setattr({ item }: ItemNode<T>, { size, timestamp }: { size?: number, timestamp?: number }) {
      if (size !== undefined) guarded(() => { volume.resize(item, size) })
      if (timestamp !== undefined) item.modified = timestamp
    },
    // Nodes are made when they are first asked for.
    lookup(parent: ItemNode<T>, name: string) {
      const item = parent.item.children?.get(name)
      if (!item) throw new fs.ErrnoError(44)
      return node(item as T, parent)
    },
    mknod: (parent: ItemNode<T>, name: string, mode: number) => guarded(() => node(volume.create(parent.item, name, fs.isDir(mode)), parent)),
    rename(moved: ItemNode<T>, folder: ItemNode<T>, name: string) {
      const replaced = folder.item.children?.get(name)
      if (replaced?.children?.size) throw new fs.ErrnoError(fault.notEmpty)
      // Emscripten would go on finding the node of what is replaced.
      if (replaced) destroy(replaced)
      guarded(() => { volume.move(moved.item, folder.item, name) })
      moved.name = name
      moved.parent = folder
    },
    unlink(parent: ItemNode<T>, name: string) {
      guarded(() => { volume.remove(parent.item.children!.get(name) as T) })
    },
    rmdir(parent: ItemNode<T>, name: string) {
      const folder = parent.item.children!.get(name) as T
      if (folder.children?.size) throw new fs.ErrnoError(fault.notEmpty)
      guarded(() => { volume.remove(folder) })
    },
    readdir: ({ item }: ItemNode<T>) => ['.', '..', ...item.children!.keys()],
  }

  const streamOperations = {
    open({ node: { item } }: ItemStream<T>) { if (!item.children) volume.opened(item) },
    close({ node: { item } }: ItemStream<T>) { if (!item.children) guarded(() => { volume.closed(item) }) },
    llseek(stream: ItemStream<T>, offset: number, whence: number) {
      const { item } = stream.node
      const position = offset + (whence === fromHere ? stream.position : whence === fromEnd && !item.children ? volume.size(item) : 0)
      if (position < 0) throw new fs.ErrnoError(28)
      return position
    },
    read: ({ node: { item } }: ItemStream<T>, buffer: Int8Array, offset: number, length: number, position: number) =>
      guarded(() => volume.read(item, bytes(buffer, offset, length), position)),
    write({ node: { item } }: ItemStream<T>, buffer: Int8Array, offset: number, length: number, position: number) {
      guarded(() => { volume.write(item, bytes(buffer, offset, length), position) })
      item.modified = Date.now()
      return length
    },
    fsync({ node: { item } }: ItemStream<T>) {
      if (!item.children) guarded(() => { volume.flush(item) })
      return 0
    },
  }

  const type: MountType = { mount: () => node(volume.root, null) }
  fs.mkdirTree(point)
  fs.mount(type, {}, point)
  return item => {
    destroy(item)
    item.parent?.children?.delete(item.name)
  }
}
