import { element } from './dom'

// Markup of a record as elements of our own making: known ones only, with known attributes only. Nothing of the source's own tree is shown.

const kept: Record<string, keyof HTMLElementTagNameMap> = {
  p: 'p', br: 'br', hr: 'hr', div: 'div', section: 'div', article: 'div', main: 'div', header: 'div', footer: 'div', aside: 'div', address: 'div', center: 'div', figure: 'div',
  span: 'span', b: 'strong', strong: 'strong', i: 'em', em: 'em', u: 'span', s: 's', del: 's', sub: 'sub', sup: 'sup', small: 'small', code: 'code', pre: 'pre', blockquote: 'blockquote', q: 'q',
  h1: 'h3', h2: 'h3', h3: 'h4', h4: 'h5', h5: 'h6', h6: 'h6', ul: 'ul', ol: 'ol', li: 'li', dl: 'dl', dt: 'dt', dd: 'dd',
  table: 'table', caption: 'caption', thead: 'thead', tbody: 'tbody', tfoot: 'tfoot', tr: 'tr', td: 'td', th: 'th', font: 'span', label: 'span', a: 'span', abbr: 'span', time: 'span', figcaption: 'p',
}

/** The narrative block of CDA (CDA R2, 4.3.5). */
const narrative: Record<string, keyof HTMLElementTagNameMap> = {
  content: 'span', linkhtml: 'span', paragraph: 'p', list: 'ul', item: 'li', caption: 'p', footnote: 'div', footnoteref: 'sup', renderMultiMedia: 'span',
}

/** Left out with all that is in them. */
const silent = new Set(['script', 'style', 'noscript', 'template', 'iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'svg', 'math', 'head', 'title', 'select', 'textarea', 'video',
  'audio', 'canvas'])

const maxElements = 50_000
const maxDepth = 60

/** Copies what is under `source` into `into`; false when it was too much and was cut. */
export function copySafely(source: Node, into: Node, cda: boolean): boolean {
  let left = maxElements
  const copy = (from: Node, to: Node, depth: number): void => {
    for (let child = from.firstChild; child && left > 0; child = child.nextSibling) {
      if (child.nodeType === Node.TEXT_NODE || child.nodeType === Node.CDATA_SECTION_NODE) {
        left--
        to.appendChild(document.createTextNode(child.nodeValue ?? ''))
      } else if (child.nodeType === Node.ELEMENT_NODE) {
        const name = (child as Element).localName.toLowerCase()
        if (silent.has(name)) continue
        left--
        const tag = cda ? inCda(name, child as Element) : kept[name]
        if (!tag || depth > maxDepth) { copy(child, to, depth + 1); continue }
        const made = element(tag)
        attributes(child as Element, made)
        if (tag === 'table') to.appendChild(element('div', { class: 'scroll', tabindex: 0 }, made))
        else to.appendChild(made)
        copy(child, made, depth + 1)
      }
    }
  }
  copy(source, into, 0)
  return left > 0
}

function inCda(name: string, source: Element): keyof HTMLElementTagNameMap | undefined {
  if (name === 'list') return source.getAttribute('listType') === 'ordered' ? 'ol' : 'ul'
  if (name === 'caption') return source.parentElement?.localName === 'table' ? 'caption' : 'p'
  return narrative[name] ?? kept[name]
}

function attributes(source: Element, made: HTMLElement): void {
  for (const name of ['colspan', 'rowspan']) {
    const value = Number(source.getAttribute(name))
    if (Number.isInteger(value) && value > 1 && value <= 1000) made.setAttribute(name, String(value))
  }
  const direction = source.getAttribute('dir')
  if (direction === 'rtl' || direction === 'ltr') made.dir = direction
  if (made.localName === 'th') made.setAttribute('scope', source.parentElement?.parentElement?.localName === 'thead' ? 'col' : 'row')
  // CDA: styleCode says how a piece is to look.
  if (/\bbold\b/i.test(source.getAttribute('styleCode') ?? '')) made.classList.add('bold')
}
