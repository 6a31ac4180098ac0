import { looksLikeFhir } from '../upload'

export interface Chosen { key: number, file: File, maybeFhir: boolean, asImport: boolean }

export interface UploadOptions { partition: string, keywords: string, findable: boolean, for: string, ownKey: boolean, key: string, /** The key that was found to keep the rules. */ goodKey: string }

export const noOptions: UploadOptions = { partition: 'personal', keywords: '', findable: false, for: '', ownKey: false, key: '', goodKey: '' }

export const readyOptions = ({ ownKey, key, goodKey }: UploadOptions): boolean => !ownKey || (key !== '' && key === goodKey)

let next = 1

/** Looks at the beginning of each file: health data is offered as an import. */
export const choose = (files: File[]): Promise<Chosen[]> => Promise.all(files.map(async file => {
  const start = /json/i.test(file.name + file.type) ? await file.slice(0, 65_536).text().catch(() => '') : ''
  const maybeFhir = looksLikeFhir(file.name, file.type, start)
  return { key: next++, file, maybeFhir, asImport: maybeFhir }
}))

const mostFiles = 2000

/** The files that were dropped, those in folders too. */
export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].map(item => (item.kind === 'file' ? item.webkitGetAsEntry() : null)).filter(entry => entry !== null)
  if (entries.length === 0) return [...transfer.files]
  const found: File[] = []
  const walk = async (entry: FileSystemEntry): Promise<void> => {
    if (found.length >= mostFiles) return
    if (entry.isFile) {
      found.push(await new Promise<File>((resolve, reject) => { (entry as FileSystemFileEntry).file(resolve, reject) }))
      return
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader()
    for (;;) {
      // A folder hands out its entries a hundred at a time.
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => { reader.readEntries(resolve, reject) })
      if (some.length === 0) return
      for (const inner of some) await walk(inner)
    }
  }
  for (const entry of entries) await walk(entry)
  return found
}
