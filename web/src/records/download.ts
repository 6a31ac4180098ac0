import { fileName } from './fileName'

export function download(blob: Blob, name: string): void {
  // As bytes, whatever its type says: the browser saves it and shows nothing of it.
  const url = URL.createObjectURL(new Blob([blob], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = fileName(name)
  link.click()
  window.setTimeout(() => { URL.revokeObjectURL(url) }, 60_000)
}
