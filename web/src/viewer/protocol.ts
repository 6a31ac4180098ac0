// What the page and the viewer of content tell each other, over one MessageChannel. The page believes nothing of it but sizes.

export interface Show {
  content: Blob
  mediaType: string
  name: string
  theme: 'light' | 'dark'
  language: string
}

/** Page to viewer: the first message carries the port, the others come through it. */
export type ToViewer = { show: Show } | { theme: 'light' | 'dark' }

export const failures = ['damaged', 'coding', 'unsupported', 'tooLarge'] as const
export type ViewerFailure = (typeof failures)[number]

export type FromViewer = { height: number } | { shown: true } | { failure: ViewerFailure }

const maxHeight = 20_000

/** Null for anything but these messages: what the bytes of a record may have made of the viewer says nothing else. */
export function readAnswer(data: unknown): FromViewer | null {
  if (typeof data !== 'object' || data === null) return null
  const { height, shown, failure } = data as Record<string, unknown>
  if (typeof height === 'number' && Number.isFinite(height)) return { height: Math.max(0, Math.min(maxHeight, Math.ceil(height))) }
  if (shown === true) return { shown: true }
  const known = failures.find(name => name === failure)
  return known ? { failure: known } : null
}
