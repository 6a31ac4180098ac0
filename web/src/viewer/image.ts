import { button, element, note } from './dom'
import type { View } from './main'

/** A picture, and SVG as a picture: in an image element it runs no script and loads nothing. */
export async function showImage({ content, name, root, text, fail }: View, svg: boolean): Promise<void> {
  const picture = element('img', { alt: `${text.picture}: ${name}`, class: 'fitted' })
  picture.src = URL.createObjectURL(new Blob([content], { type: svg ? 'image/svg+xml' : '' }))
  try {
    await picture.decode()
  } catch {
    fail('damaged')
    return
  }
  const stage = element('div', { class: 'stage', tabindex: 0, role: 'group', 'aria-label': name }, picture)
  const size = button(text.actualSize, () => {
    const fitted = picture.classList.toggle('fitted')
    size.textContent = fitted ? text.actualSize : text.fit
  })
  if (svg) root.append(note(text.inert))
  root.append(element('div', { class: 'tools' }, size), stage)
}
