import { visible } from '../parts/visible'

/** A file name that a file system takes: what somebody else wrote has no separators, and does not begin with a dot. */
export const fileName = (name: string): string => visible(name).replace(/[/\\:*?"<>|]/g, '_').replace(/^[.\s]+/, '').slice(0, 200).trim() || 'record'

export function download(blob: Blob, name: string): void {
  // As bytes, whatever its type says: the browser saves it and shows nothing of it.
  const url = URL.createObjectURL(new Blob([blob], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = fileName(name)
  link.click()
  window.setTimeout(() => { URL.revokeObjectURL(url) }, 60_000)
}
