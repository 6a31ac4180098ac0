import { cdaDate } from './cdaDate'
import { element, note } from './dom'
import type { View } from './main'
import { copySafely } from './safe'

// C-CDA: header in few lines, then the sections with their narrative. No style sheet of the document is run.

const maxBytes = 30_000_000
const hl7 = 'urn:hl7-org:v3'

export async function showCda({ content, root, text, date, bytes, fail }: View): Promise<void> {
  if (content.size > maxBytes) { fail('tooLarge'); return }
  const source = new DOMParser().parseFromString(await content.text(), 'application/xml')
  const document = source.documentElement
  if (document.localName !== 'ClinicalDocument' || source.getElementsByTagName('parsererror').length > 0) { fail('damaged'); return }
  const page = element('div', { class: 'document', dir: 'auto' })
  root.append(page)
  page.append(element('h2', {}, textOf(child(document, 'title')) || codeName(child(document, 'code')) || text.untitled))
  page.append(header(document, text, date))
  const body = child(document, 'component')
  const sections = body ? children(child(body, 'structuredBody') ?? body, 'component').map(part => child(part, 'section')).filter(section => section !== null) : []
  for (const section of sections) addSection(section, page, text, 3)
  const embedded = [...document.getElementsByTagNameNS(hl7, 'nonXMLBody'), ...document.getElementsByTagNameNS(hl7, 'observationMedia')]
  for (const media of embedded) {
    const data = media.getElementsByTagNameNS(hl7, media.localName === 'nonXMLBody' ? 'text' : 'value')[0]
    if (data) await addEmbedded(data, page, text, bytes)
  }
  if (sections.length === 0 && embedded.length === 0) page.append(note(text.noSections))
}

const children = (parent: Element, name: string): Element[] => [...parent.children].filter(one => one.localName === name)
const child = (parent: Element | null, ...names: string[]): Element | null =>
  names.reduce<Element | null>((at, name) => (at ? children(at, name)[0] ?? null : null), parent)
const textOf = (from: Element | null): string => (from?.textContent ?? '').replace(/\s+/g, ' ').trim()
const codeName = (code: Element | null): string => code?.getAttribute('displayName') ?? ''

function person(name: Element | null): string {
  if (!name) return ''
  const parts = [...name.children].filter(part => ['prefix', 'given', 'family', 'suffix'].includes(part.localName)).map(textOf)
  return parts.length ? parts.filter(Boolean).join(' ') : textOf(name)
}

function header(document: Element, text: View['text'], date: View['date']): HTMLElement {
  const list = element('dl', { class: 'facts' })
  const add = (term: string, value: string) => { if (value) list.append(element('dt', {}, term), element('dd', {}, value)) }
  const patient = child(document, 'recordTarget', 'patientRole', 'patient')
  const born = cdaDate(child(patient, 'birthTime')?.getAttribute('value') ?? '')
  const name = person(child(patient, 'name'))
  add(text.documentOf, born ? `${name}, ${text.born} ${date(born)}` : name)
  const made = cdaDate(child(document, 'effectiveTime')?.getAttribute('value') ?? '')
  add(text.dated, made ? date(made) : '')
  const authors = children(document, 'author').map(author => child(author, 'assignedAuthor'))
    .map(author => person(child(author, 'assignedPerson', 'name')) || textOf(child(author, 'assignedAuthoringDevice', 'softwareName')) || textOf(child(author, 'representedOrganization', 'name')))
  add(text.authors, [...new Set(authors.filter(Boolean))].join(', '))
  add(text.custodian, textOf(child(document, 'custodian', 'assignedCustodian', 'representedCustodianOrganization', 'name')))
  return list
}

function addSection(section: Element, page: HTMLElement, text: View['text'], level: number): void {
  const tag = (['h3', 'h4', 'h5', 'h6'] as const)[Math.min(3, level - 3)]!
  page.append(element(tag, {}, textOf(child(section, 'title')) || codeName(child(section, 'code')) || text.untitled))
  const narrative = child(section, 'text')
  const box = element('div', { class: 'section' })
  if (narrative) copySafely(narrative, box, true)
  page.append(box)
  for (const part of children(section, 'component').slice(0, 200)) {
    const inner = child(part, 'section')
    if (inner && level < 20) addSection(inner, page, text, level + 1)
  }
}

async function addEmbedded(data: Element, page: HTMLElement, text: View['text'], bytes: View['bytes']): Promise<void> {
  const type = data.getAttribute('mediaType') ?? 'application/octet-stream'
  if (data.getAttribute('representation') !== 'B64') {
    page.append(element('pre', { class: 'text', tabindex: 0 }, data.textContent ?? ''))
    return
  }
  let decoded: Uint8Array<ArrayBuffer>
  try {
    decoded = Uint8Array.from(atob((data.textContent ?? '').replace(/\s+/g, '')), letter => letter.charCodeAt(0))
  } catch {
    return
  }
  page.append(note(text.saveEmbedded(type, bytes(decoded.length))))
  if (type === 'application/pdf') {
    const { showPdf } = await import('./pdf')
    const place = element('div')
    page.append(place)
    await showPdf({ content: new Blob([decoded]), root: place, text, fail: () => { place.replaceChildren(note(text.damaged)) } })
  }
}
