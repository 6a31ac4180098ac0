import type { FileSystem } from '../runtime'
import { IncomingFiles, OutgoingFiles } from './blobs'
import { Disk } from './disk'
import type { Handle } from './journal'
import { mountVolume } from './mount'

const attempts = 50
const pause = 100

/** The files that outlive the page: in the browser's private file system, held by one worker at a time. */
export async function openDisk(): Promise<Disk> {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('salus', { create: true })
  const data = await openHandle(folder, 'data')
  return new Disk(data, [await openHandle(folder, 'journal-0'), await openHandle(folder, 'journal-1')])
}

/** A worker that was ended a moment ago may hold it still. */
async function openHandle(folder: FileSystemDirectoryHandle, name: string): Promise<Handle> {
  const file = await folder.getFileHandle(name, { create: true }) as FileSystemFileHandle & { createSyncAccessHandle(): Promise<Handle> }
  for (let attempt = 1; ; attempt++) {
    try {
      return await file.createSyncAccessHandle()
    } catch (problem) {
      const isHeld = problem instanceof DOMException && problem.name === 'NoModificationAllowedError'
      if (!isHeld || attempt === attempts) throw problem
      await new Promise(resolve => setTimeout(resolve, pause))
    }
  }
}

/** What .NET sees as folders. */
export class Files {
  private readonly incoming = new IncomingFiles()
  private readonly outgoing = new OutgoingFiles()
  private readonly forgetIncoming
  private readonly forgetOutgoing

  constructor(fs: FileSystem, disk: Disk) {
    mountVolume(fs, disk, '/salus')
    this.forgetIncoming = mountVolume(fs, this.incoming, '/in')
    this.forgetOutgoing = mountVolume(fs, this.outgoing, '/out')
  }

  /** Makes a file that the page handed over readable under the path that is returned. */
  add(call: number, index: number, name: string, blob: Blob): string {
    this.incoming.add(call, index, name, blob)
    return `/in/${call}/${index}/${name}`
  }

  /** The one file that a call has left for the page, if any. */
  fileOf(call: number): Blob | null { return this.outgoing.fileOf(call) }

  /** Forgets all files of a call. */
  drop(call: number): void {
    const [given, left] = [this.incoming.root.children!.get(String(call)), this.outgoing.root.children!.get(String(call))]
    if (given) this.forgetIncoming(given)
    if (left) this.forgetOutgoing(left)
  }
}
