import { element, note } from './dom'
import type { View } from './main'

const shownBytes = 1_000_000

/** Text as text: HL7 v2 with a line for each segment, everything else as it is. */
export async function showText({ content, name, root, text, bytes }: View): Promise<void> {
  const cut = content.size > shownBytes
  const start = new Uint8Array(await content.slice(0, shownBytes).arrayBuffer())
  const decoded = decode(start)
  const lines = /^MSH\|/.test(decoded) ? decoded.replace(/\r\n?/g, '\n') : pretty(decoded, name, cut)
  if (cut) root.append(note(text.cutText(bytes(shownBytes))))
  root.append(element('pre', { tabindex: 0, class: 'text', dir: 'auto' }, lines))
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

function pretty(text: string, name: string, cut: boolean): string {
  if (cut || !/\.json$/i.test(name)) return text
  try {
    // Parsing would round numbers such as 1.10: only what comes back unchanged is laid out anew.
    const value: unknown = JSON.parse(text)
    return JSON.stringify(value) === text.trim() ? JSON.stringify(value, null, 2) : text
  } catch {
    return text
  }
}
