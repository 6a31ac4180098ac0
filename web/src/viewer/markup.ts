import { element, note } from './dom'
import type { View } from './main'
import { copySafely } from './safe'

const maxBytes = 20_000_000

export async function showHtml({ content, root, text, bytes }: View): Promise<void> {
  const cut = content.size > maxBytes
  const source = new DOMParser().parseFromString(await content.slice(0, maxBytes).text(), 'text/html')
  const page = element('div', { class: 'document', dir: 'auto' })
  const whole = copySafely(source.body, page, false)
  root.append(note(text.inert))
  if (cut || !whole) root.append(note(text.cutText(bytes(Math.min(content.size, maxBytes)))))
  root.append(page)
}
