import type { ResourceEntry } from '../../core/api'
import { isFields, parseExactly, resourcesOf, type Fields } from './json'

/** A resource to show: there already, or read from its place when it is opened. */
export interface Item { type: string, id: string | null, title: string | null, date: string | null, bytes: number, resource: Fields | null, load: () => Promise<Fields | null> }

/** Up to here a record is parsed whole; of a larger one, each resource when it is opened. */
const wholeLimit = 32_000_000

export async function loadResources(blob: Blob, entries: ResourceEntry[]): Promise<Item[]> {
  const listed = entries.filter(entry => entry.type !== '' && entry.bytes > 0 && entry.offset + entry.bytes <= blob.size)
  if (blob.size > wholeLimit) return listed.map(entry => laterItem(blob, entry))
  if (listed.length > 0) {
    const bytes = new Uint8Array(await blob.arrayBuffer())
    const decoder = new TextDecoder()
    return listed.map(entry => {
      const resource = one(decoder.decode(bytes.subarray(entry.offset, entry.offset + entry.bytes)))
      return { ...entry, resource, load: () => Promise.resolve(resource) }
    })
  }
  return resourcesOf(await blob.text()).map(resource => ({
    type: String(resource.resourceType), id: typeof resource.id === 'string' ? resource.id : null, title: null, date: null, bytes: 0, resource, load: () => Promise.resolve(resource),
  }))
}

/** The resources of a record as one Bundle, each byte for byte; the blob of the record is not copied. */
export function bundleOf(blob: Blob, entries: ResourceEntry[]): Blob {
  const parts: BlobPart[] = ['{"resourceType":"Bundle","type":"collection","entry":[']
  for (const [at, { offset, bytes }] of entries.filter(entry => entry.bytes > 0).entries()) parts.push(at > 0 ? ',\n{"resource":' : '\n{"resource":', blob.slice(offset, offset + bytes), '}')
  return new Blob([...parts, '\n]}\n'])
}

const laterItem = (blob: Blob, entry: ResourceEntry): Item => ({ ...entry, resource: null, load: async () => one(await blob.slice(entry.offset, entry.offset + entry.bytes).text()) })

function one(text: string): Fields | null {
  try {
    const value = parseExactly(text)
    if (!isFields(value)) return null
    return isFields(value.resource) ? value.resource : value
  } catch {
    return null
  }
}
